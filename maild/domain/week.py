"""Weekly hours as a clerk writes them: `Mon-Fri 08:30-12:00, 13:30-18:00; Sat 09:00-12:00`, zh too."""

import itertools
import re
from datetime import time

from maild.domain.value import value

_NAMES = (
    ("mon", "monday", "周一", "星期一"),
    ("tue", "tuesday", "周二", "星期二"),
    ("wed", "wednesday", "周三", "星期三"),
    ("thu", "thursday", "周四", "星期四"),
    ("fri", "friday", "周五", "星期五"),
    ("sat", "saturday", "周六", "星期六"),
    ("sun", "sunday", "周日", "星期日", "周天", "星期天"),
)
_WEEKDAY = {name: number for number, names in enumerate(_NAMES) for name in names}
_FRIDAY = 4
_RULE = re.compile(r"(?P<days>[a-z一-鿿]+(?:\s*[-,至到、]\s*[a-z一-鿿]+)*)\s*(?P<hours>\d.*)")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-~至到]\s*(\d{1,2}):(\d{2})")


@value
class Shift:
    """Local hours, `start` until before `end`, on one day."""

    start: time
    end: time


@value
class Week:
    """The shifts of Monday to Sunday, earliest first."""

    days: tuple[tuple[Shift, ...], ...]

    @property
    def normal(self) -> tuple[Shift, ...]:
        """The hours of a make-up workday: Friday's, or the first ones there are."""
        return self.days[_FRIDAY] or next(shifts for shifts in self.days if shifts)


def parse_week(words: str) -> Week:
    """Weekly hours; ValueError with a sentence where they cannot be read."""
    days: list[tuple[Shift, ...]] = [()] * 7
    for rule in re.split(r"[;；\n]", words.lower()):
        if not rule.strip():
            continue
        found = _RULE.fullmatch(rule.strip())
        if not found:
            raise _unread(rule, words)
        for number in _weekdays(found["days"], words):
            days[number] = parse_shifts(found["hours"])
    if not any(days):
        raise _unread(words, words)
    return Week(days=tuple(days))


def parse_shifts(words: str) -> tuple[Shift, ...]:
    """The hours of one day; ValueError with a sentence where they cannot be read or overlap."""
    shifts = []
    for part in re.split(r"[,，、]", words):
        found = _SHIFT.fullmatch(part.strip())
        if not found:
            raise _unread(part, words)
        shifts.append(_shift(*(int(number) for number in found.groups())))
    if any(later.start < earlier.end for earlier, later in itertools.pairwise(shifts)):
        raise ValueError(f"the hours '{words.strip()}' overlap or are out of order; write them earliest first")
    return tuple(shifts)


def _shift(*numbers: int) -> Shift:
    try:
        start, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError as error:
        raise ValueError(f"{numbers[0]}:{numbers[1]:02}-{numbers[2]}:{numbers[3]:02} are no hours of a day") from error
    if start >= end:
        raise ValueError(f"the hours {start:%H:%M}-{end:%H:%M} end before they begin; split a night at 00:00")
    return Shift(start=start, end=end)


def _weekdays(words: str, whole: str) -> set[int]:
    numbers: set[int] = set()
    for part in re.split(r"\s*[,、]\s*", words.strip()):
        ends = [_WEEKDAY.get(name) for name in re.split(r"\s*[-至到]\s*", part)]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise _unread(part, whole)
        numbers |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return numbers


def _unread(part: str, whole: str) -> ValueError:
    return ValueError(
        f"'{part.strip()}' in '{whole.strip()}' are no hours; write for instance Mon-Fri 08:30-12:00, 13:30-18:00"
    )


DEFAULT_WEEK = parse_week("Mon-Fri 08:30-12:00, 13:30-18:00")
"""One working day is 8 hours (casework 6)."""
