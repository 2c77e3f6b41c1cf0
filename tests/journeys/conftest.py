"""What the journeys share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.casework import Casework
from tests.journeys.desk import open_desk


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint with the logistics department, words leaving at once."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open()
        yield made
