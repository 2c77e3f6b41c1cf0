"""The ladder: who hears of a clock, and when."""

from dataclasses import replace

import pytest

from maild.domain.case import Clock, ClockKind, ClockState
from maild.domain.deadlines import Post
from maild.domain.ladder import not_before
from maild.domain.sla import SILENT
from tests.domain.office import (
    COORDINATOR,
    DEADLINES,
    GM,
    HR,
    LOGISTICS,
    MARKETING_DEPUTY,
    PRODUCTION_DEPUTY,
    SALES,
    case,
    clock,
    index,
    look,
    member,
    told,
)
from tests.domain.times import CALENDAR, at, local

BODY = list(index().directory.supervisory_body)


def test_nothing_before_its_time() -> None:
    """A clock that is looked at too early stays as it is."""
    one = clock(case())

    assert look(one, case(), "2026-11-23 11:59").clock == one


def test_a_reminder_is_no_rung() -> None:
    """The handler alone is reminded, once, and the next look is the deadline."""
    decision = look(clock(case()), case(), "2026-11-23 12:00")
    again = look(decision.clock, case(), "2026-11-23 12:05")

    assert (told(decision), decision.reminds, decision.clock.rung) == ([LOGISTICS], True, 0)
    assert decision.clock.next_at == decision.clock.due
    assert told(again) == []


def test_at_the_deadline() -> None:
    """At the deadline handler, head and coordinator hear."""
    clerk = member("logistics")
    of = case(handler=clerk)
    decision = look(clock(of, reminded=True), of, "2026-11-23 15:30")

    assert [(one.person, one.post) for one in decision.told] == [
        (clerk, Post.HANDLER),
        (LOGISTICS, Post.HEAD),
        (COORDINATOR, Post.COORDINATOR),
    ]
    assert (decision.overdue, decision.supervisors, decision.clock.rung) == (True, (), 1)
    assert decision.clock.next_at is not None
    assert local(decision.clock.next_at) == "2026-11-24 15:30"


def test_one_superior_a_working_day() -> None:
    """Each working day later the next superior hears and becomes supervisor, the coordinator in copy, the gm last."""
    of = case("2026-11-26 10:00", urgency="high", handler=member("logistics"))
    one = clock(of, reminded=True)
    rungs = []
    for now in ("2026-11-26 12:00", "2026-11-27 12:00", "2026-11-30 12:00"):
        decision = look(one, of, now)
        rungs.append((told(decision), decision.supervisors))
        one = decision.clock

    assert rungs[0] == ([of.handler, LOGISTICS, COORDINATOR], ())
    assert rungs[1:] == [
        ([PRODUCTION_DEPUTY, COORDINATOR], (PRODUCTION_DEPUTY,)),
        ([GM, COORDINATOR], (GM,)),
    ]


@pytest.mark.parametrize(("urgency", "weekly"), [("low", True), ("normal", True), ("high", False)])
def test_the_gm_reads_it_weekly(urgency: str, weekly: bool) -> None:
    """For normal and low the gm hears in the weekly digest only, and is no supervisor by it."""
    of = case(urgency=urgency)
    decision = look(clock(of, rung=2, reminded=True, next_at=at("2026-11-25 18:00")), of, "2026-11-25 18:00")

    assert [(one.person, one.weekly) for one in decision.told if one.post is Post.SUPERIOR] == [(GM, weekly)]
    assert decision.supervisors == (() if weekly else (GM,))


def test_after_a_week_without_power() -> None:
    """Whoever many rungs were missed climbs to the one that is due now, and each person is told once."""
    of = case(urgency="high", handler=member("logistics"))
    decision = look(clock(of), of, "2026-11-25 12:30")

    assert told(decision) == [of.handler, LOGISTICS, COORDINATOR, PRODUCTION_DEPUTY, GM]
    assert decision.clock.rung == 3
    assert told(look(decision.clock, of, "2026-11-25 12:31")) == []


def test_the_ladder_does_not_end() -> None:
    """Behind the last rung handler, head and coordinator hear again every five working days."""
    of = case(urgency="high")
    one = look(clock(of), of, "2026-11-27 18:00").clock
    assert one.next_at is not None
    decision = look(one, of, "2026-12-02 14:00")

    assert local(one.next_at) == "2026-12-02 12:00"
    assert told(decision) == [LOGISTICS, COORDINATOR]


def test_unrelayed_goes_to_superior_and_coordinator_at_once() -> None:
    """The first rung of an unrelayed directive is superior and coordinator (P3.5.1)."""
    of = case("2026-11-23 08:32", type="directive", unit="gm-office", handler=COORDINATOR)
    one = clock(of, ClockKind.RELAY, subject=SALES)

    assert told(look(one, of, "2026-11-23 16:00")) == [SALES]
    assert told(look(replace(one, reminded=True), of, "2026-11-23 18:00")) == [MARKETING_DEPUTY, COORDINATOR]


@pytest.mark.parametrize("kind", ["staff-complaint", "staff-report"])
def test_confidential_rungs(kind: str) -> None:
    """Of a confidential case only hr, gm-office, gm and the supervisory body ever hear."""
    of = case("2026-11-23 09:00", type=kind, confidential=True, unit="hr", handler=HR)
    one, heard = clock(of), []
    for now in ("2026-11-24 18:00", "2026-11-25 18:00", "2026-11-26 18:00", "2026-11-27 18:00"):
        decision = look(replace(one, reminded=True), of, now)
        heard.append(told(decision))
        one = decision.clock

    offices = {person.address for role in ("hr", "gm-office") for person in index().with_role(role)}
    assert heard[0][0] == HR
    assert {person for rung in heard[:2] for person in rung} <= offices
    assert heard[2:] == [[GM], BODY]


def test_retaliation_that_the_gm_does_not_accept() -> None:
    """Retaliation that the gm has not accepted in time goes to the supervisory body; no coordinator hears."""
    of = case(type="retaliation", confidential=True, unit="gm", handler=GM)
    decision = look(clock(of, reminded=True), of, "2026-11-23 15:30")

    assert told(decision) == [GM, *BODY]


@pytest.mark.parametrize(
    ("excluded", "heard"),
    [
        ((LOGISTICS,), [COORDINATOR]),
        ((COORDINATOR,), [LOGISTICS]),
        ((LOGISTICS, COORDINATOR), [PRODUCTION_DEPUTY]),
    ],
)
def test_conflict_of_interest_at_each_rung(excluded: tuple[str, ...], heard: list[str]) -> None:
    """Whom the case excludes is never told; a rung without anybody gives way to the next one."""
    of = case(urgency="high", handler=LOGISTICS, excluded=excluded)

    assert told(look(clock(of, reminded=True), of, "2026-11-23 12:00")) == heard


def test_an_excluded_superior_is_skipped() -> None:
    """A superior of whom the case complains is passed over for the one above."""
    of = case(urgency="high", excluded=(PRODUCTION_DEPUTY,))
    decision = look(clock(of, rung=1, next_at=at("2026-11-24 12:00")), of, "2026-11-24 12:00")

    assert told(decision) == [GM, COORDINATOR]


def test_nobody_is_left() -> None:
    """Where everybody is excluded nobody hears, and the clock is looked at again later."""
    people = tuple(a for person in index().directory.people for a in person.addresses)
    decision = look(clock(case(excluded=people)), case(excluded=people), "2026-11-24 12:00")

    assert told(decision) == []
    assert decision.clock.next_at is not None
    assert decision.clock.next_at > at("2026-11-24 12:00")


def test_critical_climbs_every_15_minutes() -> None:
    """A critical case climbs at night too, one rung each 15 minutes from the start, until somebody accepts."""
    of = case("2026-11-28 23:00", urgency="critical")
    one, heard = clock(of), []
    for now in ("2026-11-28 23:15", "2026-11-28 23:30", "2026-11-28 23:45", "2026-11-29 00:45"):
        decision = look(one, of, now)
        heard.append(told(decision))
        one = decision.clock

    assert heard == [
        [LOGISTICS, COORDINATOR],
        [PRODUCTION_DEPUTY, COORDINATOR],
        [GM, COORDINATOR],
        [LOGISTICS, COORDINATOR],
    ]


def test_triage_is_the_coordinators() -> None:
    """The clock of the unclassified reminds the coordinator, then tells who stands above."""
    of = case(type="unclassified", unit=None, handler=None, urgency="high")
    one = clock(of, ClockKind.TRIAGE)

    assert told(look(one, of, "2026-11-23 11:45")) == [COORDINATOR]
    late = look(replace(one, reminded=True), of, "2026-11-23 12:00")
    assert told(late) == [COORDINATOR]
    assert told(look(late.clock, of, "2026-11-24 12:00")) == [GM, COORDINATOR]


@pytest.mark.parametrize(
    ("now", "urgency", "free"),
    [
        ("2026-11-23 12:00", "normal", "2026-11-23 12:00"),
        ("2026-11-23 20:00", "high", "2026-11-24 08:00"),
        ("2026-11-24 07:59", "normal", "2026-11-24 08:00"),
        ("2026-11-27 21:00", "high", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "low", "2026-11-30 08:00"),
        ("2026-10-10 12:00", "normal", "2026-10-10 12:00"),
        ("2026-11-28 03:00", "critical", "2026-11-28 03:00"),
    ],
)
def test_quiet_hours(now: str, urgency: str, free: str) -> None:
    """Nights and days off are quiet for everything but critical; a make-up Saturday is a working day."""
    assert local(not_before(at(now), urgency, DEADLINES.quiet, CALENDAR)) == free


def test_quiet_hours_hold_an_escalation() -> None:
    """An escalation that falls into the night waits for the morning, then tells everybody."""
    of = case("2026-11-27 10:00")
    held = look(clock(of), of, "2026-11-28 10:00")

    assert (told(held), local(held.clock.next_at) if held.clock.next_at else "") == ([], "2026-11-30 08:00")
    assert told(look(held.clock, of, "2026-11-30 08:00")) == [LOGISTICS, COORDINATOR]


def test_an_idle_case() -> None:
    """Five working days without an event made by a person are told, every five days, and climb no rung."""
    of = case()
    one = Clock(
        case=of.number, kind=ClockKind.IDLE, start=of.received, due=at("2026-11-30 18:00"),
        next_at=at("2026-11-30 18:00"), length="5 working days",
    )  # fmt: skip
    first = look(one, of, "2026-11-30 18:00")
    second = look(first.clock, of, "2026-12-07 18:00")

    assert told(first) == told(second) == [LOGISTICS, COORDINATOR]


def test_an_event_of_a_person_ends_idleness() -> None:
    """The idle clock counts from the last event of a person, without being touched at each of them."""
    of = case(last_human_event=at("2026-11-26 09:00"))
    one = Clock(
        case=of.number, kind=ClockKind.IDLE, start=of.received, due=at("2026-11-30 18:00"),
        next_at=at("2026-11-30 18:00"), length="5 working days",
    )  # fmt: skip
    decision = look(one, of, "2026-11-30 18:00")

    assert told(decision) == []
    assert decision.clock.next_at == decision.clock.due == at("2026-12-03 18:00")


def test_overdue_by_its_own_length_moves_the_case() -> None:
    """A resolve clock overdue by its own length moves the case to the superior, whose clocks begin."""
    of = case("2026-11-02 10:00")
    one = clock(of, ClockKind.RESOLVE, rung=3, reminded=True, next_at=at("2026-12-02 10:00"))
    decision = look(one, of, "2026-12-02 10:00")

    assert decision.move_to == PRODUCTION_DEPUTY
    assert (decision.clock.state, decision.clock.next_at) == (ClockState.MISSED, None)
    assert {new.kind for new in decision.started} == {ClockKind.ACCEPT, ClockKind.RESOLVE}


def test_the_handler_stays_the_handler() -> None:
    """No other clock and no rung moves a case."""
    of = case()
    decisions = [
        look(clock(of, kind), of, now)
        for kind in (ClockKind.ACCEPT, ClockKind.FIRST_ANSWER)
        for now in ("2026-11-30 12:00", "2026-12-30 12:00")
    ]

    assert [decision.move_to for decision in decisions] == [None] * 4


def test_silent_rungs() -> None:
    """A silent clock climbs no more; handler, head and coordinator hear of it every five working days."""
    of = case()
    decision = look(
        clock(of, ClockKind.FIRST_ANSWER, rung=SILENT, next_at=at("2026-12-08 10:00")), of, "2026-12-08 10:00"
    )

    assert told(decision) == [LOGISTICS, COORDINATOR]
    assert decision.clock.rung == SILENT
    assert decision.clock.next_at == at("2026-12-15 10:00")


@pytest.mark.parametrize("changes", [{"state": ClockState.MET}, {"next_at": None}])
def test_a_clock_that_does_not_run_says_nothing(changes: dict[str, object]) -> None:
    """A clock that ended or is paused tells nobody."""
    assert told(look(replace(clock(case()), **changes), case(), "2026-12-30 12:00")) == []  # type: ignore[arg-type]
