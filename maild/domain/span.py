"""Lengths of time in the pack's own words: `4 working hours`, `3 working days`, `last 7 days of the quarter`.

Chinese and English; what cannot be read is refused with a sentence. How long a span lasts on the clock is said by
an office's calendar (`worktime.py`).
"""

import re
from datetime import timedelta
from enum import StrEnum

from maild.domain.value import value


class SpanUnit(StrEnum):
    """What a span counts."""

    MINUTES = "minutes"
    """Day and night."""
    WORKING_MINUTES = "working-minutes"
    HALF_WORKING_DAYS = "half-working-days"
    """Whole ones end at closing hour, a half one is four working hours (casework 6)."""
    DAYS = "days"
    """Calendar days; ends at the closing hour of the day reached, or of the next working day."""
    SAME_DAY = "same-day"
    """P3.5.1: before closing hour of the day it comes, else by noon of the next working day."""
    WINDOW = "window"
    """The last `count` days of `months`."""
    PLAN_DATE = "plan-date"
    """No length of its own: the date that a plan sets."""


HALF_DAY = timedelta(hours=4)
"""A halved working day (casework 6)."""
_QUARTER = (3, 6, 9, 12)
_NUMBER = r"(?P<n>\d{1,4}(?:\.\d)?|半)"
_LENGTH = re.compile(
    rf"{_NUMBER}\s*个?\s*(?P<working>working|work|工作)?\s*"
    r"(?P<unit>minutes?|mins?|hours?|days?|weeks?|wd|分钟|小时|[天日]|周|星期)",
    re.IGNORECASE,
)
_MONTHS = r"(?P<months>\d{1,2}(?:\s*[,、]\s*\d{1,2})*)"
_WINDOWS = (
    re.compile(rf"last (?P<n>\d+) days? of (?:the )?(?:(?P<quarter>quarter)|months? {_MONTHS})", re.IGNORECASE),
    re.compile(rf"(?:(?P<quarter>每?季度?末?)|{_MONTHS}\s*月)的?最后\s*(?P<n>\d+)\s*[天日]"),
)
_SAME_DAY = frozenset({"same day", "当日", "当天", "同日"})
_PLAN_DATE = frozenset({"plan date", "计划日期"})
_MINUTES = {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "分钟": 1, "hour": 60, "hours": 60, "小时": 60}
_DAYS = {"day": 1, "days": 1, "天": 1, "日": 1, "wd": 1, "week": 7, "weeks": 7, "周": 7, "星期": 7}


@value
class Span:
    """A length of time; `count` in the units of `unit`."""

    unit: SpanUnit
    count: int = 0
    months: tuple[int, ...] = ()

    def halved(self) -> "Span":
        """For urgency `high` (casework 6); windows, plan dates and the same day stay what they are."""
        if self.unit is SpanUnit.HALF_WORKING_DAYS and self.count == 1:
            return Span(unit=SpanUnit.WORKING_MINUTES, count=int(HALF_DAY / timedelta(minutes=2)))
        if self.unit in {SpanUnit.MINUTES, SpanUnit.WORKING_MINUTES, SpanUnit.HALF_WORKING_DAYS}:
            return Span(unit=self.unit, count=max(1, self.count // 2))
        if self.unit is SpanUnit.DAYS:
            return Span(unit=self.unit, count=(self.count + 1) // 2)
        return self

    def __str__(self) -> str:
        """In words that `parse_span` reads back."""
        if self.unit is SpanUnit.WINDOW:
            quarter = self.months == _QUARTER
            return f"last {self.count} days of " + (
                "the quarter" if quarter else f"month {','.join(str(month) for month in self.months)}"
            )
        if self.unit in {SpanUnit.SAME_DAY, SpanUnit.PLAN_DATE}:
            return self.unit.replace("-", " ")
        return self._counted()

    def _counted(self) -> str:
        if self.unit is SpanUnit.HALF_WORKING_DAYS:
            return _plural(self.count / 2, "working day")
        if self.unit is SpanUnit.DAYS:
            return _plural(self.count, "day")
        working = "working " if self.unit is SpanUnit.WORKING_MINUTES else ""
        whole = self.count % 60 == 0
        return _plural(self.count / 60 if whole else self.count, working + ("hour" if whole else "minute"))


def parse_span(words: str) -> Span:
    """The span that `words` say; ValueError with a sentence where they say none."""
    text = " ".join(words.split())
    if text.lower() in _SAME_DAY:
        return Span(unit=SpanUnit.SAME_DAY)
    if text.lower() in _PLAN_DATE:
        return Span(unit=SpanUnit.PLAN_DATE)
    span = _window(text) or _length(text)
    if span is None:
        raise ValueError(
            f"'{words}' is no length of time; write for instance 30 minutes, 4 working hours, 3 working days, "
            "same day, 7 days or last 7 days of the quarter"
        )
    return span


def _length(text: str) -> Span | None:
    found = _LENGTH.fullmatch(text)
    if not found:
        return None
    number = 0.5 if found["n"] == "半" else float(found["n"])
    unit = found["unit"].lower()
    working = bool(found["working"]) or unit == "wd"
    if unit in _MINUTES:
        kind, count = SpanUnit.WORKING_MINUTES if working else SpanUnit.MINUTES, number * _MINUTES[unit]
    elif working:
        kind, count = SpanUnit.HALF_WORKING_DAYS, 2 * number * _DAYS[unit]
    else:
        kind, count = SpanUnit.DAYS, number * _DAYS[unit]
    return Span(unit=kind, count=int(count)) if count == int(count) and count > 0 else None


def _window(text: str) -> Span | None:
    found = next((match for form in _WINDOWS if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    months = _QUARTER if found["quarter"] else tuple(int(month) for month in re.findall(r"\d+", found["months"]))
    count = int(found["n"])
    if not 1 <= count <= 28 or not all(1 <= month <= 12 for month in months):
        return None
    return Span(unit=SpanUnit.WINDOW, count=count, months=months)


def _plural(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"
