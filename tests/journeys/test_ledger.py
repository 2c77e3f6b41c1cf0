"""The ledger: proposed by rules, decided by people, paid without a name (P3.6)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from maild.cli.main import main
from maild.domain.case import Event
from maild.domain.directory import Person
from maild.domain.ledger import EntryState
from maild.workflow.ledger import decider, proposed
from maild.workflow.plan import Happening, Plan
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.post import mail
from tests.journeys.test_units import office, says

GM, HR = "chen.guodong@corp.example", "zhou.min@corp.example"
ASSISTANT = "feng.xia@corp.example"
LEDGER, CONFIRM = "manager.ledger", "staff.confirmation"
COMPLAINT = "我要投诉仓库主管王强，他上周三在仓库当众辱骂我，还无故扣了我的奖金，有两位同事在场。请公司调查处理。"
WRITER = "liu.yang@corp.example"
UPHELD = "属实：经查，王强当众辱骂员工\n原因：管理方式粗暴\n措施：停职检查并当面道歉\n答复来信人：您反映的情况属实，公司已责令当事人道歉并补发奖金300元。"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """An installation, and nothing in it."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        yield Casework(desk=desk)


def listed(work: Casework, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    """What `maild ledger list --json` prints."""
    capsys.readouterr()
    assert main(["ledger", "list", "-c", str(work.desk.folder / "maild.toml"), "--json", *more]) == 0
    return list(json.loads(capsys.readouterr().out))


def found_true(work: Casework, words: str = UPHELD) -> list[Letter]:
    """A staff complaint that HR found true; returns what left with the finding."""
    work.start("投诉", COMPLAINT, sender=WRITER)
    assignment = of_kind(work.letters, "handler.assignment")[0]
    return work.says(assignment.to, words, answering="handler.assignment")


def lists(work: Casework, who: str) -> list[Letter]:
    """The lists of proposals that somebody got by tomorrow noon."""
    for _ in range(6):
        if not to(of_kind(work.letters, LEDGER), who):
            work.later(timedelta(hours=5))
    return to(of_kind(work.letters, LEDGER), who)


def test_a_late_answer_is_proposed_once_and_counts_when_approved(
    work: Casework, capsys: pytest.CaptureFixture[str]
) -> None:
    """The coordinator gets one numbered line a missed clock; 同意 and 确认 make it an entry, each with its event."""
    work.open()
    (first, *_) = lists(work, COORDINATOR)
    assert "未按时接办" in first.text
    assert "何志强" in first.text

    asked = of_kind(work.says(COORDINATOR, "全部同意", answering=LEDGER), CONFIRM)
    assert [row["state"] for row in listed(work, capsys) if row["name"] == "未按时接办"] == ["proposed"]
    assert asked
    done = work.says(COORDINATOR, "确认", answering=CONFIRM)

    late = [row for row in listed(work, capsys) if row["name"] == "未按时接办"]
    assert [(row["state"], row["person"], row["points"]) for row in late] == [("approved", HANDLER, -1)]
    assert "已登记" in of_kind(done, LEDGER)[0].text
    assert "ledger-approved" in [event["kind"] for event in work.case["events"]]


def test_a_no_counts_at_once_with_its_reason(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """不同意 with a reason needs no second mail, and the reason stands in the ledger."""
    work.open()
    lists(work, COORDINATOR)

    letters = work.says(COORDINATOR, "1 不同意：当天系统停电", answering=LEDGER)

    row = listed(work, capsys)[0]
    assert (row["state"], row["note"]) == ("declined", "当天系统停电")
    assert not of_kind(letters, CONFIRM)


def test_a_reward_is_paid_without_a_name(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """A complaint found true proposes a sanction and 200 CNY to the GM; HR pays, finance sees number and sum alone."""
    found_true(work)
    (asked, *_) = lists(work, GM)
    assert "200元" in asked.text
    assert "身份保密" in asked.text
    assert "王强" in asked.text
    assert WRITER not in whole(asked)
    assert "刘洋" not in whole(asked)

    work.says(GM, "全部同意", answering=LEDGER)
    paying = to(of_kind(work.says(GM, "确认", answering=CONFIRM), LEDGER), HR)
    assert "200元" in paying[0].text
    work.says(HR, "全部已发放", answering=LEDGER)

    rows = listed(work, capsys)
    reward = next(row for row in rows if row["amount"] == 200)
    assert (reward["state"], reward["person"]) == ("paid", "alias")
    assert next(row for row in rows if row["name"] == "投诉属实的处罚")["state"] == "approved"
    assert listed(work, capsys, "--sums")[0].keys() == {"id", "amount", "state"}


def test_an_undone_finding_takes_its_proposals_back(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """撤销 of 属实 withdraws what it proposed before anybody decides it."""
    letters = found_true(work, "属实：经查，王强当众辱骂员工")
    who = of_kind(letters, "staff.echo")[0].to
    assert [row["state"] for row in listed(work, capsys)] == ["proposed", "proposed"]

    work.says(who, "撤销", answering="staff.echo")

    assert [row["state"] for row in listed(work, capsys)] == ["withdrawn", "withdrawn"]


def test_a_finding_said_twice_is_proposed_once(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """属实 at once and 属实 again with the closing are one finding: one sanction, one reward."""
    found_true(work, "属实：经查，王强当众辱骂员工")
    handler = of_kind(work.letters, "handler.assignment")[0].to
    work.says(handler, UPHELD, answering="handler.assignment")

    assert work.state == "closed"
    assert sorted(row["name"] for row in listed(work, capsys)) == ["投诉属实的处罚", "投诉属实的奖励"]


def test_only_who_pays_says_that_it_is_paid(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Under HR's list an assistant's 已发放 records nothing, and HR's own 不同意 is asked about."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        place = "roles: [hr, staff], delegate: fu.rong@corp.example"
        office(tmp_path, (place, f"{place}, assistants: [{ASSISTANT}]"))
        work = Casework(desk=desk)
        found_true(work)
        lists(work, GM)
        work.says(GM, "全部同意", answering=LEDGER)
        paying = to(of_kind(work.says(GM, "确认", answering=CONFIRM), LEDGER), HR)[0]

        says(work, paying, ASSISTANT, "全部已发放")
        assert "paid" not in {row["state"] for row in listed(work, capsys)}
        letters = work.says(HR, "不同意", answering=LEDGER)

        assert "没有读懂" in of_kind(letters, LEDGER)[0].text
        assert "paid" not in {row["state"] for row in listed(work, capsys)}


def test_a_no_of_doubtful_origin_is_asked_back(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody vouches for the mail, 不同意 counts after one word back from the directory's address."""
    work.open()
    own = lists(work, COORDINATOR)[-1]
    raw = mail(f"Re: {own.subject}", "1 不同意：当天系统停电", sender=COORDINATOR)

    asked = of_kind(work._take(work.desk.receive(raw)), CONFIRM)
    assert {row["state"] for row in listed(work, capsys)} == {"proposed"}
    assert "不同意" in asked[0].text
    work.says(COORDINATOR, "确认", answering=CONFIRM)

    assert "declined" in {row["state"] for row in listed(work, capsys)}


def test_what_cannot_be_read_decides_nothing(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """再议 brings the list again with the ways to write it."""
    work.open()
    lists(work, COORDINATOR)

    letters = work.says(COORDINATOR, "第1条再议吧", answering=LEDGER)

    assert {row["state"] for row in listed(work, capsys)} == {"proposed"}
    assert "没有读懂" in of_kind(letters, LEDGER)[0].text


def test_a_word_below_what_was_entered_already_opens_no_case(work: Casework) -> None:
    """全部同意 below the list of what was entered brings the commands, and 收到 below it nothing: neither is a letter."""
    found_true(work)
    lists(work, GM)
    work.says(GM, "全部同意", answering=LEDGER)
    [done] = to(of_kind(work.says(GM, "确认", answering=CONFIRM), LEDGER), GM)
    cases, below = len(work.desk.cases()), {"answering": LEDGER, "In_Reply_To": str(done.message["Message-ID"])}

    assert [x.kind for x in work.says(GM, "全部同意", **below)] == ["staff.help"]
    assert work.says(GM, "收到，谢谢", **below) == []
    assert len(work.desk.cases()) == cases


def test_the_monthly_list_is_a_spreadsheet(work: Casework, tmp_path: Path) -> None:
    """`maild ledger list --month --xlsx` has one row an entry; a month that cannot be read is told."""
    work.open()
    lists(work, COORDINATOR)
    config, out = str(work.desk.folder / "maild.toml"), tmp_path / "ledger.xlsx"

    assert main(["ledger", "list", "-c", config, "--month", "2026-11", "--xlsx", str(out)]) == 0
    assert main(["ledger", "list", "-c", config, "--month", "November"]) == 2

    rows = [[cell.value for cell in row] for row in load_workbook(out).worksheets[0].iter_rows()]
    assert rows[0][:4] == ["台账编号", "事项编号", "事由", "对象"]
    assert "未按时接办" in [row[2] for row in rows]


def test_nobody_decides_about_themselves(work: Casework) -> None:
    """What concerns the coordinator is decided above; what the GM wrote or is named in, by the supervisory body."""
    work.open()
    workshop = work.desk.workshop()
    office = workshop.office(workshop.settings.mailbox[0])
    with workshop.store.reading() as books:
        case = books.case(work.case["number"])
    assert case is not None
    coordinator, gm, head = (office.index.person(one) for one in (COORDINATOR, GM, HANDLER))

    def decides(about: Person | None, role: str, **changes: Any) -> str:
        found = decider(replace(case, **changes), role, about, office)
        return found.address if found else ""

    assert decides(head, "gm-office") == COORDINATOR
    assert decides(coordinator, "gm-office") == GM
    assert decides(gm, "gm") not in {"", GM}
    assert decides(head, "gm", excluded=(GM,)) not in {"", GM}
    assert decides(head, "gm-office", type="retaliation", confidential=True) == GM


def test_of_two_findings_one_undone_leaves_the_other(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """属实 said twice proposes once: whichever of the two is taken back, the proposals stand for the other."""
    first = of_kind(found_true(work, "属实：经查，王强当众辱骂员工"), "staff.echo")[0]
    work.says(first.to, "属实：又有两位同事作证", answering="handler.assignment")
    findings = [event["data"]["mail"] for event in work.case["events"] if event["kind"] == "upheld"]

    fallen = [withdrawn_by(work, [mail]) for mail in findings]
    work.says(first.to, "撤销", answering="staff.echo")

    assert fallen == [0, 0]
    assert withdrawn_by(work, findings) == 2
    assert [row["state"] for row in listed(work, capsys)] == ["proposed", "proposed"]


def withdrawn_by(work: Casework, orders: list[str]) -> int:
    """How many proposals would fall if these orders were taken back one after the other, the last one now."""
    workshop = work.desk.workshop()
    office = workshop.office(workshop.settings.mailbox[0])
    gone = [Event(kind="undone", at=work.desk.now, actor=HR, human=True, data={"order": one}) for one in orders]
    with workshop.store.writing() as books:
        number = work.case["number"]
        if gone[:-1]:
            books.add_events(number, gone[:-1])
        plan = Plan(happenings=(Happening(number=number, event=gone[-1]),))
        return sum(one.state is EntryState.WITHDRAWN for one in proposed(plan, office, books))


def test_a_rule_that_is_gone_leaves_its_proposals_decidable(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What a removed rule proposed is still listed in the words it was proposed with, and can be approved."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        work = Casework(desk=desk)
        found_true(work)
        own_rules(desk, "rules: []\n")
        asked = lists(work, GM)[-1]
        assert "投诉属实的处罚" in asked.text

        work.says(GM, "全部同意", answering=LEDGER)
        work.says(GM, "确认", answering=CONFIRM)

        assert {row["state"] for row in listed(work, capsys)} == {"approved"}
        assert "投诉属实的奖励" in {row["name"] for row in listed(work, capsys)}


def test_the_question_before_a_yes_counts_names_the_entries(work: Casework) -> None:
    """The second mail lists what 确认 would approve, by the numbers of the list; a bare 确认 to the list is asked back."""
    found_true(work)
    lists(work, GM)

    (again,) = of_kind(work.says(GM, "确认", answering=LEDGER), LEDGER)
    (asked,) = of_kind(work.says(GM, "2 同意", answering=LEDGER), CONFIRM)

    assert "没有写明是哪几条" in again.text
    assert "2. " in asked.text
    assert "1. " not in asked.text


def own_rules(desk: TestDesk, text: str) -> None:
    """The office's own ledger.yaml instead of the shipped one."""
    (desk.folder / "rules").mkdir()
    (desk.folder / "rules" / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
    (desk.folder / "rules" / "ledger.yaml").write_text(text, "utf-8")
    config = desk.folder / "maild.toml"
    config.write_text(f'rules = "rules"\n{config.read_text("utf-8")}', "utf-8")
    desk.restart()


NOTICED = """
rules:
  - {id: late-accept, name: {zh: 未按时接办, en: accepted late}, when: [late-accept], points: -1, decides: gm-office, notice: true}
  - {id: sanction, name: {zh: 处罚, en: sanction}, when: [sanction], decides: gm-office, notice: true}
"""


def test_a_public_notice_follows_an_approval_and_a_second_word(tmp_path: Path) -> None:
    """Where the rule says so the approver gets the draft; 同意 and 确认 tell all heads whom, what and how much, no case."""
    with open_desk(tmp_path) as desk:
        own_rules(desk, NOTICED)
        work = Casework(desk=desk)
        work.open()
        lists(work, COORDINATOR)
        work.says(COORDINATOR, "全部同意", answering=LEDGER)
        draft = of_kind(work.says(COORDINATOR, "确认", answering=CONFIRM), "manager.publication")[0]
        assert "何志强" in draft.text
        asked = work.says(COORDINATOR, "同意", answering="manager.publication")
        assert [CONFIRM] == [one.kind for one in asked]
        notices = of_kind(work.says(COORDINATOR, "确认", answering=CONFIRM), "receiver.notice")

        assert {HANDLER, HR, "tang.ning@corp.example"} <= {one.to for one in notices}
        assert all("何志强" in one.text and work.case["number"] not in whole(one) for one in notices)
        again = work.says(COORDINATOR, "同意", answering="manager.publication")
        assert [] == of_kind(again, CONFIRM)


def test_nothing_of_a_confidential_case_is_published(tmp_path: Path) -> None:
    """A sanction after a staff complaint is proposed for no notice, whatever the rule says."""
    with open_desk(tmp_path) as desk:
        own_rules(desk, NOTICED)
        work = Casework(desk=desk)
        found_true(work)
        lists(work, COORDINATOR)
        work.says(COORDINATOR, "全部同意", answering=LEDGER)

        letters = work.says(COORDINATOR, "确认", answering=CONFIRM)

        assert "已登记" in of_kind(letters, LEDGER)[0].text
        assert [] == of_kind(letters, "manager.publication")
