"""What the clock of a preview asks for, without a server."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import pytest

from maild.domain.case import Case, Clock, ClockState, Event, State
from maild.domain.letter import LetterKind
from maild.workflow.facts import Facts
from maild.workflow.lapsed import ASKED, LASTS, clock_for, lapsed
from maild.workflow.office import Office
from maild.workflow.plan import Key, Plan
from maild.workflow.wouldleave import RELEASED, WITHHELD, Asked, as_data
from tests.domain.test_retention import CASE, CLOSED

REQUEST = "mail route he@corp.example"
RUNS = replace(CASE, state=State.IN_PROGRESS, closed_at=None, confidential=True)
DUE = CLOSED + LASTS
ASKS = Event(kind=ASKED, at=CLOSED, actor="maild", data={"request": REQUEST, "to": [], "holder": ""})


@dataclass
class Few:
    """Facts of one case."""

    own: Case | None
    happened: tuple[Event, ...]
    previews: tuple[Key, ...] = ()

    def case(self, number: str) -> Case | None:
        """The case, under its number."""
        return self.own if self.own and self.own.number == number else None

    def events(self, _number: str) -> Sequence[Event]:
        """Its events."""
        return self.happened

    def keys(self, _number: str) -> Sequence[Key]:
        """Its keys."""
        return self.previews


@dataclass
class Now:
    """An office of which only the time is asked."""

    now: object


def looked_at(facts: Few) -> tuple[Clock, Plan]:
    """The clock as it is after a look when it is due, and the whole plan."""
    plan = lapsed(clock_for(RUNS.number, REQUEST, CLOSED), cast("Office", Now(DUE)), cast("Facts", facts))
    return plan.clocks[0], plan


@pytest.mark.parametrize(
    ("case", "happened", "state"),
    [
        (None, (ASKS,), ClockState.DROPPED),
        (CASE, (ASKS,), ClockState.DROPPED),
        (RUNS, (), ClockState.DROPPED),
        (RUNS, (ASKS, Event(kind=RELEASED, at=CLOSED, actor="", data={"request": REQUEST})), ClockState.MET),
        (RUNS, (ASKS, Event(kind=WITHHELD, at=CLOSED, actor="", data={"request": REQUEST})), ClockState.MET),
    ],
    ids=["no case", "closed", "erased", "released", "withheld"],
)
def test_what_is_over_is_told_to_nobody(case: Case | None, happened: tuple[Event, ...], state: ClockState) -> None:
    """Released, withheld, closed, erased or gone: the clock ends, and nothing is written."""
    clock, plan = looked_at(Few(case, happened))

    assert (state, None, ()) == (clock.state, clock.next_at, (*plan.letters, *plan.happenings))


def test_the_clock_waits_for_the_last_preview() -> None:
    """A key of the same request that lasts longer moves it; one of another request does not."""

    def preview(request: str, hours: int) -> Key:
        asked = Asked(request=request, verb="route", to=(), by="", mails=())
        return Key(number=RUNS.number, recipient="", purpose=LetterKind.SEAL_PREVIEW.value, role="staff",
                   expires=DUE + timedelta(hours=hours), data={"release": as_data(asked)})  # fmt: skip

    clock, plan = looked_at(Few(RUNS, (ASKS,), (preview(REQUEST, 2), preview("another", 9))))

    assert (ClockState.OPEN, DUE + timedelta(hours=2), ()) == (clock.state, clock.next_at, plan.happenings)
