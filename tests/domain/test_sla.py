"""The clocks of a case."""

from dataclasses import replace
from datetime import date

import pytest

from maild.domain.case import Case, Clock, ClockKind, ClockState
from maild.domain.sla import (
    MEETS,
    OWN_DATE,
    SILENT,
    answer_clock,
    clocks_for,
    dropped,
    extended,
    met,
    recomputed,
    resumed,
    silenced,
    start_clock,
)
from maild.domain.worktime import DayKind
from tests.domain.office import DEADLINES, case, clock
from tests.domain.times import CALENDAR, at, local


def started(of: Case, text: str = "", receivers: tuple[str, ...] = ()) -> dict[str, Clock]:
    """The clocks of a new case, by kind and subject."""
    clocks = clocks_for(of, text=text, deadlines=DEADLINES, calendar=CALENDAR, receivers=receivers)
    return {one.kind + (f" {one.subject}" if one.subject else ""): one for one in clocks}


@pytest.mark.parametrize(
    ("kind", "urgency", "ends"),
    [
        (
            "customer-complaint",
            "normal",
            {
                "accept": "2026-11-23 15:30",
                "first-answer": "2026-11-26 18:00",
                "resolve": "2026-12-07 18:00",
                "idle": "2026-11-30 18:00",
            },
        ),
        (
            "customer-complaint",
            "high",
            {
                "accept": "2026-11-23 12:00",
                "first-answer": "2026-11-25 14:00",
                "resolve": "2026-11-30 18:00",
                "idle": "2026-11-30 18:00",
            },
        ),
        (
            "customer-complaint",
            "critical",
            {
                "accept": "2026-11-23 10:30",
                "first-answer": "2026-11-23 14:00",
                "resolve": "2026-11-30 18:00",
                "idle": "2026-11-30 18:00",
            },
        ),
        (
            "staff-suggestion",
            "normal",
            {
                "accept": "2026-11-24 18:00",
                "first-answer": "2026-11-30 18:00",
                "review": "2026-12-07 18:00",
                "idle": "2026-11-30 18:00",
            },
        ),
        ("unclassified", "normal", {"triage": "2026-11-23 15:30", "idle": "2026-11-30 18:00"}),
        (
            "directive",
            "normal",
            {"relay": "2026-11-23 18:00", "resolve": "2026-12-07 18:00", "idle": "2026-11-30 18:00"},
        ),
    ],
)
def test_the_clocks_of_a_new_case(kind: str, urgency: str, ends: dict[str, str]) -> None:
    """Each type starts its clocks, each urgency its lengths."""
    clocks = started(case(type=kind, urgency=urgency))

    assert {name: local(one.due) for name, one in clocks.items()} == ends


def test_first_looks() -> None:
    """A clock is looked at when its reminder is due, a critical one at the first alarm, an idle one at its end."""
    looks = {name: local(one.next_at) for name, one in started(case()).items() if one.next_at}
    critical = started(case(urgency="critical"))["accept"].next_at

    assert looks["accept"] == "2026-11-23 12:00"
    assert looks["idle"] == "2026-11-30 18:00"
    assert critical == at("2026-11-23 10:15")


def test_a_directive_for_many() -> None:
    """Each receiver of a directive has a clock of their own; the directive's own dates come first."""
    text = "【特殊】请11月25日前传达。12月2日前完成清点。"
    clocks = started(case(type="directive"), text, ("a@corp.example", "b@corp.example"))

    assert {name: local(one.due) for name, one in clocks.items() if one.kind is not ClockKind.IDLE} == {
        "relay a@corp.example": "2026-11-25 18:00",
        "relay b@corp.example": "2026-11-25 18:00",
        "resolve": "2026-12-02 18:00",
    }
    assert clocks["resolve"].length == OWN_DATE


def test_an_ordered_date() -> None:
    """A date in an order becomes the clock."""
    one = start_clock(
        case(), ClockKind.INSTRUCT, start=at("2026-11-24 09:00"), deadlines=DEADLINES, calendar=CALENDAR,
        until=at("2026-11-27 18:00"),
    )  # fmt: skip

    assert one is not None
    assert (local(one.due), one.length) == ("2026-11-27 18:00", OWN_DATE)


def test_no_clock_without_a_term() -> None:
    """A kind that the type does not have, and a plan date, start nothing."""
    suggestion = case(type="staff-suggestion")
    kinds = (ClockKind.RELAY, ClockKind.RESOLVE)

    assert [
        start_clock(suggestion, kind, start=at("2026-11-24 09:00"), deadlines=DEADLINES, calendar=CALENDAR)
        for kind in kinds
    ] == [None, None]


def test_the_requester_wrote_again() -> None:
    """The clock `answer` is as long as the first answer's and starts when the requester wrote."""
    one = answer_clock(case(), start=at("2026-11-25 09:00"), deadlines=DEADLINES, calendar=CALENDAR)

    assert one is not None
    assert (one.kind, local(one.due)) == (ClockKind.ANSWER, "2026-11-30 18:00")
    assert answer_clock(case(type="not-feedback"), start=one.start, deadlines=DEADLINES, calendar=CALENDAR) is None


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        ("accept", {"accept"}),
        ("reply", {"accept", "first-answer"}),
        ("told", {"accept", "first-answer"}),
        ("ask", {"accept"}),
        ("resolve", {"accept", "first-answer", "resolve"}),
        ("note", set()),
        ("remind", set()),
        ("closed", {"accept", "first-answer", "resolve", "idle"}),
    ],
)
def test_what_meets_which_clock(event: str, kinds: set[str]) -> None:
    """Each event ends the clocks that waited for it, and no other."""
    ended = met(started(case()).values(), event, at("2026-11-23 11:00"))

    assert {one.kind.value for one in ended} == kinds
    assert all((one.state, one.next_at) == (ClockState.MET, None) for one in ended)


def test_late_is_missed() -> None:
    """What comes after its time ends the clock as missed."""
    (one,) = met([clock(case())], "accept", at("2026-11-23 15:31"))

    assert one.state is ClockState.MISSED


def test_one_receipt_meets_one_clock() -> None:
    """A receipt ends only its own receiver's clock, and nothing ends twice."""
    clocks = started(case(type="directive"), "", ("a@corp.example", "b@corp.example"))
    ended = met(clocks.values(), "received", at("2026-11-23 11:00"), subject="b@corp.example")

    assert [one.subject for one in ended] == ["b@corp.example"]
    assert met(ended, "relayed", at("2026-11-23 12:00"), subject="b@corp.example") == ()


def test_received_and_relayed_keep_the_same_day_rule() -> None:
    """Both words satisfy P3.5.1."""
    assert all(ClockKind.RELAY in MEETS[word] for word in ("received", "relayed", "done", "studied"))


@pytest.mark.parametrize(("event", "silent"), [("ask", True), ("plan", True), ("note", False), ("remind", False)])
def test_rungs_fall_silent(event: str, silent: bool) -> None:
    """After accept, reply, ask, plan or an extension an overdue clock climbs no further for five working days."""
    late, young = clock(case(), ClockKind.RESOLVE, rung=2), clock(case("2026-12-08 09:00"))
    changed = silenced([late, young], event, at("2026-12-08 10:00"), deadlines=DEADLINES, calendar=CALENDAR)

    assert [(one.rung, local(one.next_at)) for one in changed if one.next_at] == (
        [(SILENT, "2026-12-15 10:00")] if silent else []
    )


def test_an_extension() -> None:
    """A granted extension gives a new end, a new reminder, and a ladder that begins anew."""
    late = clock(case(), ClockKind.RESOLVE, rung=3, reminded=True)
    one = extended(late, at("2026-12-11 18:00"), at("2026-12-08 09:00"), CALENDAR)

    assert (local(one.due), one.rung, one.reminded) == ("2026-12-11 18:00", 0, False)
    assert one.next_at is not None
    assert local(one.next_at) == "2026-12-10 15:30"


@pytest.mark.parametrize(
    ("since", "until", "end"),
    [
        ("2026-11-24 10:00", "2026-11-25 10:00", "2026-11-27 18:00"),
        ("2026-11-24 10:00", "2026-11-24 11:00", "2026-11-27 09:30"),
        ("2026-11-24 20:00", "2026-11-30 07:00", "2026-12-01 18:00"),
        ("2026-11-27 10:00", "2026-11-30 10:00", "2026-11-26 18:00"),
    ],
)
def test_waiting_adds_working_time(since: str, until: str, end: str) -> None:
    """After a pause as much working time is left as there was; what was overdue before stays so."""
    one = clock(case(), ClockKind.FIRST_ANSWER)

    assert local(resumed(one, at(since), at(until), CALENDAR).due) == end


def test_a_changed_calendar() -> None:
    """Open clocks are computed anew when the calendar changes; dates that somebody set stay."""
    one = clock(case(), ClockKind.FIRST_ANSWER)
    longer = replace(CALENDAR, days=_ThursdayOff())

    assert local(recomputed(one, longer).due) == "2026-11-27 18:00"
    assert recomputed(replace(one, length=OWN_DATE), longer).due == one.due
    assert recomputed(dropped(one), longer) == dropped(one)


class _ThursdayOff:
    def kind(self, day: date) -> DayKind:
        return DayKind.OFF if day == date(2026, 11, 26) else DayKind.USUAL

    def is_known(self, _day: date) -> bool:
        return True
