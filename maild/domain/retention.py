"""How long a case keeps what it tells of people, and what goes then: retention.yaml of a pack (security.md).

The time runs from the end of a case. Nothing goes by itself: `maild retain` lists what is due, and does it when told.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from maild.domain.case import Case, State
from maild.domain.value import value

ENDED = frozenset({State.CLOSED, State.SET_ASIDE, State.MERGED})
_AGE = re.compile(r"\s*(\d{1,4})\s*个?\s*(days?|weeks?|months?|years?|天|日|周|星期|月|年)\s*", re.IGNORECASE)
_MONTHS = {"month": 1, "year": 12, "月": 1, "年": 12}
_DAYS = {"day": 1, "week": 7, "天": 1, "日": 1, "周": 7, "星期": 7}


class Goes(StrEnum):
    """What an erasure takes."""

    PERSON = "person"
    """Who wrote, what they wrote and everything that quotes it; the office's own findings stay, without names."""
    EVERYTHING = "everything"
    """All but number, type, unit, dates and figures."""


@value
class Age:
    """A length of calendar time."""

    months: int = 0
    days: int = 0

    def after(self, moment: datetime) -> datetime:
        """That much later; the 31st becomes the last day of a shorter month."""
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        moved = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
        return moved + timedelta(days=self.days)


def read_age(text: str) -> Age:
    """`3 years`, `6 个月`, `90 天`; ValueError with a sentence where it is no such length."""
    match = _AGE.fullmatch(text)
    count, unit = (int(match[1]), match[2].lower().rstrip("s")) if match else (0, "")
    if not count:
        raise ValueError(f"'{text}' is no length of time; write for instance 90 days, 6 months or 3 years")
    return Age(months=count * _MONTHS[unit]) if unit in _MONTHS else Age(days=count * _DAYS[unit])


@value
class Keep:
    """One row: cases of these types are kept so long after their end; without types, all."""

    after: str
    erase: Goes
    types: tuple[str, ...] = ()

    @property
    def age(self) -> Age:
        """How long that is."""
        return read_age(self.after)


@value
class Retention:
    """What retention.yaml may hold; the first row that fits decides, and a type without one is kept for good."""

    retention: tuple[Keep, ...] = ()

    def row_for(self, kind: str) -> Keep | None:
        """The row of this type."""
        return next((row for row in self.retention if not row.types or kind in row.types), None)


def ended_at(case: Case) -> datetime | None:
    """When a case came to its end; None while somebody works on it."""
    return (case.closed_at or case.last_human_event) if case.state in ENDED else None


def due(family: Iterable[Case], kept: Retention) -> tuple[Keep, datetime] | None:
    """Which row rules a case with those that are one with it, and when it is due; None where nothing ever is.

    They go together, when the last of them may; a hold on one of them holds all.
    """
    found = []
    for case in family:
        row, end = kept.row_for(case.type), ended_at(case)
        if row is None or end is None or case.hold:
            return None
        found.append((row, row.age.after(end)))
    return max(found, key=lambda one: one[1]) if found else None
