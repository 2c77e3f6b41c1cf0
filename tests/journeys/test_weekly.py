"""The week's mail to heads and to the general manager (casework 6 and 7)."""

from datetime import datetime, timedelta

from tests.journeys.casework import HANDLER, Casework
from tests.journeys.letters import of_kind, to

GM = "chen.guodong@corp.example"
WEEKLY = "manager.weekly"
MONDAY = datetime.fromisoformat("2026-11-30T09:01:00+08:00")


def at(work: Casework, moment: datetime) -> list[str]:
    """To whom the week's mail goes in a pass at this moment."""
    work.desk.now = moment
    return [letter.to for letter in of_kind(work._take(work.desk.one_pass()), WEEKLY)]


def test_heads_get_their_units_cases_once_a_week(work: Casework) -> None:
    """On Monday from 09:00 on the head reads what is open and overdue, once, and never an empty mail."""
    assert at(work, MONDAY - timedelta(minutes=5)) == []
    assert HANDLER in at(work, MONDAY)
    assert at(work, MONDAY + timedelta(hours=2)) == []
    assert at(work, MONDAY + timedelta(days=1)) == []

    (mine,) = to(of_kind(work.letters, WEEKLY), HANDLER)
    assert work.case["number"] in mine.text
    assert "逾期" in mine.text


def test_a_line_of_the_weekly_mail_orders_something(work: Casework) -> None:
    """`1 备注：…` in reply acts on the case that the mail showed."""
    at(work, MONDAY)
    number = work.case["number"].rpartition("-")[2].lstrip("0")

    work.says(HANDLER, f"{number} 备注：已催仓库", answering=WEEKLY)

    assert "note" in [event["kind"] for event in work.case["events"]]


def test_a_case_that_waits_for_its_writer_is_not_overdue(work: Casework) -> None:
    """While the requester is asked the clocks stand still: neither the week's mail nor the digest calls it overdue."""
    work.says(HANDLER, "询问：请提供收货地址和方便收货的时间。", answering="handler.assignment")
    at(work, MONDAY)

    (mine,) = to(of_kind(work.letters, WEEKLY), HANDLER)
    assert "没有逾期" in mine.text
    assert "没有逾期" in of_kind(work.letters, "manager.digest")[-1].text


def test_what_climbed_to_the_gm_is_told_on_monday(work: Casework) -> None:
    """A normal case that went up the whole ladder reaches the general manager in the weekly mail alone, and once."""
    told = []
    for day in range(2, 40):
        told += at(work, datetime.fromisoformat("2026-11-24T09:05:00+08:00") + timedelta(days=day))
        if GM in told:
            break

    assert told.count(GM) == 1
    assert not to(of_kind(work.letters, "manager.escalation"), GM)
    (mine,) = to(of_kind(work.letters, WEEKLY), GM)
    assert work.case["number"] in mine.text


def test_a_week_that_begins_with_a_holiday_has_its_mail_on_the_first_working_day(work: Casework) -> None:
    """After New Year's Day the mail waits for the first day on which the office works."""
    at(work, datetime.fromisoformat("2026-12-28T09:01:00+08:00"))

    assert at(work, datetime.fromisoformat("2027-01-03T09:01:00+08:00")) == []
    assert at(work, datetime.fromisoformat("2027-01-04T09:01:00+08:00")) != []
