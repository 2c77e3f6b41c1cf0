"""One order on its way to being carried out, and what it does to the clocks of its case (casework 6)."""

import re
from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from itertools import count

from maild.domain.case import Case, Clock, ClockKind, ClockState
from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.message import Mail
from maild.domain.sla import dropped, met, silenced, start_clock
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar, add_working, workdays_later
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Key, Plan

_LENGTH = re.compile(r"P(?:(?P<days>\d+)D|T(?P<hours>\d+)H)")
_HANDLERS = (ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.RESOLVE)


@value
class Order:
    """One command, and the case as it stands when its turn comes."""

    command: Command
    case: Case
    clocks: tuple[Clock, ...]
    """The open clocks of the case; one that an order before in the same mail began has an id below 0."""
    mail: Mail
    person: Person
    office: Office
    facts: Facts
    originals: Originals
    key: Key
    """The key of the mail that is answered."""
    roles: frozenset[str] = frozenset()
    """What the person is in the case, in the words of the verb table."""
    beside: frozenset[str] = frozenset()
    """The verbs of the whole mail."""
    anyway: bool = False
    """仍然发送: sent although it says nothing."""
    released: tuple[str, ...] = ()
    """First addresses of those outside the seal to whom its holder has just released what was shown."""

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar of the unit that has the case."""
        return self.office.calendar_of(self.case)

    @property
    def writers(self) -> WorkCalendar:
        """The calendar of who gives the order, by which their days are read."""
        return self.office.calendar_at(self.person.address)


@value
class Result:
    """What an order changes and what the echo says of it, or why it is refused."""

    plan: Plan = field(default_factory=Plan)
    echo: dict[str, object] = field(default_factory=dict)
    refusal: str = ""
    detail: str = ""
    missing: tuple[str, ...] = ()
    """The points that a closing still lacks, where it is refused for them."""


def met_by(order: Order, event: str) -> tuple[Clock, ...]:
    """The clocks that this event ends, and the overdue ones whose rungs fall silent."""
    running, now = order.clocks, order.office.now
    ended = met(running, event, now)
    rest = [c for c in running if c.id not in {e.id for e in ended}]
    return (*ended, *silenced(rest, event, now, deadlines=order.office.pack.deadlines, calendar=order.calendar))


def numbered(changed: Sequence[Clock], known: Sequence[Clock]) -> tuple[Clock, ...]:
    """`changed` with an id below 0 for each new clock, by which a later order of the same mail can name it."""
    free = count(min(0, *(clock.id for clock in known), 0) - 1, -1)
    return tuple(clock if clock.id else replace(clock, id=next(free)) for clock in changed)


def clocks_after(clocks: Sequence[Clock], changed: Sequence[Clock]) -> tuple[Clock, ...]:
    """The open clocks once `changed` are as they are."""
    by_id = {clock.id: clock for clock in (*clocks, *numbered(changed, clocks))}
    return tuple(clock for clock in by_id.values() if clock.state is ClockState.OPEN)


def to_be_kept(changed: Sequence[Clock]) -> tuple[Clock, ...]:
    """What must be written of numbered clocks that several orders changed one after the other: each clock once."""
    last = {clock.id: clock for clock in changed}.values()
    return tuple(replace(c, id=max(c.id, 0)) for c in last if c.id > 0 or c.state is ClockState.OPEN)


def running_after(order: Order, changed: tuple[Clock, ...]) -> tuple[Clock, ...]:
    """The clocks that still run once `changed` are as they are."""
    return clocks_after(order.clocks, changed)


def ended_by_route(order: Order) -> tuple[Clock, ...]:
    """The old handler's clocks wait no more; the coordinator's triage is met."""
    running = order.clocks
    triage = met(running, "route", order.office.now)
    kinds = {*_HANDLERS, ClockKind.INSTRUCT, ClockKind.ANSWER}
    return (*triage, *(dropped(c) for c in running if c.kind in kinds and c.id not in {t.id for t in triage}))


def handler_clocks(case: Case, order: Order) -> tuple[Clock, ...]:
    """The clocks of a new handler; a date in the order becomes the clock `instruct`."""
    office, calendar = order.office, order.office.calendar_of(case)
    kinds: list[tuple[ClockKind, datetime | None]] = [(kind, None) for kind in _HANDLERS]
    if until := end_set(order.command, order, case):
        kinds.append((ClockKind.INSTRUCT, until))
    clocks = (
        start_clock(case, kind, start=office.now, deadlines=office.pack.deadlines, calendar=calendar, until=at)
        for kind, at in kinds
    )
    return tuple(clock for clock in clocks if clock is not None)


def end_set(command: Command, order: Order, case: Case | None = None) -> datetime | None:
    """The end that an order sets: closing hour of its date, so many working days on, or so many working hours.

    A date is the writer's; a length is the handler unit's working time: that of `case` where it moves to another.
    """
    if command.date:
        return closing_of(date.fromisoformat(str(command.date)), order.writers)
    now, calendar = order.office.now, order.office.calendar_of(case or order.case)
    if hours := hours_of(command):
        return add_working(now, hours, calendar)
    return working_days_on(now, days, calendar) if (days := days_of(command)) else None


def closing_of(day: date, calendar: WorkCalendar) -> datetime:
    """The closing hour of this day; of a day off, the end of the day."""
    return calendar.closing(day) if calendar.is_workday(day) else calendar.instant(day, time(23, 59))


def days_of(command: Command) -> int:
    """The working days of an order's length; 0 where it has none."""
    found = _LENGTH.fullmatch(command.duration or "")
    return int(found.group("days") or 0) if found else 0


def hours_of(command: Command) -> timedelta:
    """The working hours of an order's length; none where it has days, or none."""
    found = _LENGTH.fullmatch(command.duration or "")
    return timedelta(hours=int(found.group("hours") or 0)) if found else timedelta()


def working_days_on(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Closing hour so many working days after `start`."""
    return calendar.closing(calendar.local(workdays_later(start, days, calendar)).date())
