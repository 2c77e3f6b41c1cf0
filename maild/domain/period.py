"""A span that a report is about: a week, a month, a quarter or a year of the office's own days.

`2026-W48`, `2026-10`, `2026-Q4` and `2026` name them, for people and in the database.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.domain.recurrence import Every
from maild.domain.value import value

_DAY = timedelta(days=1)
_KEY = re.compile(
    r"(?P<year>20\d\d)(?:-(?:W(?P<week>\d{1,2})|Q(?P<quarter>[1-4])|(?P<month>\d{1,2})))?", re.IGNORECASE
)  # fmt: skip


@value
class Period:
    """Both days inclusive."""

    every: Every
    first: date
    last: date

    @property
    def key(self) -> str:
        """Its name."""
        if self.every is Every.WEEK:
            return f"{self.first:%G}-W{self.first:%V}"
        if self.every is Every.QUARTER:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}" if self.every is Every.MONTH else f"{self.first.year}"

    def previous(self) -> "Period":
        """The one right before it."""
        return period_of(self.every, self.first - _DAY)

    def year_before(self) -> "Period":
        """The same one of the year before; a week 53 has week 52 there where that year has none."""
        if self.every is Every.WEEK:
            year, week, _ = self.first.isocalendar()
            return period_of(Every.WEEK, _monday(year - 1, week) or date.fromisocalendar(year - 1, 52, 1))
        return period_of(self.every, self.first.replace(year=self.first.year - 1))

    def months(self) -> tuple["Period", ...]:
        """The months of a longer one, in their order; none of what is no longer than a month."""
        if self.every not in {Every.QUARTER, Every.YEAR}:
            return ()
        return tuple(
            period_of(Every.MONTH, date(self.first.year, month, 1))
            for month in range(self.first.month, self.last.month + 1)
        )  # fmt: skip

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From and until, in UTC; what comes at the end itself belongs to the next one."""
        days = (self.first, self.last + _DAY)
        first, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
        return first, until


def period_of(every: Every, day: date) -> Period:
    """The one that holds this day."""
    if every is Every.WEEK:
        monday = day - day.weekday() * _DAY
        return Period(every=every, first=monday, last=monday + 6 * _DAY)
    length = {Every.MONTH: 1, Every.QUARTER: 3}.get(every, 12)
    month = (day.month - 1) // length * length + 1
    last = month + length - 1
    return Period(every=every, first=date(day.year, month, 1),
                  last=date(day.year, last, monthrange(day.year, last)[1]))  # fmt: skip


def parse_period(words: str) -> Period:
    """The one of this name; ValueError with a sentence where there is none."""
    found = _KEY.fullmatch(words.strip())
    day = _first_day(found) if found else None
    if found is None or day is None:
        raise ValueError(f"'{words}' is no period; write it as 2026-W48, 2026-10, 2026-Q4 or 2026")
    every = next((e for e in (Every.WEEK, Every.QUARTER, Every.MONTH) if found[e.value]), Every.YEAR)
    return period_of(every, day)


def _first_day(found: re.Match[str]) -> date | None:
    year = int(found["year"])
    if found["week"]:
        return _monday(year, int(found["week"]))
    month = int(found["quarter"]) * 3 - 2 if found["quarter"] else int(found["month"] or 1)
    return date(year, month, 1) if 1 <= month <= 12 else None


def _monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
