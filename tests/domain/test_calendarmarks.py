"""What is remembered of a calendar, and from where on it changed."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from maild.domain.calendarmarks import changed_from, month_marks
from maild.domain.worktime import DayKind, WorkCalendar

TODAY = date(2026, 11, 24)


class _Days:
    def __init__(self, off: date | None = None, known_until: int = 2026) -> None:
        self.off, self.known_until = off, known_until

    def kind(self, day: date) -> DayKind:
        return DayKind.OFF if day == self.off else DayKind.USUAL

    def is_known(self, day: date) -> bool:
        return day.year <= self.known_until


PLAIN = WorkCalendar(days=_Days())


def test_one_more_day_off_changes_its_month_and_no_other() -> None:
    """Clocks that end before that month need no look."""
    before = month_marks(PLAIN, TODAY)
    now = month_marks(WorkCalendar(days=_Days(off=date(2027, 2, 8))), TODAY)

    assert changed_from(before, now) == date(2027, 2, 1)
    assert [month for month in now if now[month] != before[month]] == ["2027-02"]


def test_data_that_arrives_is_a_change() -> None:
    """A year that was guessed and is known now is reckoned again, even where no day differs."""
    known = WorkCalendar(days=_Days(known_until=2027))

    assert changed_from(month_marks(PLAIN, TODAY), month_marks(known, TODAY)) == date(2027, 1, 1)


def test_the_same_calendar_a_month_later_is_no_change() -> None:
    """Months that came into view are no news, and the same days make the same marks on every machine."""
    assert changed_from(month_marks(PLAIN, TODAY), month_marks(PLAIN, date(2027, 1, 5))) is None


def test_another_time_zone_changes_everything() -> None:
    """The closing hour is another instant."""
    moved = replace(PLAIN, zone=ZoneInfo("Europe/Berlin"))

    assert changed_from(month_marks(PLAIN, TODAY), month_marks(moved, TODAY)) == date(2025, 11, 1)


def test_nothing_remembered_means_everything_may_have_changed() -> None:
    """The first start after an upgrade looks at every open clock once."""
    assert changed_from({}, month_marks(PLAIN, TODAY)) == date.min
