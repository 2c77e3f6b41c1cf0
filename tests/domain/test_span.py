"""Lengths of time in the pack's own words, and weekly hours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.span import Span, SpanUnit, parse_span
from maild.domain.week import parse_shifts, parse_week


@pytest.mark.parametrize(
    ("words", "unit", "count"),
    [
        ("30 minutes", SpanUnit.MINUTES, 30),
        ("4 hours", SpanUnit.MINUTES, 240),
        ("30分钟", SpanUnit.MINUTES, 30),
        ("4 working hours", SpanUnit.WORKING_MINUTES, 240),
        ("4 个工作小时", SpanUnit.WORKING_MINUTES, 240),
        ("1 working day", SpanUnit.HALF_WORKING_DAYS, 2),
        ("3 working days", SpanUnit.HALF_WORKING_DAYS, 6),
        ("3 wd", SpanUnit.HALF_WORKING_DAYS, 6),
        ("3个工作日", SpanUnit.HALF_WORKING_DAYS, 6),
        ("半个工作日", SpanUnit.HALF_WORKING_DAYS, 1),
        ("7 days", SpanUnit.DAYS, 7),
        ("2 weeks", SpanUnit.DAYS, 14),
        ("7天", SpanUnit.DAYS, 7),
        ("same day", SpanUnit.SAME_DAY, 0),
        ("当日", SpanUnit.SAME_DAY, 0),
        ("plan date", SpanUnit.PLAN_DATE, 0),
        ("last 5 days of month 1,4,7,10", SpanUnit.WINDOW, 5),
        ("last 7 days of the quarter", SpanUnit.WINDOW, 7),
        ("每季度最后7天", SpanUnit.WINDOW, 7),
        ("1,4,7,10月最后5天", SpanUnit.WINDOW, 5),
    ],
)
def test_words_are_read(words: str, unit: SpanUnit, count: int) -> None:
    """The pack's words are read, Chinese and English, and what is written back is read again."""
    span = parse_span(words)

    assert (span.unit, span.count) == (unit, count)
    assert parse_span(str(span)) == span


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "3",
        "0 days",
        "-1 day",
        "3 workin days",
        "1.3 working days",
        "last 40 days of month 1",
        "last 5 days of month 13",
        "尽快",
        "3 working days later",
    ],
)
def test_what_is_no_length_of_time(words: str) -> None:
    """What cannot be read is refused with a sentence that shows what to write."""
    with pytest.raises(ValueError, match="write for instance 30 minutes"):
        parse_span(words)


@pytest.mark.parametrize(
    ("words", "half"),
    [
        ("1 working day", "4 working hours"),
        ("10 working days", "5 working days"),
        ("3 working days", "1.5 working days"),
        ("4 working hours", "2 working hours"),
        ("30 minutes", "15 minutes"),
        ("7 days", "4 days"),
        ("same day", "same day"),
        ("plan date", "plan date"),
        ("last 7 days of the quarter", "last 7 days of the quarter"),
    ],
)
def test_halved(words: str, half: str) -> None:
    """High urgency halves a length; half a working day is four working hours."""
    halved = parse_span(words).halved()

    assert halved in {parse_span(half), parse_span("0.5 working days")}
    assert str(halved) == half.replace("4 working hours", "0.5 working days") or str(halved) == half


@given(st.sampled_from([u for u in SpanUnit if u is not SpanUnit.WINDOW]), st.integers(1, 2000))
def test_every_span_reads_back(unit: SpanUnit, count: int) -> None:
    """Whatever a clock remembers as its length can be read again, for computing it anew."""
    span = Span(unit=unit, count=0 if unit in {SpanUnit.SAME_DAY, SpanUnit.PLAN_DATE} else count)

    assert parse_span(str(span)) == span


def test_week() -> None:
    """Weekly hours name days, rows of days and shifts."""
    week = parse_week("Mon-Thu 08:30-12:00, 13:30-18:00; Fri 09:00-12:00; 周六、周日 10:00-11:00")

    assert [len(shifts) for shifts in week.days] == [2, 2, 2, 2, 1, 1, 1]
    assert week.normal == parse_shifts("09:00-12:00")


def test_a_row_of_days_may_pass_sunday() -> None:
    """Sat-Mon is Saturday, Sunday and Monday."""
    assert [bool(shifts) for shifts in parse_week("Sat-Mon 08:00-12:00").days] == [True, *[False] * 4, True, True]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "are no hours"),
        ("Mon", "are no hours"),
        ("Funday 08:00-12:00", "are no hours"),
        ("Mon 8-12", "are no hours"),
        ("Mon 12:00-08:00", "end before they begin"),
        ("Mon 08:00-12:00, 11:00-13:00", "overlap"),
        ("Mon 25:00-26:00", "no hours of a day"),
    ],
)
def test_hours_that_cannot_be(words: str, sentence: str) -> None:
    """Hours that cannot be are refused with a sentence."""
    with pytest.raises(ValueError, match=sentence):
        parse_week(words)
