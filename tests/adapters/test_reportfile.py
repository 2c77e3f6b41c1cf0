"""reports.yaml: an office's own entries over the shipped ones, and a clerk's slips told with what was meant."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.adapters.faultwords import fault_said
from maild.adapters.overlay import Overlay
from maild.adapters.reportfile import read_reports
from maild.adapters.shipped import shipped
from maild.adapters.workdays import open_calendar
from maild.domain.reportrule import ReportRule, Reports
from maild.errors import Misconfigured
from tests.domain.sample import index

PACK = shipped("rules") / "gm-mailbox"


def laid(tmp_path: Path, own: str) -> Reports:
    """The shipped reports with an office's file over them."""
    (tmp_path / "reports.yaml").write_text(own, "utf-8")
    return read_reports(PACK, Overlay(tmp_path), index())


def by_id(reports: Reports) -> dict[str, ReportRule]:
    """The reports by their ids."""
    return {rule.id: rule for rule in reports.reports}


def test_the_shipped_pack_reports_months_quarters_and_years() -> None:
    """The sample office has all three analyses, to the gm, the coordinator and each head."""
    read = by_id(read_reports(PACK, Overlay(None), index(), strict=True))

    assert list(read) == ["monthly", "quarterly", "yearly"]
    assert all(rule.to == ("gm", "gm-office") and rule.heads for rule in read.values())


def test_a_year_is_reported_on_the_first_working_day_of_the_next() -> None:
    """The annual report of 2026 is due on Monday 4 January 2027 at 10:00, after the holiday."""
    rule = by_id(read_reports(PACK, Overlay(None)))["yearly"]
    due = rule.last_due(datetime(2027, 1, 5, tzinfo=UTC), open_calendar())

    assert due is not None
    assert due[0] == datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert due[1].key == "2026"


def test_an_office_changes_adds_and_removes_reports(tmp_path: Path) -> None:
    """An entry may be as short as an id and what differs; a new one is whole; `remove: true` takes one out."""
    own = """\
reports:
  - {id: monthly, at: "10:15", when: 每月第2个工作日}
  - {id: quarterly, remove: true}
  - {id: weekly, name: {zh: 周报, en: weekly}, about: week, when: every Monday, to: [人力资源部], sections: [overview, scores]}
"""
    read = by_id(laid(tmp_path, own))

    assert list(read) == ["monthly", "yearly", "weekly"]
    assert read["monthly"].at == "10:15"
    assert read["monthly"].sections == by_id(read_reports(PACK, Overlay(None)))["monthly"].sections
    assert read["weekly"].sections == ("overview", "scores")


@pytest.mark.parametrize(
    ("entry", "place", "words", "said"),
    [
        ("{id: monthly, sections: [overveiw]}", ":2:30:", "'overveiw' is no part of a report; did you mean 'overview'?", "没有“overveiw”这一部分"),
        ("{id: monthly, charts: [ledger]}", ":2:28:", "'ledger' is no part of a report", "没有“ledger”这一部分"),
        ("{id: monthly, when: 每月末}", ":2:25:", "'每月末' is no time of the calendar", "“每月末”读不出是什么时候"),
        ("{id: monthly, when: last 5 days of the month}", ":2:25:", "is no single day that comes again", "不是每期固定的一天"),
        ('{id: monthly, at: "9点"}', ":2:23:", "'9点' is no time of day", "“9点”不是时刻"),
        ("{id: monthly, to: [gm-ofice]}", ":2:24:", "'gm-ofice' is no unit, role or person of the directory", "gm-ofice"),
        ("{id: monthly, to: [], heads: false}", ":2:", "nobody gets the report 'monthly'", "报告“monthly”没有收件人"),
        ('{id: montly, at: "09:00"}', ":2:", "there is no 'montly' in the shipped pack to change; did you mean 'monthly'?", "montly"),
        ("{id: monthly, about: fortnight}", ":2:", "'about' is not right", "“about”写得不对"),
        ("{id: monthly, section: [overview]}", ":2:", "unknown key 'section'; did you mean 'sections'?", "没有“section”这个名称"),
        ("{id: monthly}\n  - {id: monthly}", ":3:", "'monthly' stands here twice", "“monthly”写了两次"),
    ],
)  # fmt: skip
def test_a_slip_is_told_where_it_stands(tmp_path: Path, entry: str, place: str, words: str, said: str) -> None:
    """Each mistake names file, line and mend, in English and in Chinese."""
    with pytest.raises(Misconfigured) as told:
        laid(tmp_path, f"reports:\n  - {entry}\n")

    assert f"reports.yaml{place}" in told.value.sentence
    assert words in told.value.sentence
    assert said in fault_said(told.value.sentence.split(": ", 1)[1], "zh")
