"""Working time: when an office works, when a span that began now is over, when to remind (casework 6).

An office is a calendar of days, weekly hours and a time zone. All instants are aware UTC; days and hours are the
office's local ones, so a deadline lies at the local closing hour on both sides of a clock change.
Every function walks days, never minutes.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from maild.domain.span import HALF_DAY, Span, SpanUnit
from maild.domain.value import value
from maild.domain.week import DEFAULT_WEEK, Shift, Week

NOON = time(12)
AT_LEAST = timedelta(hours=2)
"""P3.5.1: so much time a directive leaves at least; and a reminder comes so much working time before the end."""
_DAY = timedelta(days=1)
_HORIZON = 36_600
"""Days after which a calendar without working days is given up."""
_SHORT = timedelta(minutes=30)


class DayKind(StrEnum):
    """What a calendar says of a day."""

    USUAL = "usual"
    """As the weekly hours say."""
    OFF = "off"
    """A holiday."""
    EXTRA = "extra"
    """A make-up workday 调休: worked although its weekday is free."""


class Days(Protocol):
    """The days of a country, with an office's own exceptions."""

    def kind(self, day: date) -> DayKind:
        """What `day` is."""
        ...

    def is_known(self, day: date) -> bool:
        """Whether the calendar has data for `day`, or only guesses."""
        ...


class PlainDays:
    """Days without holidays."""

    def kind(self, _day: date) -> DayKind:
        """Always as the weekly hours say."""
        return DayKind.USUAL

    def is_known(self, _day: date) -> bool:
        """There is nothing to know."""
        return True


@value
class Interval:
    """From `start` until before `end`, UTC."""

    start: datetime
    end: datetime


@value
class Due:
    """When a span is over."""

    at: datetime
    provisional: bool = False
    """The calendar has no data for that day yet."""


def no_feast(_day: date) -> str:
    """No day belongs to a feast that this calendar knows by name."""
    return ""


@value
class WorkCalendar:
    """When one office works."""

    days: Days = field(default_factory=PlainDays)
    week: Week = DEFAULT_WEEK
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    special: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    """Days with hours of their own."""
    feast: Callable[[date], str] = no_feast
    """The feast of the moon that a day off belongs to: spring, tomb-sweeping, dragon-boat, mid-autumn; "" for none."""

    def local(self, instant: datetime) -> datetime:
        """The office's wall clock at `instant`."""
        return instant.astimezone(self.zone)

    def instant(self, day: date, at: time) -> datetime:
        """The UTC instant of a local time."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """The local hours of `day`; none on a day off. A make-up workday has its weekday's hours or the normal ones."""
        kind = self.days.kind(day)
        if kind is DayKind.OFF:
            return ()
        if day in self.special:
            return self.special[day]
        usual = self.week.days[day.weekday()]
        return usual or self.week.normal if kind is DayKind.EXTRA else usual

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The working intervals of `day`."""
        return tuple(
            Interval(start=self.instant(day, shift.start), end=self.instant(day, shift.end))
            for shift in self.shifts(day)
        )

    def is_workday(self, day: date) -> bool:
        """Whether anybody works on `day`."""
        return bool(self.shifts(day))

    def is_known(self, day: date) -> bool:
        """Whether there is data for `day`."""
        return self.days.is_known(day)

    def closing(self, day: date) -> datetime:
        """The closing hour of a working day."""
        return self.instant(day, self.shifts(day)[-1].end)


def workday_after(day: date, calendar: WorkCalendar, count: int = 1) -> date:
    """The `count`-th working day after `day`; 0: `day` itself or the first working day behind it."""
    if count == 0:
        return day if calendar.is_workday(day) else workday_after(day, calendar)
    for ahead in range(1, _HORIZON):
        following = day + ahead * _DAY
        if calendar.is_workday(following):
            count -= 1
            if count == 0:
                return following
    raise ValueError("this calendar has too few working days; add weekly hours")


def workdays_later(instant: datetime, count: int, calendar: WorkCalendar) -> datetime:
    """The same local time `count` working days later."""
    local = calendar.local(instant)
    return calendar.instant(workday_after(local.date(), calendar, count), local.time())


def later(instant: datetime, span: Span, times: int, calendar: WorkCalendar) -> datetime:
    """`instant` and so many steps of a ladder; a step of a working day leads to the same local time of the next one."""
    if span.unit is SpanUnit.HALF_WORKING_DAYS:
        days, half = divmod(span.count * times, 2)
        instant = workdays_later(instant, days, calendar) if days else instant
        return add_working(instant, HALF_DAY, calendar) if half else instant
    if span.unit is SpanUnit.WORKING_MINUTES:
        return add_working(instant, timedelta(minutes=span.count * times), calendar)
    if span.unit is SpanUnit.DAYS:
        return instant + span.count * times * _DAY
    return instant + timedelta(minutes=span.count * times)


def counts_from(instant: datetime, calendar: WorkCalendar) -> datetime:
    """When something that came at `instant` counts as come: at once, or at the next opening (casework 6)."""
    for interval in _intervals_from(instant, calendar):
        return max(instant, interval.start)
    raise ValueError("this calendar has no working days; add weekly hours")


def add_working(start: datetime, length: timedelta, calendar: WorkCalendar) -> datetime:
    """`start` and so much working time; ends within working hours or at their end."""
    for interval in _intervals_from(start, calendar):
        begin = max(start, interval.start)
        if length <= interval.end - begin:
            return begin + length
        length -= interval.end - begin
    raise ValueError("this calendar has too few working hours; add weekly hours")


def working_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """The working time from `start` to `end`; nothing when `end` comes first."""
    total = timedelta()
    for interval in _intervals_from(start, calendar):
        if interval.start >= end:
            break
        total += min(interval.end, end) - max(interval.start, start)
    return total


def due(start: datetime, span: Span, calendar: WorkCalendar) -> Due:
    """When a clock of this length that starts at `start` is over (casework 6)."""
    at = _due_at(start, span, calendar).astimezone(UTC)
    days = (calendar.local(start).date(), calendar.local(at).date())
    return Due(at=at, provisional=not all(calendar.is_known(day) for day in days))


def relay_due(start: datetime, calendar: WorkCalendar) -> datetime:
    """P3.5.1: by closing hour of the day it comes, with at least 2 hours; late or on a day off: by noon of the next."""
    day = calendar.local(start).date()
    if calendar.is_workday(day) and start < calendar.closing(day):
        return max(calendar.closing(day), start + AT_LEAST)
    return calendar.instant(workday_after(day, calendar), NOON)


def reminder(start: datetime, end: datetime, calendar: WorkCalendar) -> datetime:
    """Two thirds of the time, at least 2 working hours before the end where that leaves time to do anything first.

    A time that ends outside working hours (critical, a late directive) runs day and night, and so does its reminder.
    """
    if not _is_worked(end, calendar):
        return start + (end - start) * 2 / 3
    total = working_between(start, end, calendar)
    until = total - AT_LEAST
    return add_working(start, min(total * 2 / 3, until) if until >= _SHORT else total * 2 / 3, calendar)


@value
class Period:
    """One occurrence of a window span: both days inclusive."""

    first: date
    last: date

    @property
    def key(self) -> str:
        """Names the period, for instance 2026-04."""
        return f"{self.last:%Y-%m}"


def periods(span: Span, day: date) -> Iterator[Period]:
    """The periods of a window span that are not over on `day`, the open one first."""
    for year in range(day.year, day.year + 3):
        for month in sorted(span.months):
            last = date(year, month, monthrange(year, month)[1])
            if last >= day:
                yield Period(first=last - (span.count - 1) * _DAY, last=last)


def open_period(span: Span, day: date) -> Period | None:
    """The period that is open on `day`."""
    return next((period for period in periods(span, day) if period.first <= day), None)


def _due_at(start: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    if span.unit is SpanUnit.MINUTES:
        return start + timedelta(minutes=span.count)
    if span.unit is SpanUnit.WORKING_MINUTES:
        return add_working(start, timedelta(minutes=span.count), calendar)
    if span.unit is SpanUnit.SAME_DAY:
        return relay_due(start, calendar)
    if span.unit is SpanUnit.HALF_WORKING_DAYS:
        return _working_days(start, span.count, calendar)
    if span.unit is SpanUnit.DAYS:
        reached = calendar.local(start).date() + span.count * _DAY
        return calendar.closing(workday_after(reached, calendar, 0))
    if span.unit is SpanUnit.WINDOW:
        return _window_end(start, span, calendar)
    raise ValueError(f"'{span}' has no length of its own; a date must be given")


def _working_days(start: datetime, halves: int, calendar: WorkCalendar) -> datetime:
    """Closing hour of the n-th working day after the day of arrival, and four working hours for a half one."""
    whole, half = divmod(halves, 2)
    if whole:
        day = workday_after(calendar.local(counts_from(start, calendar)).date(), calendar, whole)
        start = calendar.closing(day)
    return add_working(start, HALF_DAY, calendar) if half else start


def _window_end(start: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """Closing hour of the last working day of the open or next window."""
    for period in periods(span, calendar.local(start).date()):
        days = (period.last - back * _DAY for back in range(span.count))
        worked = next((day for day in days if calendar.is_workday(day)), None)
        if worked and calendar.closing(worked) > start:
            return calendar.closing(worked)
    raise ValueError(f"'{span}' holds no working day; write a longer window")


def _is_worked(instant: datetime, calendar: WorkCalendar) -> bool:
    return any(i.start <= instant <= i.end for i in calendar.intervals(calendar.local(instant).date()))


def _intervals_from(start: datetime, calendar: WorkCalendar) -> Iterator[Interval]:
    """Working intervals that end after `start`, in order."""
    day = calendar.local(start).date()
    for ahead in range(_HORIZON):
        for interval in calendar.intervals(day + ahead * _DAY):
            if interval.end > start:
                yield interval
