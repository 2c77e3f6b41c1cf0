"""The oracle's own clocks: what each type promises (casework 6), reckoned by hand, and who must have heard when.

A stretch of a clock in which nothing but time happened is looked at: there the reminder and each rung of the ladder
are known to the minute. What people did in between ends the stretch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from tests.simulation.year.almanac import Almanac, instant, local
from tests.simulation.year.oracles import Books, moment_of
from tests.simulation.year.people import SEALED
from tests.simulation.year.play import GRID

HALF_DAY = 4.0
ACCEPT: dict[str, tuple[str, int]] = {
    "operational-problem": ("hours", 4), "important-issue": ("hours", 4), "customer-complaint": ("hours", 4),
    "retaliation": ("hours", 4), "customer-suggestion": ("days", 1), "customer-opinion": ("days", 1),
    "experience-test": ("days", 1), "staff-suggestion": ("days", 1), "staff-complaint": ("days", 1),
    "staff-report": ("days", 1), "unit-dispute": ("days", 1),
}  # fmt: skip
FIRST_ANSWER = {
    "operational-problem": 1, "important-issue": 1, "customer-complaint": 3, "customer-suggestion": 5, "customer-opinion": 5,
    "experience-test": 5, "staff-suggestion": 5, "staff-complaint": 5, "staff-report": 5, "retaliation": 2, "unit-dispute": 3,
}  # fmt: skip
RESOLVE = {
    "operational-problem": 5, "important-issue": 5, "customer-complaint": 10, "customer-suggestion": 15,
    "customer-opinion": 15, "experience-test": 15, "staff-complaint": 15, "staff-report": 15, "retaliation": 10,
    "unit-dispute": 5,
}  # fmt: skip
_TIME_ALONE = {"reminded", "escalated"}
CHASED = ("accept", "first-answer", "resolve")
PATIENCE = 2 * GRID
"""A letter leaves with the pass after its time."""


def promised(almanac: Almanac, kind: str, clock: str, urgency: str, at: datetime) -> datetime | None:
    """When the clock of a letter that came at `at` is over, by the table; None for what is reckoned otherwise."""
    halves = urgency == "high"
    if urgency == "critical" or clock not in CHASED:
        return None
    if clock == "accept":
        unit, count = ACCEPT.get(kind, ("", 0))
        if unit == "hours":
            return almanac.plus_hours(at, count / 2 if halves else count)
        return _days(almanac, at, count, halves=halves) if unit else None
    count = (FIRST_ANSWER if clock == "first-answer" else RESOLVE).get(kind, 0)
    return _days(almanac, at, count, halves=halves) if count else None


def _days(almanac: Almanac, at: datetime, count: int, *, halves: bool) -> datetime:
    """Closing hour of the n-th working day after it came; a half one is four working hours more."""
    if not halves:
        return almanac.close_after(at, count)
    whole, half = divmod(count, 2)
    start = almanac.close_after(at, whole) if whole else at
    return almanac.plus_hours(start, HALF_DAY) if half else start


def reminder(almanac: Almanac, start: datetime, end: datetime) -> datetime:
    """Two thirds of the working time, two working hours before the end at least where that leaves half an hour."""
    total = almanac.hours_between(start, end)
    spared = total - 2
    return almanac.plus_hours(start, min(total * 2 / 3, spared) if spared >= 0.5 else total * 2 / 3)


def free(almanac: Almanac, at: datetime) -> datetime:
    """Out of the quiet hours: 20:00 to 08:00, and days off."""
    own = local(at)
    if almanac.works(own.date()) and time(8) <= own.time() < time(20):
        return at
    early = almanac.works(own.date()) and own.time() < time(8)
    return instant(own.date() if early else almanac.nth_day(own.date(), 1), time(8))


@dataclass
class Stretch:
    """A clock from its start to the first thing that somebody did."""

    number: str
    case: dict[str, Any]
    clock: Any
    start: datetime
    due: datetime
    ends: datetime
    handler: str


def stretches(books: Books) -> Iterator[Stretch]:
    """Each clock that began with its letter, as long as nothing but time touched it."""
    for number, case in books.cases.items():
        events = books.events[number]
        born = [event for event in events if event[1] == "assigned"]
        if not born or case["origin"] or case["urgency"] == "critical" or case["led_by"] or case["members"]:
            continue
        handler = str(born[0][4].get("handler") or "")
        received = moment_of(case["received"])
        touched = [at for at, kind, *_ in events if kind not in _TIME_ALONE and at > born[0][0]]
        kinds = {str(event[4].get("type")) for event in events if event[1] == "classified"}
        for clock in books.clocks[number]:
            start = moment_of(clock.start)
            if clock.kind in CHASED and not clock.subject and start == received and len(kinds) == 1 and handler:
                ends = min([*touched, books.year.office.now])
                yield Stretch(number=number, case=case, clock=clock, start=start, due=moment_of(clock.due), ends=ends,
                              handler=handler)  # fmt: skip


def reckoned(books: Books) -> Iterator[str]:
    """Each deadline is the one that the table, the hours and the holidays give."""
    almanac = books.year.almanac
    for one in stretches(books):
        waits = any(clock.kind == "wait" for clock in books.clocks[one.number])
        if one.clock.length == "date in it" or (waits and one.clock.kind != "accept") or one.case["reopened"]:
            continue
        books.year.asked["deadlines"] += 1
        by_hand = promised(almanac, one.case["type"], one.clock.kind, one.case["urgency"], one.start)
        ended = moment_of(one.clock.ended) if one.clock.ended else books.year.office.now
        # A day off that is written down once the clock has ended moves it no more.
        changed = books.year.changed_between(one.start, one.ends) or books.year.changed_between(ended, one.due)
        if by_hand is not None and by_hand != one.due and not changed:
            yield (f"{one.number}: {one.clock.kind} of {one.case['type']} ({one.case['urgency']}) come {local(one.start):%m-%d %H:%M} "
                   f"is due {local(one.due):%m-%d %H:%M}, by hand {local(by_hand):%m-%d %H:%M}")  # fmt: skip


def reminded(books: Books) -> Iterator[str]:
    """Whoever let two thirds of a time go by was reminded once, then and not earlier."""
    almanac = books.year.almanac
    for one in stretches(books):
        waits = any(clock.kind == "wait" for clock in books.clocks[one.number])
        if waits or one.clock.length == "date in it":
            continue
        at = free(almanac, reminder(almanac, one.start, one.due))
        if at + PATIENCE >= min(one.ends, one.due):
            continue
        books.year.asked["reminders"] += 1
        if not _told(books, one.number, one.handler, at, at + PATIENCE, reminders=True):
            yield f"{one.number}: {one.handler} was not reminded of {one.clock.kind} at {local(at):%m-%d %H:%M}"


def escalated(books: Books) -> Iterator[str]:
    """Each missed deadline climbs: handler, head and coordinator, then one superior a working day; nobody else hears."""
    almanac, coordinator = books.year.almanac, "lin.xiaoyue@corp.example"
    for one in stretches(books):
        waits = any(clock.kind == "wait" for clock in books.clocks[one.number])
        if waits or one.clock.length == "date in it" or one.case["type"] in SEALED:
            continue
        tree = books.year.tree_at(one.due)
        head = tree.head(tree.unit_of(one.handler))
        barred = set(one.case["excluded"])
        rungs = [list(dict.fromkeys(p for p in (one.handler, head, coordinator) if p and p not in barred))]
        known = set(rungs[0])
        gm = tree.head("gm")
        for person in tree.above(one.handler):
            if person not in known and person not in barred:
                quiet = person == gm and one.case["urgency"] in {"normal", "low"}
                rungs.append([] if quiet else [person, coordinator])
        for step, people in enumerate(rungs):
            at = free(almanac, almanac.steps_later(one.due, step))
            if at + PATIENCE >= one.ends:
                break
            for person in people:
                books.year.asked["rungs"] += 1
                got = _told(books, one.number, person, at, at + PATIENCE, reminders=False)
                if not got:
                    yield f"{one.number}: {one.clock.kind} was missed {local(one.due):%m-%d %H:%M}; rung {step + 1} did not tell {person} by {local(at):%m-%d %H:%M}"
        for letter in books.letters[one.number]:
            early = letter.kind == "manager.escalation" and letter.at < min(one.ends, *_dues(books, one.number))
            if early and letter.at >= one.start:
                yield f"{one.number}: {letter.to} heard of an escalation {local(letter.at):%m-%d %H:%M}, before anything was due"


def _dues(books: Books, number: str) -> list[datetime]:
    return [moment_of(clock.due) for clock in books.clocks[number]] or [books.year.office.now]


def _told(
    books: Books, number: str, person: str, since: datetime, until: datetime, *, reminders: bool
) -> list[datetime]:  # fmt: skip
    """When this person heard of this case by time's mail."""
    kinds = {
        "handler.reminder" if reminders else "manager.escalation",
        "manager.combined",
        "staff.bundle",
        "manager.alarm",
    }
    return [x.at for x in books.letters[number] if x.to == person and x.kind in kinds and since <= x.at <= until]
