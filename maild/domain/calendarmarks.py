"""Which months of a calendar changed: what is remembered of it, and from which day on clocks must be reckoned anew."""

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256

from maild.domain.worktime import WorkCalendar

MONTHS_BACK, MONTHS_AHEAD = 12, 36
"""How far around today a calendar is remembered; no clock reaches further."""
_LETTERS = 8


def month_marks(calendar: WorkCalendar, today: date) -> dict[str, str]:
    """A short mark of each month around `today`, by `2027-02`: another working hour or holiday makes another mark."""
    first = today.year * 12 + today.month - 1 - MONTHS_BACK
    months = (divmod(first + n, 12) for n in range(MONTHS_BACK + MONTHS_AHEAD))
    return {f"{year:04d}-{month + 1:02d}": _mark(calendar, date(year, month + 1, 1)) for year, month in months}


def changed_from(before: Mapping[str, str], now: Mapping[str, str]) -> date | None:
    """The first day of the first month that both know and that is another now; None where nothing changed.

    Behind a month's name, as `2027-02 london`, may stand whose it is.

    Where nothing is remembered everything may have changed.
    """
    if not before:
        return date.min
    changed = (month for month, mark in sorted(now.items()) if before.get(month, mark) != mark)
    month = next(changed, None)
    return date.fromisoformat(f"{month[:7]}-01") if month else None


def _mark(calendar: WorkCalendar, first: date) -> str:
    days = (first + timedelta(days=n) for n in range(31))
    said = [calendar.zone.key]
    for day in days:
        if day.month == first.month:
            hours = ",".join(f"{shift.start:%H%M}-{shift.end:%H%M}" for shift in calendar.shifts(day))
            said.append(f"{hours}{'' if calendar.is_known(day) else '?'}")
    return sha256("|".join(said).encode()).hexdigest()[:_LETTERS]
