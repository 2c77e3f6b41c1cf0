"""Days that are named by a feast: 国庆后, 元旦前, 节后第一个工作日, 春节后一周内 (casework 5).

Before a feast is its last working day before it, behind it the first working day after the days off, by the calendar
of the office. A feast of the moon is known only where the calendar has its days; one that is not known is asked back.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from maild.domain.value import value
from maild.domain.worktime import WorkCalendar, workday_after

_FIXED = {"元旦": (1, 1), "五一": (5, 1), "劳动": (5, 1), "国庆": (10, 1), "十一": (10, 1)}
_OF_THE_MOON = {
    "春节": "spring",
    "过年": "spring",
    "清明": "tomb-sweeping",
    "端午": "dragon-boat",
    "中秋": "mid-autumn",
}
_NUMBER = {han: number for number, han in enumerate("零一二三四五六七八九十")} | {"两": 2, "首": 1}
_N = r"(?:\d{1,2}|[一二两三四五六七八九十首])"
_NAMED = re.compile(
    rf"(?P<name>(?<![周期拜\d一二三四五六七八九十])(?:{'|'.join((*_FIXED, *_OF_THE_MOON))})"
    r"|(?<![环季细情章枝关礼脱时音调使末])节|小?长假|放假|假期)"
    r"(?:节|长假|小长假|假期|放假|假)?(?P<when>之?后|之?前|以[前后]|回来|收假)"
    rf"(?:上班)?(?:的)?(?:第?(?P<nth>{_N})个?(?:工作日|天|日)(?:上班)?(?![之以]?内)"
    rf"|(?P<within>{_N})个?(?P<unit>工作日|天|日|周|星期)[之以]?内)?"
)
_ENGLISH = re.compile(
    r"(?:the )?(?:(?P<nth>first|second|third) (?:working |business |work)day )?\b(?P<when>before|after) (?:the )?"
    r"(?P<name>national day|new year|spring festival|chinese new year|labou?r day|mid-?autumn|dragon boat|golden week"
    r"|(?:public )?holidays?\b)(?:'?s?(?: day| eve)?)?(?: festival)?(?: holidays?)?"
)
_ENGLISH_NAMES = (
    ("national", "国庆"), ("golden", "国庆"), ("new year", "元旦"), ("spring", "春节"), ("chinese", "春节"),
    ("lab", "五一"), ("mid", "中秋"), ("dragon", "端午"),
)  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3}
_HALF_A_YEAR = timedelta(days=183)
_DAY = timedelta(days=1)
_LONG = 3
"""So many days off in a row are no mere weekend."""


@value
class Feast:
    """A day named by a feast, and where it stands; no day where it is asked back."""

    start: int
    end: int
    day: date | None


def feasts(plain: str, today: date, calendar: WorkCalendar) -> Iterator[Feast]:
    """The days that a folded text names by a feast."""
    known: dict[str, tuple[date, date] | None] = {}
    for found in (*_NAMED.finditer(plain), *_ENGLISH.finditer(plain)):
        name = next((han for start, han in _ENGLISH_NAMES if found["name"].startswith(start)), found["name"])
        if name not in known:
            known[name] = _days_off(name, today, calendar)
        off = known[name]
        day = _meant(found, off, calendar) if off else None
        far = day is None or day < today or day - today > _HALF_A_YEAR
        yield Feast(start=found.start(), end=found.end(), day=None if far else day)


def _meant(found: re.Match[str], off: tuple[date, date], calendar: WorkCalendar) -> date | None:
    first, last = off
    said = found.groupdict()
    within, count = said.get("within"), _count(said["nth"] or said.get("within") or "1")
    if said["when"].endswith(("前", "before")):
        return None if said["nth"] or within else _before(first, calendar)
    if within and said["unit"] in {"周", "星期"}:
        return last + 7 * count * _DAY
    return workday_after(last, calendar, count)


def _days_off(name: str, today: date, calendar: WorkCalendar) -> tuple[date, date] | None:
    """The first and the last day off of the coming feast of this name, or of the one that is just now."""
    for start in _beginnings(name, today, calendar):
        last = start
        while not calendar.is_workday(last + _DAY):
            last += _DAY
        if last >= today:
            return start, last
    return None


def _beginnings(name: str, today: date, calendar: WorkCalendar) -> Iterator[date]:
    if name in _FIXED:
        yield from (date(year, *_FIXED[name]) for year in (today.year, today.year + 1))
        return
    feast = _OF_THE_MOON.get(name)
    for ahead in range(-14, _HALF_A_YEAR.days + 14):
        day = today + ahead * _DAY
        if feast is None and calendar.is_workday(day - _DAY) and _is_off(day, calendar):
            yield day
        if feast is not None and calendar.feast(day) == feast != calendar.feast(day - _DAY):
            yield day


def _is_off(day: date, calendar: WorkCalendar) -> bool:
    return all(not calendar.is_workday(day + ahead * _DAY) for ahead in range(_LONG))


def _before(first: date, calendar: WorkCalendar) -> date:
    day = first - _DAY
    while not calendar.is_workday(day):
        day -= _DAY
    return day


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _ORDINALS.get(words) or _NUMBER[words]
