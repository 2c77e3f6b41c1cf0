"""Dates, lengths and sizes as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.domain.wording import catalogue_language, date_text, day_text, length_text, shown, size_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_date_carries_its_weekday_in_the_readers_time() -> None:
    """18:00 in Shanghai, whatever the machine's zone is."""
    assert date_text(TUESDAY, SHANGHAI, "zh") == "11月24日（周二）18:00"
    assert date_text(TUESDAY, SHANGHAI, "en-GB") == "Tue 24 Nov 18:00"
    assert day_text(TUESDAY, "zh") == "11月24日（周二）"


def test_a_date_of_another_year_says_so() -> None:
    """A deadline in January is not taken for last January's."""
    january = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

    assert date_text(january, SHANGHAI, "zh", now=TUESDAY) == "2027年1月1日（周五）00:30"
    assert date_text(january, SHANGHAI, "en", now=TUESDAY) == "Fri 1 Jan 2027 00:30"
    assert date_text(TUESDAY, SHANGHAI, "en", now=TUESDAY) == "Tue 24 Nov 18:00"


@pytest.mark.parametrize(
    ("zone", "text"),
    [("Asia/Shanghai", "18:00 UTC+8"), ("Asia/Kolkata", "15:30 UTC+5:30"), ("America/New_York", "05:00 UTC-5"),
     ("UTC", "10:00 UTC+0")],
)  # fmt: skip
def test_a_zone_is_named_where_zones_differ(zone: str, text: str) -> None:
    """A reader elsewhere can tell whose 18:00 it is."""
    assert date_text(TUESDAY, ZoneInfo(zone), "en", named=True) == f"Tue 24 Nov {text}"


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(minutes=1), "1 分钟", "1 minute"),
        (timedelta(minutes=90), "1 小时", "1 hour"),
        (timedelta(days=3, hours=5), "3 天", "3 days"),
        (timedelta(seconds=20), "1 分钟", "1 minute"),
    ],
)
def test_a_length_is_told_in_its_largest_unit(length: timedelta, zh: str, en: str) -> None:
    """Nobody is told of 5400 seconds."""
    assert (zh, en) == (length_text(length, "zh"), length_text(length, "en"))


@pytest.mark.parametrize(("size", "text"), [(312, "312 B"), (48 * 1024, "48 KB"), (2_500_000, "2.4 MB")])
def test_a_size_is_short(size: int, text: str) -> None:
    """Three digits are enough to choose."""
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("language", "chosen"), [("zh", "zh"), ("zh-Hant", "zh"), ("zh_CN", "zh"), ("", "zh"), ("en", "en"), ("ko", "en")]
)
def test_every_language_has_words(language: str, chosen: str) -> None:
    """Chinese of every kind is zh, all else en."""
    assert catalogue_language(language) == chosen


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("one\r\ntwo\rthree\u2028four\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("tab\tstays", "tab\tstays"),
        ("\x1b[31mred\x00", "[31mred"),
        ("👨\u200d👩\u200d👧 家", "👨\u200d👩\u200d👧 家"),
        ("x\ud800y", "xy"),
    ],
)
def test_shown_text_cannot_change_its_surroundings(hostile: str, safe: str) -> None:
    """Overrides, control characters and half surrogates go; words, tabs and joined emoji stay."""
    assert shown(hostile) == safe
