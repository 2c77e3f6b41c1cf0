"""Reports: sent by the calendar once, open to their cases, and silent about what their reader must not know."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from maild.cli.main import main
from maild.workflow.freeze import Scribe
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, to, whole

GM, HR = "chen.guodong@corp.example", "zhou.min@corp.example"
REPORT, FIGURE = "manager.report", "manager.figure"
STAND_IN = "wang.lei@corp.example"
NEW_YEAR = datetime.fromisoformat("2027-01-04T10:01:00+08:00")
FIRST_WORKDAY = datetime.fromisoformat("2026-12-01T09:01:00+08:00")
AGAINST_THE_HEAD = (
    "我要投诉物流部经理何志强，他上周三在仓库当众辱骂我，还扣了我的奖金，有两位同事在场。请公司调查处理。"
)
WRITER = "liu.yang@corp.example"
CLOSING = "结案\n原因：面单破损被退回\n措施：改用防水面单并当天重发\n答复来信人：赵先生，订单今天已重新发出，预计11月27日送达，另补20元券。"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """A complaint that logistics closed, and one of a colleague about the head of logistics."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        yield begun(desk)


def begun(desk: TestDesk) -> Casework:
    """The two complaints."""
    made = Casework(desk)
    made.open()
    made.says(HANDLER, CLOSING, answering="handler.assignment")
    made.start("投诉", AGAINST_THE_HEAD, sender=WRITER)
    return made


def at(work: Casework, moment: datetime) -> list[Letter]:
    """The reports that leave in a pass at this moment."""
    work.desk.now = moment
    return of_kind(work._take(work.desk.one_pass()), REPORT)


def printed(work: Casework, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    """What `maild report monthly --json` prints of November."""
    capsys.readouterr()
    named = ["report", "monthly", "-c", str(work.desk.folder / "maild.toml"), "--period", "2026-11", "--json", *more]
    assert main(named) == 0
    return json.loads(capsys.readouterr().out)


def figure(report: Any, code: str) -> Any:
    """One figure of a printed report."""
    return next((one for one in report["figures"] if one["code"] == code), {"value": 0, "cases": [], "id": ""})


def parts_of(letter: Letter, kind: str) -> list[Message]:
    """The parts of a mail of this content type."""
    return [part for part in letter.message.walk() if part.get_content_type() == kind]


def test_the_month_is_reported_once_on_its_first_working_day(work: Casework) -> None:
    """From 09:00 on the gm, the coordinator and the head of the unit that had a case have it, and never a second time."""
    assert at(work, FIRST_WORKDAY - timedelta(minutes=5)) == []
    sent = at(work, FIRST_WORKDAY)

    assert {GM, COORDINATOR, HANDLER} <= {letter.to for letter in sent}
    assert len({letter.to for letter in sent}) == len(sent)
    assert at(work, FIRST_WORKDAY + timedelta(hours=3)) == []
    assert at(work, FIRST_WORKDAY + timedelta(days=2)) == []
    (mine,) = to(sent, GM)
    assert "2026年11月" in mine.subject
    assert "收到2件，办结1件" in mine.text


@pytest.mark.postgres
def test_on_postgresql_the_year_is_reported_also_to_who_stands_in(tmp_path: Path, postgres_url: str) -> None:
    """In January the annual report goes to the gm, the coordinator, the absent head and the delegate; months add up, Y1 opens, who is excluded learns nothing."""
    with open_desk(tmp_path, database=postgres_url) as desk:
        work = begun(desk)
        work.says(HANDLER, "外出 12月30日至1月8日 王磊", answering="handler.assignment")
        sent = [one for one in at(work, NEW_YEAR) if one.subject.startswith("年度报告：2026年")]

        assert {GM, COORDINATOR, HANDLER, STAND_IN} <= {letter.to for letter in sent}
        (mine,) = to(sent, GM)
        assert "11月：收到 2 [" in mine.text
        assert "合计：收到 2 [Y1]；办结 1 [Y2]" in mine.text
        secret = next(case["number"] for case in desk.cases() if case["confidential"])
        for who in (HANDLER, STAND_IN):
            (theirs,) = to(sent, who)
            assert "11月：收到 1 [" in theirs.text
            assert secret not in whole(theirs)
        (listed,) = of_kind(work.says(GM, "Y1", answering=REPORT), FIGURE)
        assert secret in listed.text


def test_a_report_whose_day_was_missed_goes_out_late(work: Casework) -> None:
    """A daemon that stood still on the first working day reports the month when it starts again; at the very first start, nothing past."""
    at(work, FIRST_WORKDAY)

    late = at(work, datetime.fromisoformat("2027-01-12T14:00:00+08:00"))

    assert {"2026年12月"} <= {letter.subject.split("：")[1][:8] for letter in late}
    assert not [letter for letter in late if "2026年11月" in letter.subject]


def test_a_start_in_the_middle_of_a_month_reports_nothing_past(work: Casework) -> None:
    """Whoever begins on the tenth gets no report of a month that maild has hardly seen."""
    assert at(work, datetime.fromisoformat("2026-12-10T10:00:00+08:00")) == []


def test_a_death_between_two_readers_doubles_none(work: Casework) -> None:
    """A process that dies while it writes the second report has queued the first, and the next start the others, each once."""
    frozen: list[str] = []
    plain = Scribe.freeze

    def dying(self: Scribe, letters: Any, books: Any, office: Any) -> Any:
        kinds = [letter.kind for letter in letters]
        if REPORT in kinds:
            frozen.append(letters[0].to.address)
            if len(frozen) == 2:
                raise KeyboardInterrupt
        return plain(self, letters, books, office)

    work.desk.now = FIRST_WORKDAY
    with patch.object(Scribe, "freeze", dying), pytest.raises(KeyboardInterrupt):
        work.desk.one_pass()
    work.desk.restart()
    work._take(work.desk.one_pass())

    got = [letter.to for letter in of_kind(work.letters, REPORT)]
    assert len(got) == len(set(got))
    assert {GM, COORDINATOR, HANDLER} <= set(got)


def test_a_head_never_learns_from_a_number_that_a_complaint_about_them_exists(
    work: Casework, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the head's report the complaint stands in no figure; the gm's counts it, by number and alias alone."""
    sent = at(work, FIRST_WORKDAY)
    secret = next(case["number"] for case in work.desk.cases() if case["confidential"])

    assert secret not in whole(to(sent, HANDLER)[0])
    mine, all_ = printed(work, capsys, "--as", HANDLER, "--unit", "logistics"), printed(work, capsys, "--as", GM)
    assert [figure(one, "received")["value"] for one in (mine, all_)] == [1, 2]
    assert secret not in json.dumps(mine)
    assert secret in figure(all_, "received/type/staff-complaint")["cases"]
    assert WRITER not in whole(to(sent, GM)[0])
    assert "刘洋" not in whole(to(sent, GM)[0])


def test_a_figure_opens_to_its_cases_by_mail(work: Casework) -> None:
    """`M1` in answer to the report brings the cases behind it, and a line there orders something; a wrong number is told."""
    at(work, FIRST_WORKDAY)

    (listed,) = of_kind(work.says(GM, "明细 M1", answering=REPORT), FIGURE)
    numbers = [case["number"] for case in work.desk.cases()]
    assert all(number in listed.text for number in numbers)
    assert "来信人-" in listed.text
    assert "辱骂" not in listed.text

    number = next(case["number"] for case in work.desk.cases() if not case["confidential"])
    work.says(GM, f"{number.rpartition('-')[2].lstrip('0')} 备注：已阅", answering=FIGURE)
    noted = next(case for case in work.desk.cases() if case["number"] == number)
    assert "note" in [event["kind"] for event in noted["events"]]
    (asked,) = of_kind(work.says(GM, "M999", answering=REPORT), FIGURE)
    assert "没有 M999" in asked.text


def test_a_figure_of_a_head_opens_to_what_the_head_may_see(work: Casework) -> None:
    """The head's M1 lists the own unit's case and not the complaint about them."""
    at(work, FIRST_WORKDAY)

    (listed,) = of_kind(work.says(HANDLER, "M1", answering=REPORT), FIGURE)

    secret = next(case["number"] for case in work.desk.cases() if case["confidential"])
    assert secret not in whole(listed)
    assert "GM-2026-000001" in listed.text


def test_the_command_line_prints_what_the_mail_says(
    work: Casework, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every figure of the mail's tables stands in `maild report`, in the page and in the spreadsheet."""
    (mine,) = to(at(work, FIRST_WORKDAY), GM)
    made = printed(work, capsys, "--as", GM, "--xlsx", str(tmp_path / "r.xlsx"), "--html", str(tmp_path / "r.html"))

    cells = [cell for table in made["tables"] for row in table["rows"] for cell in row if cell["figure"]]
    assert cells
    assert [cell for cell in cells if f"{cell['text']} [{cell['figure']}]" not in mine.text] == []
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "data:image/png;base64," in page
    sheets = load_workbook(tmp_path / "r.xlsx")
    assert sheets.sheetnames == [*(table["title"] for table in made["tables"]), "事项明细"]
    listed = {row[2].value for row in sheets["事项明细"].iter_rows(min_row=2)}
    assert listed == {case["number"] for case in work.desk.cases()}
    assert load_workbook(BytesIO(parts_of(mine, XLSX)[0].get_payload(decode=True))).sheetnames == sheets.sheetnames  # type: ignore[arg-type]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_pictures_stand_in_the_mail_with_the_figures_in_words(work: Casework) -> None:
    """Each picture is a part of the mail itself, and its figures stand in `alt` and in the table."""
    (mine,) = to(at(work, FIRST_WORKDAY), GM)
    html = parts_of(mine, "text/html")[0].get_payload(decode=True).decode()  # type: ignore[union-attr]

    pictures = parts_of(mine, "image/png")
    assert pictures
    for part in pictures:
        assert f'src="cid:{str(part["Content-ID"]).strip("<>")}"' in html
    assert 'alt="按类别收到（件），本期：' in html


def test_without_a_chinese_font_the_tables_stand_alone(work: Casework) -> None:
    """Where the machine writes no Chinese the report says so, and nothing of it is lost."""
    with patch("maild.adapters.barchart.chinese_font", lambda: None):
        (mine,) = to(at(work, FIRST_WORKDAY), GM)

    assert parts_of(mine, "image/png") == []
    assert "图表从略" in mine.text
    assert "客户投诉" in mine.text


def test_a_late_answer_and_an_empty_one_show_in_the_score_sheet(
    work: Casework, capsys: pytest.CaptureFixture[str]
) -> None:
    """Faults and ended clocks count for the unit that had the case; under five cases no rate is given."""
    report = printed(work, capsys)
    logistics = figure(report, "score/accuracy/logistics")

    assert logistics["text"].startswith("–")
    assert figure(report, "score/timeliness/logistics")["value"] >= 2
    assert figure(report, "closed")["cases"] == ["GM-2026-000001"]
