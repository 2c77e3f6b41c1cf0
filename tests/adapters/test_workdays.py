"""Working days of countries and offices."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from maild.adapters import workdays
from maild.adapters.workdays import missing_year, open_calendar
from maild.domain.span import parse_span
from maild.domain.worktime import DayKind, due
from maild.errors import Misconfigured
from tests.domain.times import at, local


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-01-04", DayKind.EXTRA),
        ("2026-02-14", DayKind.EXTRA),
        ("2026-02-28", DayKind.EXTRA),
        ("2026-05-09", DayKind.EXTRA),
        ("2026-09-20", DayKind.EXTRA),
        ("2026-10-10", DayKind.EXTRA),
        ("2026-01-01", DayKind.OFF),
        ("2026-02-17", DayKind.OFF),
        ("2026-10-04", DayKind.OFF),
        ("2026-11-24", DayKind.USUAL),
        ("2026-11-28", DayKind.USUAL),
    ],
)
def test_mainland_china(day: str, kind: DayKind) -> None:
    """Holidays are off, make-up Saturdays and Sundays are worked."""
    assert open_calendar().days.kind(date.fromisoformat(day)) is kind


def test_samples_over_make_up_days() -> None:
    """Working time runs through a make-up Saturday and stops over the holidays."""
    calendar = open_calendar(hours="Mon-Fri 09:00-12:00, 13:30-18:00")

    assert local(due(at("2026-02-13 17:00"), parse_span("4 working hours"), calendar).at) == "2026-02-14 12:00"
    assert local(due(at("2026-09-30 16:00"), parse_span("8 working hours"), calendar).at) == "2026-10-08 16:30"


@pytest.mark.parametrize("with_library", [True, False])
def test_beyond_the_data(monkeypatch: pytest.MonkeyPatch, with_library: bool) -> None:
    """A year without data is guessed, not refused: statutory days are off, and deadlines there are provisional."""
    if not with_library:
        monkeypatch.setattr(workdays, "_library", lambda _country: None)
    workdays._china.cache_clear()
    calendar = open_calendar()
    end = due(at("2026-12-31 09:00"), parse_span("1 working day"), calendar)
    workdays._china.cache_clear()

    assert local(end.at) == "2027-01-04 18:00"
    assert end.provisional
    assert not calendar.is_known(date(2027, 1, 1))
    assert calendar.is_known(date(2026, 12, 31))


def test_a_plain_week() -> None:
    """The calendar `weekday` knows no holidays and is never provisional."""
    calendar = open_calendar("weekday")

    assert calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_known(date(2050, 1, 1))


def test_the_office_has_the_last_word(tmp_path: Path) -> None:
    """Days off, extra workdays, short days and years that are known come from the office's own file."""
    (tmp_path / "calendar.yaml").write_text(
        "hours: Mon-Fri 09:00-12:00, 13:00-17:00\n"
        "off: [2026-12-24, 2027-02-05 to 2027-02-11]\n"
        "work: [2026-12-26]\n"
        'short: {"2026-12-31": "09:00-12:00"}\n'
        "known_years: [2027]\n",
        encoding="utf-8",
    )
    calendar = open_calendar(own=tmp_path / "calendar.yaml")

    assert not calendar.is_workday(date(2026, 12, 24))
    assert local(calendar.closing(date(2026, 12, 26))) == "2026-12-26 17:00"
    assert local(calendar.closing(date(2026, 12, 31))) == "2026-12-31 12:00"
    assert not any(calendar.is_workday(date(2027, 2, 5) + timedelta(days=n)) for n in range(7))
    assert calendar.is_known(date(2027, 3, 1))
    assert not calendar.is_known(date(2028, 3, 1))


def test_a_unit_has_its_own_file(tmp_path: Path) -> None:
    """A unit's calendar may be a file beside the office's own."""
    (tmp_path / "plant.yaml").write_text("calendar: weekday\nhours: Sat-Sun 06:00-18:00\n", encoding="utf-8")
    calendar = open_calendar("plant.yaml", own=tmp_path / "calendar.yaml")

    assert [calendar.is_workday(date(2026, 11, 27) + timedelta(days=n)) for n in range(3)] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("off: [2026-13-01]\n", r"calendar.yaml:1:7: '2026-13-01' cannot be read"),
        ("off: [soon]\n", r":1:7: "),
        ("off: [2027-02-05 to 2027-01-01]\n", r":1:7: .*write 2027-02-05 to 2027-02-11"),
        ("hours: always\n", r":1:8: 'always' in 'always' are no hours"),
        ("calendar: atlantis\n", r":1:11: calendar 'atlantis' is not known"),
        ('short: {"2026-12-31": "9-12"}\n', r":1:23: '9-12'"),
        ("holidays: []\n", r":1:11: unknown key 'holidays'"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, sentence: str) -> None:
    """Each mistake is told with file, line, column and mend."""
    (tmp_path / "calendar.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured, match=sentence):
        open_calendar(own=tmp_path / "calendar.yaml")


def test_unknown_zone() -> None:
    """A time zone that does not exist is told with an example."""
    with pytest.raises(Misconfigured, match="Asia/Shanghai"):
        open_calendar(zone="Asia/Atlantis")


@pytest.mark.parametrize(("today", "year"), [("2026-10-31", None), ("2026-11-01", 2027), ("2025-12-01", None)])
def test_the_next_year_is_missing(today: str, year: int | None) -> None:
    """From November on a missing next year is worth a warning."""
    assert missing_year(open_calendar(), date.fromisoformat(today)) == year
