"""Weeks, months, quarters and years by name, with the one before and the same of last year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.domain.period import Period, parse_period, period_of
from maild.domain.recurrence import Every
from maild.domain.reportrule import ReportRule
from maild.domain.rule import Bilingual
from tests.domain.times import CALENDAR

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("words", "first", "last", "previous", "year_before"),
    [
        ("2026-10", "2026-10-01", "2026-10-31", "2026-09", "2025-10"),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12", "2025-01"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-01", "2023-02"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4", "2025-Q1"),
        ("2026-q4", "2026-10-01", "2026-12-31", "2026-Q3", "2025-Q4"),
        ("2026", "2026-01-01", "2026-12-31", "2025", "2025"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2025-W52", "2025-W01"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2026-W52", "2025-W52"),
    ],
)
def test_a_period_has_its_days_and_its_neighbours(
    words: str, first: str, last: str, previous: str, year_before: str
) -> None:
    """Its name says its days; the one before ends where it begins; week 53 is compared with week 52."""
    period = parse_period(words)

    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert (period.previous().key, period.year_before().key) == (previous, year_before)
    assert period.previous().last.toordinal() + 1 == period.first.toordinal()
    assert parse_period(period.key) == period


@pytest.mark.parametrize("words", ["", "October", "2026-13", "2026-00", "2026-Q5", "2026-W54", "2025-W53", "26-10"])
def test_what_names_no_period_is_refused(words: str) -> None:
    """A sentence says how it is written."""
    with pytest.raises(ValueError, match="write it as 2026-W48, 2026-10, 2026-Q4 or 2026"):
        parse_period(words)


def test_every_day_lies_in_one_period_of_each_length() -> None:
    """Periods of one length neither overlap nor leave a day out, year after year."""
    for every in (Every.WEEK, Every.MONTH, Every.QUARTER, Every.YEAR):
        for number in range(date(2019, 12, 25).toordinal(), date(2029, 1, 5).toordinal()):
            day = date.fromordinal(number)
            found = period_of(every, day)
            assert found.first <= day <= found.last
            assert period_of(every, found.first) == period_of(every, found.last) == found


def test_a_period_ends_at_the_offices_midnight() -> None:
    """What happened at its last midnight belongs to the next one, by the clock on the office's wall."""
    start, end = parse_period("2026-10").bounds(SHANGHAI)

    assert start == datetime(2026, 10, 1, tzinfo=SHANGHAI)
    assert end == datetime(2026, 11, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/London", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe"]
)
def test_months_touch_where_clocks_are_put_on_and_back(zone: str) -> None:
    """Every half hour of two years lies in the month of its local date and in no other, where midnight is left out too."""
    local = ZoneInfo(zone)
    period = parse_period("2025-12")
    start, end = period.bounds(local)
    for number in range(2 * 366 * 48):
        moment = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=30 * number)
        if moment >= end:
            period = period_of(Every.MONTH, period.last + timedelta(days=1))
            start, following = period.bounds(local)
            assert start == end
            end = following
        day = moment.astimezone(local).date()
        assert start <= moment < end
        assert period.first <= day <= period.last


@pytest.mark.parametrize(
    ("now", "due", "about"),
    [
        ("2026-10-08T09:00", "2026-10-08T09:00", "2026-09"),  # the first working day behind the holidays
        ("2026-10-08T08:59", "2026-09-01T09:00", "2026-08"),
        ("2026-11-30T23:00", "2026-11-02T09:00", "2026-10"),
    ],
)
def test_a_report_is_due_on_the_first_working_day(now: str, due: str, about: str) -> None:
    """Over the national holidays it waits, and until its hour the one before is the last."""
    rule = ReportRule(id="m", name=Bilingual(zh="月", en="m"), about="month", when="每月第一个工作日", to=("gm",))
    found = rule.last_due(datetime.fromisoformat(f"{now}+08:00"), CALENDAR)

    assert found is not None
    moment, period = found
    assert (CALENDAR.local(moment).strftime("%Y-%m-%dT%H:%M"), period) == (due, parse_period(about))
    assert isinstance(period, Period)
