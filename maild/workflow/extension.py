"""More time for a case: which clocks an extension moves, and how far (casework 5 and 6)."""

from collections.abc import Mapping
from datetime import datetime

from maild.domain.case import Clock, ClockKind
from maild.domain.command import Command
from maild.domain.sla import extended
from maild.domain.worktime import add_working
from maild.workflow.ordering import Order, days_of, end_set, hours_of, working_days_on

MOVES = frozenset({ClockKind.FIRST_ANSWER, ClockKind.ANSWER, ClockKind.RESOLVE, ClockKind.INSTRUCT, ClockKind.ANALYSE})
"""The handler's clocks; never `accept`, nor what others owe."""


def longer(order: Order, asked: Command) -> tuple[Clock, ...]:
    """The handler's clocks with new ends: a date for all that end before it, a length on top of each one's own."""
    calendar, now = order.calendar, order.office.now
    moved = [(clock, _end(clock, asked, order)) for clock in order.clocks if clock.kind in MOVES]
    return tuple(extended(clock, end, now, calendar) for clock, end in moved if end and end > clock.due)


def _end(clock: Clock, asked: Command, order: Order) -> datetime | None:
    if asked.date:
        return end_set(asked, order)
    begin = max(clock.due, order.office.now)
    if days := days_of(asked):
        return working_days_on(begin, days, order.calendar)
    return add_working(begin, hours, order.calendar) if (hours := hours_of(asked)) else None


def as_data(asked: Command) -> dict[str, object]:
    """What was asked for, as the key of the letter to who decides remembers it."""
    return {"date": asked.date or "", "duration": asked.duration or "", "reason": asked.reason or asked.text}


def as_asked(data: Mapping[str, object]) -> Command:
    """The same, read again."""
    return Command(verb="extend", date=str(data.get("date") or "") or None,
                   duration=str(data.get("duration") or "") or None, reason=str(data.get("reason", "")))  # fmt: skip
