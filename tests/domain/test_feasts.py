"""Days named by a feast are those of the office's calendar, make-up days and all; unknown ones are asked back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from maild.adapters.workdays import open_calendar
from maild.domain.feasts import feasts
from maild.domain.whens import deadline
from maild.domain.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CHINA = open_calendar("cn")


def said(text: str, today: str) -> str | None:
    """The day of the deadline in these words, said on this day."""
    return deadline(text, datetime.fromisoformat(f"{today}T10:00").replace(tzinfo=ZONE), calendar=CHINA).date


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("国庆后答复", "2026-09-22", "2026-10-08"),
        ("国庆节前办结", "2026-09-22", "2026-09-30"),
        ("国庆后第二个工作日前给结果", "2026-09-22", "2026-10-09"),
        ("国庆后三天内", "2026-09-22", "2026-10-10"),
        ("十一长假后第一天上班", "2025-09-26", "2025-10-09"),
        ("节后第一个工作日", "2026-09-22", "2026-09-28"),
        ("节后第一个工作日", "2026-10-03", "2026-10-08"),
        ("中秋后一周内", "2026-09-10", "2026-10-04"),
        ("春节前处理完", "2026-01-20", "2026-02-14"),
        ("年后答复，春节后首个工作日", "2026-01-20", "2026-02-24"),
        ("五一前", "2026-04-10", "2026-04-30"),
        ("元旦前整改到位", "2026-11-24", "2026-12-31"),
        ("元旦后第一个工作日", "2026-11-24", "2027-01-04"),
        ("before the National Day holiday", "2026-09-22", "2026-09-30"),
        ("the first working day after the holidays", "2026-09-30", "2026-10-08"),
        ("before New Year's Day", "2026-11-24", "2026-12-31"),
    ],
)
def test_a_feast_is_a_day_of_the_calendar(text: str, today: str, day: str) -> None:
    """Before it lies its last working day, behind it the first one after the days off."""
    assert said(text, today) == day


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("春节前处理完", "2026-11-24"),
        ("国庆后答复", "2026-11-24"),
        ("元旦前三天", "2026-11-24"),
        ("节前不用办", "2026-11-24"),
    ],
)
def test_a_feast_that_is_not_known_is_asked_back(text: str, today: str) -> None:
    """One whose days are not published, one that is over for half a year, and what is no deadline name no day."""
    found = deadline(text, datetime.fromisoformat(f"{today}T10:00").replace(tzinfo=ZONE), calendar=CHINA)

    assert found.date is None
    assert found.past


@pytest.mark.parametrize("text", ["环节后面", "季节前后", "这个细节前面说过", "国庆期间停工", "周五一前", "二十一前"])
def test_words_that_only_hold_a_feast_name_none(text: str) -> None:
    """A stage, a season, a detail; and what falls into a feast is no deadline."""
    assert list(feasts(text, date(2026, 11, 24), CHINA)) == []


def test_the_office_without_feasts_has_their_fixed_days() -> None:
    """A calendar of plain weeks still knows when National Day is."""
    (found,) = feasts("国庆前", date(2026, 9, 22), WorkCalendar())

    assert found.day == date(2026, 9, 30)
