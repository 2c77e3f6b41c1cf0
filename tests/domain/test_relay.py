"""Dates in the words of a directive (P3.5.1)."""

import pytest

from maild.domain.relay import special_relay_date, stated_end
from maild.domain.when import dates_in
from tests.domain.times import CALENDAR, at, local

CAME = at("2026-11-24 09:00")
"""A Tuesday."""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("【特殊】请于11月26日前传达到班组", "2026-11-26 18:00"),
        ("［特殊］组织调整\n请11月30日12:00前传达。11月29日前不要外传", "2026-11-30 12:00"),
        ("特殊情况可于周五上午10点前传达。", "2026-11-27 10:00"),
        ("特殊情况可于明天24点前传达", "2026-11-26 00:00"),
        ("属特殊情况，今天先不要下发，周三下午三点以后再传达到部门负责人", "2026-11-25 18:00"),
        ("[special] please relay by 27 November", "2026-11-27 18:00"),
        ("Special circumstances: relay by Friday 3 pm.", "2026-11-27 15:00"),
    ],
)
def test_a_date_of_its_own(text: str, date: str) -> None:
    """A mark or the phrase sets its own date."""
    found = special_relay_date(text, CAME, CALENDAR)

    assert found is not None
    assert local(found) == date


@pytest.mark.parametrize(
    "text",
    [
        "11月26日前传达",
        "特殊岗位名单，11月26日前上报",
        "【特殊】请传达",
        "【特殊】11月1日前传达过的，2026年11月2日作废",
    ],
)
def test_no_special_date(text: str) -> None:
    """Without mark or phrase, or without a date that lies ahead and has 前 behind it, the usual rule holds."""
    found = special_relay_date(text, CAME, CALENDAR)

    assert found is None or local(found).startswith("2027")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("生产部：11月28日24点前完成线边清料；物流部：11月30日20点前出结果", "2026-11-30 20:00"),
        ("All units finish by 5 December 2026.", "2026-12-05 18:00"),
        ("请今天传达到班组", None),
        ("11月29日至30日进行年末盘点", None),
    ],
)
def test_the_end_that_a_directive_states(text: str, date: str | None) -> None:
    """The latest date by which something must be carried out is the directive's own end."""
    found = stated_end(text, CAME, CALENDAR)

    assert (local(found) if found else None) == date


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2026年12月1日", ["2026-12-01 18:00"]),
        ("2026-12-01 和 2026/12/2 09:30", ["2026-12-01 18:00", "2026-12-02 09:30"]),
        ("1月5日", ["2027-01-05 18:00"]),
        ("周二、下周二、本周一", ["2026-11-24 18:00", "2026-12-01 18:00", "2026-11-23 18:00"]),
        ("周日", ["2026-11-29 18:00"]),
        ("后天下午3点半", ["2026-11-26 15:30"]),
        ("今天晚上8点20分", ["2026-11-24 20:20"]),
        ("明天中午", ["2026-11-25 12:00"]),
        ("下周一上午十点", ["2026-11-30 10:00"]),
        ("Dec 3rd, tomorrow at 9 am, Monday", ["2026-12-03 18:00", "2026-11-25 09:00", "2026-11-30 18:00"]),
        ("2月30日, 13月1日, 2026年2月29日", []),
        ("第三次会议, 版本 2.11, 100.5", []),
    ],
)
def test_dates_in_words(text: str, dates: list[str]) -> None:
    """Dates are read as people write them; what is no date is passed over."""
    assert [local(found.at) for found in dates_in(text, CAME, CALENDAR)] == dates
