"""Working time: deadlines, reminders, windows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.span import SpanUnit, parse_span
from maild.domain.week import parse_week
from maild.domain.worktime import (
    DayKind,
    WorkCalendar,
    add_working,
    counts_from,
    due,
    later,
    open_period,
    reminder,
    workday_after,
    working_between,
)
from tests.domain.times import CALENDAR, at, local

INSTANTS = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001
WORKING_SPANS = st.sampled_from(
    ["4 working hours", "1 working day", "3 working days", "2.5 working days", "0.5 working days", "15 working days"]
)


@pytest.mark.parametrize(
    ("start", "words", "end"),
    [
        ("2026-11-23 10:00", "3 working days", "2026-11-26 18:00"),  # Monday + 3 wd = Thursday
        ("2026-11-23 07:00", "3 working days", "2026-11-26 18:00"),
        ("2026-11-23 18:30", "3 working days", "2026-11-27 18:00"),
        ("2026-11-21 12:00", "1 working day", "2026-11-24 18:00"),  # Saturday counts as Monday's opening
        ("2026-11-23 10:00", "4 working hours", "2026-11-23 15:30"),
        ("2026-11-23 07:00", "4 working hours", "2026-11-23 14:00"),
        ("2026-11-23 12:30", "4 working hours", "2026-11-23 17:30"),
        ("2026-11-23 17:00", "4 working hours", "2026-11-24 11:30"),
        ("2026-11-20 18:00", "4 working hours", "2026-11-23 14:00"),
        ("2026-02-13 17:00", "4 working hours", "2026-02-14 11:30"),  # into a make-up Saturday
        ("2026-02-13 17:00", "1 working day", "2026-02-14 18:00"),
        ("2026-02-14 17:00", "1 working day", "2026-02-24 18:00"),  # over the holiday
        ("2026-09-30 16:00", "8 working hours", "2026-10-08 16:00"),
        ("2026-11-23 10:00", "0.5 working days", "2026-11-23 15:30"),
        ("2026-11-23 10:00", "1.5 working days", "2026-11-25 14:00"),
        ("2026-11-28 23:50", "30 minutes", "2026-11-29 00:20"),  # day and night
        ("2026-11-23 10:00", "7 days", "2026-11-30 18:00"),
        ("2026-11-21 10:00", "7 days", "2026-11-30 18:00"),  # the 28th is a Saturday
        ("2026-11-23 10:00", "last 7 days of the quarter", "2026-12-31 18:00"),
        ("2026-01-31 19:00", "last 5 days of month 1,4,7,10", "2026-04-30 18:00"),
        ("2026-10-05 19:00", "last 5 days of month 1,4,7,10", "2026-10-30 18:00"),  # the 31st is a Saturday
    ],
)
def test_due(start: str, words: str, end: str) -> None:
    """Deadlines lie where casework 6 says."""
    assert local(due(at(start), parse_span(words), CALENDAR).at) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23 08:32", "2026-11-23 18:00"),
        ("2026-11-23 06:00", "2026-11-23 18:00"),
        ("2026-11-23 15:59", "2026-11-23 18:00"),
        ("2026-11-23 17:30", "2026-11-23 19:30"),  # at least two hours
        ("2026-11-23 18:00", "2026-11-24 12:00"),
        ("2026-11-27 22:00", "2026-11-30 12:00"),
        ("2026-11-28 09:00", "2026-11-30 12:00"),
        ("2026-10-01 09:00", "2026-10-08 12:00"),
    ],
)
def test_same_day(start: str, end: str) -> None:
    """A directive is relayed the day it comes, with at least 2 hours; late or on a day off, by noon (P3.5.1)."""
    assert local(due(at(start), parse_span("same day"), CALENDAR).at) == end


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=9)), WORKING_SPANS)
def test_later_mail_is_never_due_earlier(start: datetime, gap: timedelta, words: str) -> None:
    """A clock that starts later never ends earlier."""
    span = parse_span(words)

    assert due(start, span, CALENDAR).at <= due(start + gap, span, CALENDAR).at


@given(INSTANTS, WORKING_SPANS)
def test_due_lies_in_working_hours(start: datetime, words: str) -> None:
    """A working deadline lies behind its start, within an interval of work or at its end."""
    end = due(start, parse_span(words), CALENDAR).at
    day = CALENDAR.local(end).date()

    assert end > start
    assert any(interval.start < end <= interval.end for interval in CALENDAR.intervals(day))


@given(INSTANTS, st.integers(1, 400), st.integers(0, 400))
def test_working_time_adds_up(start: datetime, first: int, second: int) -> None:
    """Adding in two steps is adding at once, and what was added can be measured."""
    one, two = timedelta(minutes=37 * first), timedelta(minutes=37 * second)
    end = add_working(start, one + two, CALENDAR)

    assert add_working(add_working(start, one, CALENDAR), two, CALENDAR) in {end, counts_from(end, CALENDAR)}
    assert working_between(start, end, CALENDAR) == one + two


@given(INSTANTS, WORKING_SPANS)
def test_the_reminder_comes_in_time(start: datetime, words: str) -> None:
    """A reminder comes after the start and two working hours before the end, where there is that much time."""
    end = due(start, parse_span(words), CALENDAR).at
    early = reminder(start, end, CALENDAR)

    assert start <= early < end
    assert working_between(early, end, CALENDAR) >= timedelta(hours=2) or working_between(
        start, end, CALENDAR
    ) < timedelta(hours=2.5)


@pytest.mark.parametrize(
    ("start", "end", "early"),
    [
        ("2026-11-23 08:30", "2026-11-26 18:00", "2026-11-25 15:20"),  # two thirds of 32 hours
        ("2026-11-23 10:00", "2026-11-23 15:30", "2026-11-23 12:00"),  # two of four hours
        ("2026-11-23 08:32", "2026-11-23 18:00", "2026-11-23 15:20"),
        ("2026-11-23 17:00", "2026-11-23 19:30", "2026-11-23 18:40"),  # behind closing hour: by the clock
        ("2026-11-28 23:00", "2026-11-29 03:00", "2026-11-29 01:40"),
        ("2026-11-23 10:00", "2026-11-23 12:00", "2026-11-23 11:20"),
    ],
)
def test_reminder(start: str, end: str, early: str) -> None:
    """Two thirds of the time, at least two working hours before."""
    assert local(reminder(at(start), at(end), CALENDAR)) == early


@pytest.mark.parametrize(
    ("start", "words", "provisional"),
    [("2026-11-24 09:00", "3 working days", False), ("2026-12-30 09:00", "3 working days", True)],
)
def test_beyond_the_data(start: str, words: str, provisional: bool) -> None:
    """A deadline beyond the calendar's data says that it is provisional."""
    assert due(at(start), parse_span(words), CALENDAR).provisional is provisional


@pytest.mark.parametrize(
    ("words", "times", "end"),
    [
        ("1 working day", 0, "2026-11-27 18:00"),
        ("1 working day", 1, "2026-11-30 18:00"),
        ("1 working day", 3, "2026-12-02 18:00"),
        ("15 minutes", 2, "2026-11-27 18:30"),
        ("2 working hours", 2, "2026-11-30 14:00"),
        ("2 days", 2, "2026-12-01 18:00"),
        ("0.5 working days", 1, "2026-11-30 14:00"),
    ],
)
def test_steps_of_a_ladder(words: str, times: int, end: str) -> None:
    """A rung a working day lies at the same local time of the next working days."""
    assert local(later(at("2026-11-27 18:00"), parse_span(words), times, CALENDAR)) == end


def test_another_zone() -> None:
    """A deadline lies at the local closing hour of the unit's own zone, also after a clock change."""
    berlin = WorkCalendar(week=parse_week("Mon-Fri 09:00-17:00"), zone=ZoneInfo("Europe/Berlin"))
    friday = datetime(2026, 10, 23, 8, 0, tzinfo=UTC)

    assert due(friday, parse_span("1 working day"), berlin).at == datetime(2026, 10, 26, 16, 0, tzinfo=UTC)
    assert due(friday, parse_span("8 working hours"), berlin).at == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_a_week_without_monday() -> None:
    """A calendar does not need any particular weekday."""
    calendar = WorkCalendar(week=parse_week("Tue-Wed 09:00-10:00"))

    assert local(due(at("2026-11-26 09:00"), parse_span("2 working days"), calendar).at) == "2026-12-08 10:00"


def test_hours_of_one_day() -> None:
    """A day with hours of its own ends when it says."""
    eve = date(2026, 12, 31)
    calendar = replace(CALENDAR, special={eve: parse_week("Thu 08:30-12:00").days[3]})

    assert local(due(at("2026-12-30 10:00"), parse_span("1 working day"), calendar).at) == "2026-12-31 12:00"


@pytest.mark.parametrize(("day", "key"), [("2026-12-24", None), ("2026-12-25", "2026-12"), ("2026-12-31", "2026-12")])
def test_open_period(day: str, key: str | None) -> None:
    """A window is open in its last days alone, both ends included, and has a name of its own."""
    period = open_period(parse_span("last 7 days of the quarter"), date.fromisoformat(day))

    assert (period.key if period else None) == key


def test_years_are_quick_to_walk() -> None:
    """A span of years is counted by days; it ends where the days say."""
    assert workday_after(date(2026, 1, 1), WorkCalendar(), 2610) == date(2036, 1, 3)


def test_no_working_day_at_all() -> None:
    """A calendar on which nobody ever works is told, not walked for ever."""
    with pytest.raises(ValueError, match="add weekly hours"):
        due(at("2026-11-24 09:00"), parse_span("1 working day"), replace(CALENDAR, days=_Never()))


def test_a_plan_date_has_no_length() -> None:
    """A clock cannot be started where only a plan sets the date."""
    assert parse_span("plan date").unit is SpanUnit.PLAN_DATE
    with pytest.raises(ValueError, match="a date must be given"):
        due(at("2026-11-24 09:00"), parse_span("plan date"), CALENDAR)


class _Never:
    def kind(self, _day: date) -> DayKind:
        return DayKind.OFF

    def is_known(self, _day: date) -> bool:
        return True
