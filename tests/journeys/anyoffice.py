"""What the state machines of the journeys share: one installation, opened and closed, in which no mail breaks."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.journeys.casework import Casework
from tests.journeys.desk import TestDesk, open_desk


class AnyOffice(RuleBasedStateMachine):
    """An installation of its own; `work` is what happens in it."""

    work: Casework

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp())

    def opened(self, hold: str) -> TestDesk:
        """The installation, in which words to the outside wait so long."""
        desk = self.stack.enter_context(open_desk(self.folder, hold=hold))
        self.work = Casework(desk)
        return desk

    @invariant()
    def every_mail_was_understood(self) -> None:
        """Nothing went to quarantine: no order breaks the journey of its mail."""
        assert [] == self.work.desk.rows("select reason from journal where state = 'quarantined'")

    def teardown(self) -> None:
        """Close the installation."""
        self.stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def played(examples: int) -> settings:
    """So many plays of twelve steps, the same each time."""
    return settings(
        max_examples=examples, stateful_step_count=12, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
