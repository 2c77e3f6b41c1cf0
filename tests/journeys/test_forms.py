"""A form comes round by the calendar, comes back, is chased, compiled, analysed and instructed on (casework 7)."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from maild.cli.main import main
from tests.journeys.casework import Casework
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import mail

COORDINATOR, DEPUTY = "lin.xiaoyue@corp.example", "wu.jianhua@corp.example"
PRODUCTION, LOGISTICS = "zhao.weidong@corp.example", "he.zhiqiang@corp.example"
FORM, RETURN, TABLE, RESULT = "receiver.form", "receiver.return", "manager.round", "receiver.round"
EVE = datetime.fromisoformat("2026-11-30T09:00:00+08:00")
FORMS = """
forms:
  - id: feedback
    name: {zh: 信息反馈表, en: Feedback form}
    many: MANY
    may_be_empty: true
    fields:
      - {id: area, name: {zh: 事项, en: Item}, required: true}
      - id: kind
        name: {zh: 类别, en: Kind}
        kind: choice
        required: true
        choices: [{zh: 生产, en: production}, {zh: 物流, en: logistics}]
      - {id: score, name: {zh: 得分, en: Score}, kind: score, required: true}
      - {id: day, name: {zh: 日期, en: Date}, kind: date}
      - {id: cost, name: {zh: 损失金额, en: Loss}, kind: number, least: 0}
      - {id: urgent, name: {zh: 是否紧急, en: Urgent}, kind: yes-no}
rounds:
  - id: experience-quarterly
    enabled: false
  - id: monthly
    name: {zh: 月度信息反馈, en: Monthly feedback}
    form: feedback
    type: operational-problem
    when: monthly
    due: 3 working days
    to: [生产部, 物流部]
    owner: gm-office
"""
CHAIN = """    analyse: 5 working days
    report_to: wu.jianhua@corp.example
    instruct: 3 working days
    handling: 5 working days
"""
WHOLE = "事项：三号线停机\n类别：生产\n得分：4\n日期：12月1日\n损失金额：1,200 元\n是否紧急：否"


def office(desk: TestDesk, *, more: str = "", many: bool = False) -> None:
    """An office with a monthly form of its own."""
    rules = desk.folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
    (rules / "forms.yaml").write_text(FORMS.replace("MANY", str(many).lower()) + more, "utf-8")
    config = desk.folder / "maild.toml"
    if "rules =" not in config.read_text("utf-8"):
        config.write_text('rules = "rules"\n' + config.read_text("utf-8"), "utf-8")
    desk.reread()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """An installation on the eve of a month."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        desk.now = EVE
        yield Casework(desk=desk)


def started(work: Casework, *, more: str = "", many: bool = False) -> list[Letter]:
    """The first of December, 09:00: the calendar has started the round."""
    office(work.desk, more=more, many=many)
    work._take(work.desk.one_pass())
    return work.later(timedelta(days=1))


def sheet_of(letter: Letter) -> bytes:
    """The spreadsheet of a letter."""
    found = [part for part in letter.message.walk() if str(part.get_filename() or "").endswith(".xlsx") or
             part.get_content_type().endswith("sheet")]  # fmt: skip
    content = found[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def cells(content: bytes) -> list[list[str]]:
    """What stands in a spreadsheet."""
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def shown(work: Casework, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The round as the command line shows it."""
    capsys.readouterr()
    assert main(["form", "show", "monthly", "-c", str(work.desk.folder / "maild.toml"), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def texts(letters: Sequence[Letter], kind: str) -> list[str]:
    """The texts of one kind."""
    return [letter.text for letter in of_kind(list(letters), kind)]


def test_the_calendar_sends_the_form_once(work: Casework) -> None:
    """On the first working day of the month each receiver gets the form with a key of their own, inline and as XLSX."""
    letters = started(work)

    forms = of_kind(letters, FORM)
    assert {letter.to for letter in forms} == {PRODUCTION, LOGISTICS}
    assert len({letter.token for letter in forms}) == 2
    assert all("3. 得分（1 到 5 的整数，必填）：" in letter.text and "12月4日" in letter.text for letter in forms)
    assert ["得分" in "".join(row) for row in cells(sheet_of(forms[0]))].count(True) == 1
    assert [letter.to for letter in of_kind(letters, TABLE)] == [COORDINATOR]
    assert work.state == "circulating"
    assert not of_kind(work.later(timedelta(hours=1)), FORM)


def test_the_end_of_a_round_follows_the_working_calendar(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """A day off moves the end of a round under way; who owes a form, its owner and the coordinator hear the new date.

    Who has handed it in hears nothing, and a return on the new last day is in time.
    """
    started(work)
    work.says(PRODUCTION, WHOLE, answering=FORM)
    (work.desk.folder / "rules" / "calendar.yaml").write_text("off: [2026-12-03]\n", "utf-8")
    work.desk.reread()
    letters = work.later(timedelta(days=1))

    assert str(shown(work, capsys)["due"]).startswith("2026-12-07T10:00")
    moved = [one for one in of_kind(letters, "manager.combined") if "工作日历" in one.text]
    assert {one.to for one in moved} == {LOGISTICS}
    assert "12月7日（周一）18:00" in moved[0].text
    assert "月度信息反馈" in moved[0].text
    assert "工作日历有变" in of_kind(letters, "manager.digest")[0].text
    work.later(timedelta(days=3))
    assert "按时交回" in texts(work.says(LOGISTICS, WHOLE, answering=FORM), RETURN)[0]


def test_it_comes_back_filled_in_above_the_quote(work: Casework) -> None:
    """`字段：值` lines are a return; when all have returned the owner has the table as mail and XLSX, and it is over."""
    started(work)
    first = work.says(PRODUCTION, WHOLE, answering=FORM)
    assert "各项齐全" in texts(first, RETURN)[0]

    letters = work.says(LOGISTICS, "事项：夜班缺叉车\n类别：2\n得分：３分", answering=FORM)

    (table,) = of_kind(letters, TABLE)
    assert table.to == COORDINATOR
    assert "三号线停机" in table.text
    rows = cells(sheet_of(table))
    assert [row[5:] for row in rows[1:]] == [
        ["三号线停机", "生产", "4", "2026-12-01", "1200", "否"],
        ["夜班缺叉车", "物流", "3", "", "", ""],
    ]
    assert (work.state, work.case["outcome"], work.clocks) == ("closed", "carried-out", set())


def test_only_the_faulty_field_is_asked_again(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """A word where a score should stand is named with its number, the rest is kept, and the one line mends it."""
    started(work)
    faulty = work.says(PRODUCTION, WHOLE.replace("得分：4", "得分：很好"), answering=FORM)

    (asked,) = of_kind(faulty, RETURN)
    assert "第3项“得分”要 1 到 5 的整数，收到“很好”" in asked.text
    assert "3. 得分（1 到 5 的整数，必填）：" in asked.text
    assert "损失金额" not in asked.text
    assert work.case["circulation"][0]["open"] == ["returned"]

    mended = work.says(PRODUCTION, "5", answering=RETURN) + work.says(PRODUCTION, "得分：5", answering=RETURN)

    assert "各项齐全" in texts(mended, RETURN)[-1]
    versions = shown(work, capsys)["returns"]
    assert [(one["version"], one["replaced"], one["rows"][0]["score"]) for one in versions] == [  # type: ignore[attr-defined]
        (1, True, "很好"), (2, False, "5"),
    ]  # fmt: skip


def test_a_form_filled_in_inside_the_quote_counts(work: Casework) -> None:
    """Who writes behind the colons of the quoted form has filled it in, whatever mark the mail client puts there."""
    letters = started(work)
    written = {"1. 事项": "停电两次", "2. 类别": "生产", "3. 得分": "2"}
    filled = [line + written.get(line.partition("（")[0], "")
              for line in to(of_kind(letters, FORM), PRODUCTION)[0].text.splitlines()]  # fmt: skip
    quoted = "\n".join(f"> {line}" for line in filled)

    answer = work.says(PRODUCTION, f"已填在下面。\n\n在 2026-12-01，总经理信箱写道：\n{quoted}", answering=FORM)

    assert "各项齐全" in texts(answer, RETURN)[0]


def test_the_spreadsheet_comes_back_filled_in(work: Casework) -> None:
    """The attached form, filled in and attached to a reply, is read in a process of its own, each row a row."""
    letters = started(work, many=True)
    book = load_workbook(BytesIO(sheet_of(to(of_kind(letters, FORM), PRODUCTION)[0])))
    sheet = book.active
    assert sheet is not None
    filled: list[list[str | int | datetime]] = [["停机", "生产", 4, datetime(2026, 12, 1)], ["漏发", "物流", "六分"]]  # noqa: DTZ001
    for at, row in enumerate(filled, 4):
        for column, said in enumerate(row, 1):
            sheet.cell(at, column, said)
    whole = BytesIO()
    book.save(whole)

    answer = work.says(PRODUCTION, "见附件", answering=FORM, files={"反馈表.xlsx": whole.getvalue()})

    assert "第2行第3项“得分”要 1 到 5 的整数，收到“六分”" in texts(answer, RETURN)[0]
    assert "第2行 3. 得分" in texts(answer, RETURN)[0]
    mended = work.says(PRODUCTION, "第2行 得分：5", answering=RETURN)
    assert "共2行" in texts(mended, RETURN)[0]


def test_a_damaged_spreadsheet_is_told(work: Casework) -> None:
    """A file that holds nothing that can be read is no return, and the form is asked for once more."""
    started(work)

    answer = work.says(PRODUCTION, "见附件", answering=FORM, files={"反馈表.xlsx": b"PK\x03\x04 nothing"})

    assert "没有读到填写的内容" in of_kind(answer, RETURN)[0].subject
    assert work.case["circulation"][0]["open"] == ["returned"]


def test_who_has_not_returned_is_chased_up_to_the_head_of_the_house(work: Casework) -> None:
    """Reminded before the time, told at it with the coordinator, a day later the superior; the owner has the table."""
    started(work)
    work.says(PRODUCTION, WHOLE, answering=FORM)

    reminded = of_kind(work.later(timedelta(days=2, hours=7)), "handler.reminder")
    assert [letter.to for letter in reminded] == [LOGISTICS]
    assert "反馈表" in reminded[0].text
    assert "1. 事项：" in reminded[0].text
    due = work.later(timedelta(days=1, hours=3))
    assert {x.to for x in of_kind(due, "manager.escalation")} == {LOGISTICS, COORDINATOR}
    (table,) = of_kind(due, TABLE)
    assert "2人中1人已交回" in table.text
    assert "物流部 何志强" in table.text
    up = work.later(timedelta(days=3))
    assert DEPUTY in {x.to for x in of_kind(up, "manager.escalation")}


def test_a_late_return_is_taken_and_marked(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """After the time a return still counts, as late; the reminder can be answered, and the owner gets the new table."""
    started(work)
    work.says(PRODUCTION, WHOLE, answering=FORM)
    work.later(timedelta(days=6))

    letters = work.says(LOGISTICS, WHOLE, answering="manager.escalation")

    assert "按逾期登记" in texts(letters, RETURN)[0]
    assert "逾期" in of_kind(letters, TABLE)[0].subject
    assert [one["late"] for one in shown(work, capsys)["people"]] == [False, True]  # type: ignore[attr-defined]
    assert work.state == "closed"


def test_a_correction_leaves_its_trace(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """One line corrects a return; the old version stays, and a faulty correction leaves the good one standing."""
    started(work)
    work.says(PRODUCTION, WHOLE, answering=FORM)
    work.says(PRODUCTION, "得分：九", answering=RETURN)
    letters = work.says(PRODUCTION, "得分：2", answering=RETURN)

    assert "第3版" in texts(letters, RETURN)[0]
    found = shown(work, capsys)["returns"]
    assert [(one["version"], one["replaced"]) for one in found] == [(1, True), (2, True), (3, False)]  # type: ignore[attr-defined]


def test_nothing_to_report_is_a_return(work: Casework) -> None:
    """Where the form allows it, 无 is enough."""
    started(work)

    letters = work.says(PRODUCTION, "本期无", answering=FORM)

    assert "各项齐全" in texts(letters, RETURN)[0]


def test_the_analysis_goes_up_and_the_instruction_comes_down(work: Casework) -> None:
    """分析 reaches the superior, 批示 everybody who returned and the owner, whose report ends the round (P1.2.1, P1.2.3)."""
    started(work, more=CHAIN)
    work.says(PRODUCTION, WHOLE, answering=FORM)
    table = of_kind(work.says(LOGISTICS, WHOLE.replace("停机", "缺车"), answering=FORM), TABLE)
    assert "分析：" in table[0].text
    assert "12月11日" in table[0].text
    assert work.clocks == {"analyse"}

    refused = work.says(COORDINATOR, "分析：已处理", answering=TABLE)
    assert work.refusal(refused)
    up = work.says(COORDINATOR, "分析：两处停工都因备件不足，建议每月盘点备件。", answering=TABLE)
    (report,) = of_kind(up, TABLE)
    assert report.to == DEPUTY
    assert "每月盘点备件" in report.text
    assert "三号线停机" in report.text

    down = work.says(DEPUTY, "批示：同意，12月起每月5日盘点。", answering=TABLE)
    assert {letter.to for letter in of_kind(down, RESULT)} == {PRODUCTION, LOGISTICS}
    assert "每月5日盘点" in texts(down, RESULT)[0]
    (told,) = of_kind(down, TABLE)
    assert told.to == COORDINATOR
    assert work.clocks == {"resolve"}

    end = work.says(COORDINATOR, "处理报告：备件清单已建立，首次盘点12月7日完成。", answering=TABLE)
    assert [letter.to for letter in of_kind(end, TABLE)] == [DEPUTY]
    assert (work.state, work.case["outcome"]) == ("closed", "carried-out")


def test_an_absent_receivers_delegate_gets_the_form(work: Casework) -> None:
    """An automatic reply returns nothing; the directory's delegate gets the form and may return it for them."""
    head = to(of_kind(started(work), FORM), LOGISTICS)[0]
    away = mail(f"自动回复: {head.subject}", "我在外地开会，12月20日返回。", sender=LOGISTICS,
                **{"Auto-Submitted": "auto-replied"})  # fmt: skip

    letters = work._take(work.desk.receive(away, authentication=INSIDE.format(LOGISTICS)))

    assert [letter.to for letter in of_kind(letters, FORM)] == ["wang.lei@corp.example"]
    assert "何志强外出" in texts(letters, FORM)[0]
    answer = work.says("wang.lei@corp.example", WHOLE, answering=FORM)
    assert "各项齐全" in texts(answer, RETURN)[0]
    assert work.case["circulation"][1]["open"] == []


def test_a_round_can_be_started_by_hand(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """`maild form start` leaves word, the next look at time sends it; what there is not is told."""
    office(work.desk)
    work.desk.one_pass()
    config = str(work.desk.folder / "maild.toml")

    assert main(["form", "start", "yearly", "-c", config]) == 1
    assert main(["form", "start", "monthly", "-c", config]) == 0
    letters = work._take(work.desk.one_pass())

    assert {letter.to for letter in of_kind(letters, FORM)} == {PRODUCTION, LOGISTICS}
    capsys.readouterr()
    assert main(["form", "list", "-c", config]) == 0
    said = capsys.readouterr().out
    assert "monthly  monthly" in said
    assert "0/2  collecting" in said
    out = work.desk.folder / "returns.xlsx"
    work.says(PRODUCTION, WHOLE, answering=FORM)
    assert main(["form", "show", "monthly", "-c", config, "--xlsx", str(out)]) == 0
    assert cells(out.read_bytes())[1][:2] == ["生产部", "赵卫东"]
    assert cells(out.read_bytes())[1][5] == "三号线停机"


SURVEY = """  - id: survey
    name: {zh: 顾客意见征询, en: Customer survey}
    form: feedback
    type: customer-opinion
    opens: quarterly
    when: last 7 days of the quarter
    to: [销售部]
    owner: marketing
    several: true
"""


def test_one_person_returns_many_until_the_window_ends(work: Casework) -> None:
    """One questionnaire a customer all through the quarter, due on its last working day; each return is its own (P1.2.2)."""
    office(work.desk, more=SURVEY)
    letters = work._take(work.desk.one_pass())
    (form,) = of_kind(letters, FORM)
    assert "12月31日" in form.text
    assert "可以交多份" in form.text

    for item in ("门店太挤", "送货准时"):
        work.says(form.to, WHOLE.replace("三号线停机", item), answering=FORM)
    work.says(form.to, "得分：1", answering=RETURN)
    assert work.state == "circulating"
    letters = work.later(timedelta(days=35))

    table = next(x for x in of_kind(letters, TABLE) if "顾客意见征询" in x.subject)
    rows = cells(sheet_of(table))
    assert [(row[5], row[7]) for row in rows[1:]] == [("门店太挤", "4"), ("送货准时", "1")]


def test_a_round_is_started_by_mail(work: Casework) -> None:
    """发起 by who owns it sends the forms at once and names the last day; a round that runs is not started twice.

    Nobody else starts one, and of a slip of the pen nothing goes out: the rounds that there are come back.
    """
    office(work.desk)
    work._take(work.desk.one_pass())

    def asks(who: str, text: str, *, sure: bool = True, subject: str = "填报") -> list[Letter]:
        work.desk.now += timedelta(minutes=1)
        said = INSIDE.format(who) if sure else ""
        made = mail(subject, text, sender=who, Message_ID=f"<{work.desk.now.timestamp()}@pc.example>")
        return work._take(work.desk.receive(made, authentication=said))

    typo = asks(COORDINATOR, "发起 月度信息反溃")
    assert [letter.kind for letter in typo] == ["staff.refusal"]
    assert "没有这个填报轮次" in typo[0].text
    assert "月度信息反馈" in typo[0].text
    assert "不在您的权限之内" in work.refusal(asks(PRODUCTION, "发起 月度信息反馈"))
    asked = asks(COORDINATOR, "start monthly", sure=False)
    assert [letter.kind for letter in asked] == ["staff.confirmation"]

    letters = work.says(COORDINATOR, "确认", answering="staff.confirmation")

    assert {letter.to for letter in of_kind(letters, FORM)} == {PRODUCTION, LOGISTICS}
    (echo,) = of_kind(letters, "staff.echo")
    assert "月度信息反馈已发起，请填报人于12月3日（周四）18:00前交回" in echo.text
    assert "撤销" not in echo.text
    assert "正在填报" in work.refusal(asks(COORDINATOR, "", subject="发起：月度信息反馈"))
    assert len(work.desk.cases()) == 1


def test_a_round_is_started_in_answer_to_any_letter(work: Casework) -> None:
    """Under the key of a case's notice and of the digest the same line does the same, and the case stays as it is."""
    office(work.desk)
    work._take(work.desk.receive(mail()))
    before = work.desk.cases()[0]
    work.later(timedelta(days=1))

    assert of_kind(work.says(COORDINATOR, "发起 季度体验测试", answering="manager.digest"), FORM)
    refused = work.says(COORDINATOR, "发起月度信息反馈，谢谢", answering="manager.notice")
    assert "正在填报" in work.refusal(refused)
    assert work.desk.cases()[0]["state"] == before["state"]
    assert ["operational-problem", "experience-test"] == [one["type"] for one in work.desk.cases()[1:]]
