"""A plan item: accepted, dated, told, done (P3.1.1, P3.5.9)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from maild.cli.main import main
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
SUGGESTION = "希望配送通知写明两小时的时间段，并且可以在网上改期，现在要在家等一上午，很不方便。请考虑增加。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A routed suggestion, words leaving at once."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open(subject="建议：配送通知写明时间段", text=SUGGESTION)
        yield made


def test_a_plan_item_has_its_date_and_the_requester_hears_it(work: Casework) -> None:
    """The requester gets the date and none of the inside words; `resolve` runs to it, nobody calls it idle."""
    letters = work.says(HANDLER, "纳入计划 2026-12-15，IT排期在王工手里")

    told = of_kind(letters, "requester.planned")[0]
    assert CUSTOMER == told.to
    assert "2026-12-15" in told.text
    assert "王工" not in told.text
    assert "planned" == work.state
    assert {"resolve"} == work.clocks
    assert "2026-12-15" == next(c["due"] for c in work.case["clocks"] if c["state"] == "open")[:10]


def test_a_new_date_is_told_at_most_once_a_day(work: Casework) -> None:
    """The sender hears at each change: of several in a day the last one, a day after the one before."""
    work.says(HANDLER, "纳入计划 2026-12-15")

    letters = work.says(HANDLER, "计划 2026-12-22") + work.says(HANDLER, "计划 2026-12-29")

    assert of_kind(letters, "requester.planned") == []
    assert "只发最后一次" in of_kind(letters, "staff.echo")[-1].text
    (told,) = of_kind(work.later(timedelta(days=1)), "requester.planned")
    assert "2026-12-29" in told.text
    assert "2026-12-22" not in told.text
    assert 1 == len([c for c in work.case["clocks"] if c["state"] == "open"])
    (asked,) = of_kind(work.says(HANDLER, "延期到2027-01-05：等供应商"), "manager.extension")
    work.says(asked.to, "同意", answering="manager.extension")
    (told,) = of_kind(work.later(timedelta(days=1)), "requester.planned")
    assert "2027-01-05" in told.text
    assert work.case["plan_date"] == "2027-01-05"


def test_the_date_before_is_told_where_the_last_one_is_taken_back(work: Casework) -> None:
    """撤销 of a change whose letter had replaced another one: that one's date goes out after all."""
    for text in ("纳入计划 2026-12-15", "计划 2026-12-22", "计划 2026-12-29"):
        work.says(HANDLER, text, answering="handler.assignment")
    work.says(HANDLER, "撤销", answering="staff.echo")

    (told,) = of_kind(work.later(timedelta(days=1)), "requester.planned")

    assert "2026-12-22" in told.text
    assert work.case["plan_date"] == "2026-12-22"


def test_a_plan_without_a_date_is_refused(work: Casework) -> None:
    """A plan is dated or it is none."""
    letters = work.says(HANDLER, "纳入计划：明年再说。")

    assert "requester.planned" not in {x.kind for x in letters}
    assert "planned" != work.state


def test_done_answers_with_the_whole_text_and_closes(work: Casework) -> None:
    """已完成 of a plan item: its text is the answer, and a suggestion that was planned counts as adopted."""
    work.says(HANDLER, "纳入计划 2026-12-15")
    work.later(timedelta(days=14))

    letters = work.says(HANDLER, "已完成。12月8日起，配送通知写明两小时时间段，可在网上改期一次。")

    assert "12月8日起" in to(letters, CUSTOMER)[0].text
    assert ("closed", "decided", set()) == (work.state, work.case["outcome"], work.clocks)


def test_the_coordinator_has_the_whole_plan_each_month(
    work: Casework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the month's day it comes as mail and XLSX, the nearest date first; the command line has it any time."""
    work.says(HANDLER, "纳入计划 2026-12-15")

    letters = work.later(timedelta(days=7))

    (plan,) = of_kind(letters, "manager.plan")
    assert COORDINATOR == plan.to
    assert "12月15日" in plan.text
    names = [part.get_filename() for part in plan.message.walk() if part.get_filename()]
    assert any(str(name).endswith(".xlsx") for name in names)
    for name, value in work.desk.environ.items():
        monkeypatch.setenv(name, value)
    out = work.desk.folder / "plan.xlsx"
    config = str(work.desk.folder / "maild.toml")
    assert 0 == main(["plan", "list", "-c", config, "--json", "--xlsx", str(out)])
    (row,) = json.loads(capsys.readouterr().out)
    assert ("2026-12-15", "物流部") == (row["date"], row["unit"])
    sheet = load_workbook(out).active
    assert sheet is not None
    assert "计划日期" in [cell.value for cell in sheet[1]]
    assert ["客户建议", "物流部", "何志强"] == [cell.value for cell in sheet[2]][1:4]
