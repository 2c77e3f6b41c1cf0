"""Dates as people write them in a mail, zh and en, read against the day it came."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from maild.domain.value import value
from maild.domain.worktime import WorkCalendar

_EVENING = time(18)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_HAN = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)} | {"两": 2, "十一": 11, "十二": 12}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
_TIME = (
    r"(?:[\s,，]*(?:at\s+)?(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*"
    r"(?:(?P<hour>\d{1,2}|十[一二]?|[一二三四五六七八九两])(?:[点时](?P<half>半|(?P<cn>\d{1,2})分?)?|[:：](?P<minute>\d{2}))"
    r"|(?P<en>\d{1,2})\s*(?P<ampm>[ap]\.?m)|(?P<noon>中午|noon)))?"
)
_DATE = re.compile(
    r"(?:(?P<y>20\d\d)\s*[年/.-]\s*(?P<m>\d{1,2})\s*[月/.-]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"|(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号]?"
    r"|(?P<near>今[天日]|当[天日]|明[天日]|后天|(?<![a-z])(?:today|tomorrow|tmrw|tmr)(?![a-z]))"
    r"|(?P<next>下个?|本|这)?\s*(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])"
    rf"|\b(?P<den>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<men>{_MONTH})\b(?:\s+(?P<yen>20\d\d))?"
    rf"|\b(?P<men2>{_MONTH})\s+(?P<den2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<yen2>20\d\d))?"
    rf"|(?<![a-z])(?P<wden>{'|'.join(_WEEKDAYS)})(?![a-z]))" + _TIME,
    re.IGNORECASE,
)
_NEAR = {"今": 0, "当": 0, "明": 1, "后": 2, "today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1}


@value
class Stated:
    """A date that stands in a text from `start` until before `end`; without an hour it means closing hour."""

    start: int
    end: int
    at: datetime


def dates_in(text: str, now: datetime, calendar: WorkCalendar) -> Iterator[Stated]:
    """The dates in `text`, in order; what is no date of the calendar is passed over."""
    today = calendar.local(now).date()
    for found in _DATE.finditer(text):
        day = _day(found, today)
        if day is not None:
            yield Stated(start=found.start(), end=found.end(), at=_instant(found, day, calendar))


def _day(found: re.Match[str], today: date) -> date | None:
    if near := found["near"]:
        return today + timedelta(days=_NEAR.get(near.lower(), _NEAR.get(near[0], 0)))
    if found["wd"] or found["wden"]:
        return _weekday(found, today)
    year = found["y"] or found["yen"] or found["yen2"]
    name = found["men"] or found["men2"]
    month = _month(name) if name else int(found["m"] or found["m2"])
    number = int(found["d"] or found["d2"] or found["den"] or found["den2"])
    return _date(int(year), month, number) if year else _coming(month, number, today)


def _weekday(found: re.Match[str], today: date) -> date:
    """A bare weekday is the next one, 本 this week's, 下 next week's."""
    number = _WEEKDAYS.index(found["wden"].lower()) if found["wden"] else "一二三四五六日天".index(found["wd"]) % 7
    number = 6 if found["wd"] in {"日", "天"} else number
    monday = today - timedelta(days=today.weekday())
    if (found["next"] or "").startswith("下"):
        return monday + timedelta(days=7 + number)
    if found["next"]:
        return monday + timedelta(days=number)
    return today + timedelta(days=(number - today.weekday()) % 7)


def _coming(month: int, number: int, today: date) -> date | None:
    this_year = _date(today.year, month, number)
    return this_year if this_year and this_year >= today else _date(today.year + 1, month, number)


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower()[:3]))


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _instant(found: re.Match[str], day: date, calendar: WorkCalendar) -> datetime:
    hours = _hours(found)
    if hours is None:
        return calendar.closing(day) if calendar.is_workday(day) else calendar.instant(day, _EVENING)
    midnight = datetime.combine(day, time(), calendar.zone)
    return (midnight + hours).astimezone(UTC)


def _hours(found: re.Match[str]) -> timedelta | None:
    if found["en"]:
        late = found["ampm"].lower().startswith("p")
        return timedelta(hours=int(found["en"]) % 12 + (12 if late else 0))
    if not found["hour"]:
        return timedelta(hours=12) if found["noon"] else None
    hour = int(found["hour"]) if found["hour"].isdigit() else _HAN[found["hour"]]
    late = (found["part"] in {"下午", "傍晚", "晚上"} and hour < 12) or (found["part"] == "中午" and hour < 10)
    minute = 30 if found["half"] == "半" else int(found["cn"] or found["minute"] or 0)
    return timedelta(hours=hour + (12 if late else 0), minutes=minute) if hour <= 24 else None
