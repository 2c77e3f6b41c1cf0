"""What the attacks share: an installation on real servers, and a case to attack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.casework import MORNING, Casework
from tests.journeys.desk import TestDesk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:00."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


@pytest.fixture
def work(desk: TestDesk) -> Casework:
    """A complaint that the coordinator routed to logistics."""
    made = Casework(desk)
    made.open()
    return made
