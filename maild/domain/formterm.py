"""When a form round opens and ends, by its owner's calendar (casework 6 and 7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from maild.domain.case import Clock
from maild.domain.formround import Entry, Round
from maild.domain.recurrence import Opening, opening_before, openings, parse_recurrence
from maild.domain.sla import ending_at
from maild.domain.span import parse_span
from maild.domain.value import value
from maild.domain.worktime import Due, WorkCalendar, due, workday_after

_DAY = timedelta(days=1)
_YEAR = 370 * _DAY
"""So long before a day something may have opened that is not over on it."""


@value
class Term:
    """When one round runs; times are aware UTC."""

    key: str
    opens: datetime
    window: datetime
    """From when the receivers are reminded."""
    due: datetime
    provisional: bool = False
    """Whether its end was reckoned with days off that are not known yet."""


def term_of(entry: Entry, opening: Opening, calendar: WorkCalendar) -> Term:
    """When this round of the entry opens and ends."""
    first = opening.first
    if entry.opens:
        first = opening_before(parse_recurrence(entry.opens), opening.first, calendar) or first
    window = _opens_at(opening.first, calendar)
    if opening.last is None:
        end = due(window, parse_span(entry.due), calendar)
        return Term(key=opening.key, opens=_opens_at(first, calendar), window=window, due=end.at,
                    provisional=end.provisional)  # fmt: skip
    length = (opening.last - opening.first).days
    worked = (opening.last - back * _DAY for back in range(length + 1))
    last = next((day for day in worked if calendar.is_workday(day)), workday_after(opening.last, calendar))
    return Term(key=opening.key, opens=_opens_at(first, calendar), window=min(window, calendar.closing(last)),
                due=calendar.closing(last), provisional=not calendar.is_known(last))  # fmt: skip


def terms(entry: Entry, day: date, calendar: WorkCalendar) -> Iterator[Term]:
    """The entry's rounds that are not over on this day, in order."""
    return (term_of(entry, one, calendar) for one in openings(parse_recurrence(entry.when), day, calendar))


def terms_since(entry: Entry, day: date, calendar: WorkCalendar) -> Iterator[Term]:
    """The entry's rounds from so long before this day that none which runs on it is left out."""
    return terms(entry, day - _YEAR, calendar)


def due_anew(known: Round, calendar: WorkCalendar) -> Due:
    """When a round that runs ends by a calendar that changed.

    One of the calendar's own is found again by its period; what a person started counts from that moment.
    """
    opened = calendar.local(known.opened).date()
    last = opened + _YEAR
    for term in terms_since(known.entry, opened, calendar):
        if term.key == known.period:
            return Due(at=term.due, provisional=term.provisional)
        if calendar.local(term.window).date() > last:
            break
    return due(known.opened, parse_span(known.entry.due), calendar)


def reckoned_anew(clock: Clock, known: Round, calendar: WorkCalendar) -> Clock:
    """A clock of the returns after the calendar changed; one that somebody was called late for stays as it is."""
    if clock.next_at is None or clock.rung or known.stage != "collecting":
        return clock
    new = ending_at(clock, due_anew(known, calendar), calendar)
    return new if new.subject else replace(new, next_at=new.due)


def _opens_at(day: date, calendar: WorkCalendar) -> datetime:
    """The opening hour of a day, or of the next working day."""
    return calendar.intervals(workday_after(day, calendar, 0))[0].start
