"""The oracle's own calendar of 2026 and its own working-day arithmetic: nothing of it is maild's.

Days off and make-up workdays as the State Council announced them for 2026 (国办发明电〔2025〕7号), written out by hand.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_OFF = {
    (1, 1): 3, (2, 15): 9, (4, 4): 3, (5, 1): 5, (6, 19): 3, (9, 25): 3, (10, 1): 7,
}  # fmt: skip
"""The first day of each holiday, and how many days it lasts."""
OFF = {date(2026, month, day) + ahead * DAY for (month, day), days in _OFF.items() for ahead in range(days)} | {
    date(2027, 1, 1)
}
WORKED = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}
_SHIFTS = ((time(8, 30), time(12)), (time(13, 30), time(18)))
OPENS, CLOSES = _SHIFTS[0][0], _SHIFTS[-1][1]


class Almanac:
    """When the office works; a clerk may add days off later on."""

    def __init__(self) -> None:
        self.own: set[date] = set()
        self.worked: dict[date, bool] = {}

    def add_off(self, day: date) -> None:
        """The office's own day off, from its calendar.yaml."""
        self.own.add(day)
        self.worked.clear()

    def works(self, day: date) -> bool:
        """Whether the office works on this day."""
        if day not in self.worked:
            free = day in OFF or day in self.own
            self.worked[day] = day in WORKED or (day.weekday() < 5 and not free)
        return self.worked[day]

    def nth_day(self, day: date, count: int) -> date:
        """The count-th working day after this one; 0: this one, or the first one behind it."""
        while count or not self.works(day):
            day += DAY
            count -= self.works(day) and count > 0
        return day

    def next_open(self, at: datetime) -> datetime:
        """This moment when the office works then, else the next opening."""
        for begin, end in self.shifts(at):
            if end > at:
                return max(begin, at)
        raise AssertionError("an office that never works")

    def plus_hours(self, at: datetime, hours: float) -> datetime:
        """This moment and so many working hours."""
        left = timedelta(hours=hours)
        for begin, end in self.shifts(at):
            start = max(begin, at)
            if start + left <= end:
                return start + left
            left -= max(end - start, timedelta())
        raise AssertionError("an office that never works")

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from one moment to another."""
        total = timedelta()
        for begin, close in self.shifts(start):
            if begin >= end:
                break
            total += max(min(close, end) - max(begin, start), timedelta())
        return total / HOUR

    def close_after(self, at: datetime, days: int) -> datetime:
        """The closing hour of the n-th working day after the day on which this counts as come."""
        counted = local(self.next_open(at)).date()
        return instant(self.nth_day(counted, days), CLOSES)

    def steps_later(self, at: datetime, days: int) -> datetime:
        """The same hour so many working days later."""
        own = local(at)
        return instant(self.nth_day(own.date(), days), own.time()) if days else at

    def shifts(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working shifts that end after this moment."""
        day = local(at).date()
        while day.year < 2028:
            if self.works(day):
                for begin, end in _SHIFTS:
                    if instant(day, end) > at:
                        yield instant(day, begin), instant(day, end)
            day += DAY


def local(at: datetime) -> datetime:
    """The office's wall clock."""
    return at.astimezone(ZONE)


def instant(day: date, at: time) -> datetime:
    """A local time as a moment."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)
