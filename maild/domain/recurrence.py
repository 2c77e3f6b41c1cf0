"""When something comes round, in the pack's own words: `monthly`, `last 7 days of the quarter` (casework 6 and 7).

Chinese and English; what cannot be read is refused with a sentence. A recurrence names days; at what hour an office
opens and closes on them is said by its calendar.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from maild.domain.value import value
from maild.domain.worktime import WorkCalendar, workday_after

_DAY = timedelta(days=1)
_MOST_OFF = timedelta(days=31)
_LOOK_BACK = timedelta(days=400)
_ALL = tuple(range(1, 13))
_QUARTERS = (1, 4, 7, 10)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_ZH = "一二三四五六日"


class Every(StrEnum):
    """How long one period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ONCE = "once"


_ZH_EVERY = {"周": Every.WEEK, "月": Every.MONTH, "季度": Every.QUARTER, "季": Every.QUARTER, "年": Every.YEAR}


class Part(StrEnum):
    """Which day of the period, or which days."""

    DAY = "day"
    """The `count`-th calendar day; a day off moves to the next working day."""
    WORKDAY = "workday"
    """The `count`-th working day; below 0, counted from the end."""
    LAST_DAYS = "last-days"
    """A window: the last `count` calendar days."""
    LAST_WORKDAYS = "last-workdays"
    """A window: the last `count` working days."""


@value
class Recurrence:
    """Days that come again."""

    every: Every
    part: Part = Part.WORKDAY
    count: int = 1
    months: tuple[int, ...] = _ALL
    """Of a month's recurrence, in which months; of a year's, the one."""
    day: date | None = None
    """Of what comes once."""

    @property
    def is_window(self) -> bool:
        """Whether it names several days, the last of which is its end."""
        return self.part in {Part.LAST_DAYS, Part.LAST_WORKDAYS}


@value
class Opening:
    """One time that a recurrence comes round; local days."""

    first: date
    last: date | None
    """The end of a window; None for a single day."""
    key: str
    """Names the period: 2026-Q4, 2026-11, 2026-W48, 2026, or the day itself."""


def parse_recurrence(words: str) -> Recurrence:
    """The recurrence that `words` say; ValueError with a sentence where they say none."""
    text = re.sub(r"\s+", " ", words.strip().lower()).removeprefix("in the ").removeprefix("within the ")
    text = text.removeprefix("the ")
    for form, read in _FORMS:
        if (found := form.fullmatch(text)) and (said := read(found)):
            return said
    raise ValueError(
        f"'{words}' is no time of the calendar; write for instance monthly, quarterly, every Friday, "
        "day 25 of every month, 3rd working day of the quarter, last 7 days of the quarter, "
        "last 5 days of January, April, July and October, or 2026-12-15"
    )


def openings(recurrence: Recurrence, day: date, calendar: WorkCalendar) -> Iterator[Opening]:
    """The times from the one that is not over on `day`, in order; a window is over behind its last day."""
    for start, end, key in _periods(recurrence, day):
        # What falls on days off moves beyond the end of its period, never by more than a month.
        found = _in_period(recurrence, start, end, calendar) if end >= day - _MOST_OFF else None
        if found and (found[1] or found[0]) >= day:
            yield Opening(first=found[0], last=found[1], key=key)


def openings_until(recurrence: Recurrence, day: date, calendar: WorkCalendar) -> Iterator[Opening]:
    """The times that began on `day` or before, within 400 days, the latest first."""
    since = day - _LOOK_BACK
    for start, end, key in reversed([one for one in _periods(recurrence, since) if one[0] <= day]):
        found = _in_period(recurrence, start, end, calendar)
        if found and since <= found[0] <= day:
            yield Opening(first=found[0], last=found[1], key=key)


def opening_before(recurrence: Recurrence, day: date, calendar: WorkCalendar) -> date | None:
    """The last first day on or before `day` within 400 days; None where there is none."""
    return next((one.first for one in openings_until(recurrence, day, calendar)), None)


def _in_period(
    recurrence: Recurrence, start: date, end: date, calendar: WorkCalendar
) -> tuple[date, date | None] | None:
    count = recurrence.count
    if recurrence.part is Part.DAY:
        return workday_after(min(start + (count - 1) * _DAY, end), calendar, 0), None
    if recurrence.part is Part.LAST_DAYS:
        return end - (count - 1) * _DAY, end
    from_end = count < 0 or recurrence.part is Part.LAST_WORKDAYS
    worked = list(islice(_worked(start, end, calendar, from_end=from_end), abs(count)))
    if len(worked) < abs(count):
        return None
    return worked[-1], worked[0] if recurrence.part is Part.LAST_WORKDAYS else None


def _worked(start: date, end: date, calendar: WorkCalendar, *, from_end: bool) -> Iterator[date]:
    """The working days of a period, from its first or from its last."""
    ahead = range((end - start).days + 1)
    days = (start + number * _DAY for number in (reversed(ahead) if from_end else ahead))
    return (day for day in days if calendar.is_workday(day))


def _periods(recurrence: Recurrence, day: date) -> Iterator[tuple[date, date, str]]:
    """First day, last day and name of the periods, from one before the one that holds `day`."""
    if recurrence.every is Every.ONCE:
        if recurrence.day is not None:
            yield recurrence.day, recurrence.day, recurrence.day.isoformat()
        return
    if recurrence.every is Every.WEEK:
        monday = day - (day.weekday() + 7) * _DAY
        for ahead in range(60):
            start = monday + 7 * ahead * _DAY
            yield start, start + 6 * _DAY, f"{start:%G}-W{start:%V}"
        return
    for year in range(day.year - 1, day.year + 3):
        yield from _of_year(recurrence, year)


def _of_year(recurrence: Recurrence, year: int) -> Iterator[tuple[date, date, str]]:
    if recurrence.every is Every.YEAR:
        first, last = (1, 12) if recurrence.months == _ALL else (recurrence.months[0], recurrence.months[0])
        yield date(year, first, 1), _last(year, last), f"{year}"
    elif recurrence.every is Every.QUARTER:
        for number, month in enumerate(_QUARTERS, 1):
            yield date(year, month, 1), _last(year, month + 2), f"{year}-Q{number}"
    else:
        for month in sorted(recurrence.months):
            yield date(year, month, 1), _last(year, month), f"{year}-{month:02}"


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _plain(found: re.Match[str]) -> Recurrence:
    said = found["every"]
    return Recurrence(every=_ZH_EVERY.get(said) or Every(said))


def _weekday(found: re.Match[str]) -> Recurrence:
    named = found["weekday"].replace("天", "日")
    days = _WEEKDAYS if named in _WEEKDAYS else tuple(_WEEKDAYS_ZH)
    return Recurrence(every=Every.WEEK, part=Part.DAY, count=days.index(named) + 1)


def _day_of_month(found: re.Match[str]) -> Recurrence | None:
    count = int(found["n"])
    return Recurrence(every=Every.MONTH, part=Part.DAY, count=count) if 1 <= count <= 31 else None


def _workday(found: re.Match[str]) -> Recurrence | None:
    said = found["n"]
    count = 1 if said in {"first", "第一"} else -1 if said in {"last", "最后一"} else int(re.sub(r"\D", "", said) or 0)
    last = {"week": 5, "month": 15, "quarter": 40, "year": 200}[_plain(found).every.value]
    fits = count != 0 and count <= last
    return Recurrence(every=_plain(found).every, part=Part.WORKDAY, count=count) if fits else None


def _window(found: re.Match[str]) -> Recurrence | None:
    count = int(found["n"])
    months = _months(found["months"]) if found["months"] else _ALL
    every = _plain(found).every if found["every"] else Every.MONTH
    part = Part.LAST_WORKDAYS if found["working"] else Part.LAST_DAYS
    ok = 1 <= count <= 28 and months and all(1 <= month <= 12 for month in months)
    return Recurrence(every=every, part=part, count=count, months=months) if ok else None


def _months(words: str) -> tuple[int, ...]:
    numbers = (int(n) for n in re.findall(r"\d+", words))
    named = (at for at, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name[:3]}", words))
    return tuple(sorted({*numbers, *named}))


def _yearly(found: re.Match[str]) -> Recurrence | None:
    month, day = int(found["month"]), int(found["day"])
    fits = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]
    return Recurrence(every=Every.YEAR, part=Part.DAY, count=day, months=(month,)) if fits else None


def _once(found: re.Match[str]) -> Recurrence | None:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return Recurrence(every=Every.ONCE, part=Part.DAY, day=day)


_EVERY = r"(?:every |each |the )?(?P<every>week|month|quarter|year)"
_MONTH = "(?:" + "|".join((r"\d{1,2}", *(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS))) + ")"
_MONTH_LIST = rf"(?:months? )?(?P<months>{_MONTH}(?:(?:\s*,\s*(?:and )?|\s+and\s+){_MONTH})*)"
_ZH_LIST = r"(?P<months>\d{1,2}(?: ?月)?(?: ?[、,，和] ?\d{1,2}(?: ?月)?)*) ?(?<=月)"
_ZH_PERIOD = r"每?个?(?P<every>周|月|季度|季|年)"
_FORMS = (
    (re.compile(r"(?P<every>week|month|quarter|year)ly"), _plain),
    (re.compile(_EVERY), _plain),
    (re.compile(r"每个?(?P<every>周|月|季度|季|年)"), _plain),
    (re.compile(rf"every (?P<weekday>{'|'.join(_WEEKDAYS)})"), _weekday),
    (re.compile(r"每(?:周|星期)(?P<weekday>[一二三四五六日天])"), _weekday),
    (re.compile(r"(?:day )?(?P<n>\d{1,2})(?:st|nd|rd|th)? of (?:every|each|the) month"), _day_of_month),
    (re.compile(r"每月(?P<n>\d{1,2})[日号]"), _day_of_month),
    (re.compile(rf"(?P<n>first|last|\d{{1,3}}(?:st|nd|rd|th)) working day of {_EVERY}"), _workday),
    (re.compile(r"每个?(?P<every>周|月|季度|季|年)的?(?P<n>第一|最后一|第\d{1,3})个工作日"), _workday),
    (re.compile(rf"last (?P<n>\d{{1,2}}) (?P<working>working )?days? of (?:{_EVERY}|{_MONTH_LIST})"), _window),
    (re.compile(rf"(?:{_ZH_PERIOD}|{_ZH_LIST})末?的?最后(?P<n>\d{{1,2}})个?(?P<working>工作)?[天日]"), _window),
    (re.compile(r"every year on (?P<month>\d{1,2})-(?P<day>\d{1,2})"), _yearly),
    (re.compile(r"每年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"), _yearly),
    (re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"), _once),
    (re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"), _once),
)  # fmt: skip
