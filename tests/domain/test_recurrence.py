"""What comes again is found forwards and backwards alike."""

from datetime import date, timedelta
from itertools import takewhile

import pytest

from maild.domain.recurrence import openings, openings_until, parse_recurrence
from tests.domain.times import CALENDAR

WORDS = (
    "monthly", "quarterly", "every friday", "every sunday", "day 25 of every month", "day 31 of every month",
    "3rd working day of the quarter", "last working day of the month", "last 7 days of the quarter",
    "last 5 working days of the month", "last 5 days of January, April, July and October",
    "first working day of the year", "2026-02-17", "2026-10-01",
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_looking_back_finds_what_looking_ahead_found(words: str) -> None:
    """On each day of fourteen months the times that have begun are those that come from long before, reversed."""
    recurrence, first = parse_recurrence(words), date(2025, 12, 1)
    long_before = first - timedelta(days=500)
    ahead = [one for start in (long_before, long_before + timedelta(days=400), long_before + timedelta(days=800))
             for one in openings(recurrence, start, CALENDAR)]  # fmt: skip
    known = sorted({one.key: one for one in ahead}.values(), key=lambda one: (one.first, one.key))
    for day in (first + timedelta(days=number) for number in range(425)):
        begun = list(takewhile(lambda one, day=day: one.first <= day, known))  # type: ignore[misc]
        since = day - timedelta(days=400)
        assert list(openings_until(recurrence, day, CALENDAR)) == [one for one in begun[::-1] if one.first >= since]
