"""A directive goes round: receivers, receipts, stand-ins, what came back, and the end (casework 7, P3.3.6, P3.5.1)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from maild.cli.main import main
from tests.journeys.casework import Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to, whole
from tests.journeys.post import bounce, mail
from tests.journeys.test_modes import in_mode
from tests.journeys.test_units import says

GM = "chen.guodong@corp.example"
COORDINATOR = "lin.xiaoyue@corp.example"
PRODUCTION, LOGISTICS = "zhao.weidong@corp.example", "he.zhiqiang@corp.example"
ROUND, REGISTER = "receiver.circulation", "manager.circulation"
MORNING = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
SUBJECT = "关于年末盘点的决定"
NAMED = (
    "各部门负责人：\n经总经理办公会研究，决定11月28日进行年末盘点，11月30日18点前完成。"
    "请今天传达到班组。\n\n发：生产部、物流部。\n\n陈国栋"
)
UNNAMED = "经总经理办公会研究，决定11月28日进行年末盘点，11月30日18点前完成。请今天传达到各班组。\n\n陈国栋"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An installation at Tuesday 09:00, and nothing in it."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        desk.one_pass()
        yield Casework(desk=desk)


def directive(work: Casework, text: str = NAMED, *, sure: bool = True, sender: str = GM) -> list[Letter]:
    """The general manager's directive arrives; returns what left."""
    raw = mail(SUBJECT, text, sender=sender)
    return work._take(work.desk.receive(raw, authentication=INSIDE.format(sender) if sure else None))


def signed(work: Casework) -> dict[str, list[str]]:
    """Which steps each receiver has signed."""
    return {row["receiver"]: list(row["signed"]) for row in work.case["circulation"]}


def test_each_receiver_gets_the_directive_with_a_key_of_their_own(work: Casework) -> None:
    """The general manager's letter goes to the heads that it names, each with another key, by when, and the letter."""
    letters = directive(work)

    rounds = of_kind(letters, ROUND)
    assert {letter.to for letter in rounds} == {PRODUCTION, LOGISTICS}
    assert len({letter.token for letter in rounds}) == 2
    assert all("18:00" in letter.text and "年末盘点" in letter.text for letter in rounds)
    assert [letter.to for letter in of_kind(letters, REGISTER)] == [COORDINATOR]
    assert work.state == "circulating"


def test_received_satisfies_the_day_and_done_ends_it(work: Casework) -> None:
    """收到 stops the chase of the same day and leaves 已落实 open; when all have carried it out the case closes."""
    directive(work)
    work.says(PRODUCTION, "收到", answering=ROUND)
    work.says(LOGISTICS, "已传达到三个班组", answering=ROUND)
    assert signed(work) == {PRODUCTION: ["received"], LOGISTICS: ["received", "relayed"]}
    assert not of_kind(work.later(timedelta(hours=10)), "manager.escalation")

    work.says(PRODUCTION, "已落实", answering=ROUND)
    assert work.state == "circulating"
    letters = work.says(LOGISTICS, "已完成", answering=ROUND)

    assert (work.state, work.case["outcome"]) == ("closed", "carried-out")
    assert {letter.to for letter in of_kind(letters, REGISTER)} == {COORDINATOR, GM}
    assert work.clocks == set()


def test_who_has_not_passed_it_on_is_chased(work: Casework) -> None:
    """Before closing hour the receiver is reminded, behind it superior and coordinator hear; the reminder is signed."""
    directive(work)
    work.says(LOGISTICS, "已传达", answering=ROUND)

    reminded = of_kind(work.later(timedelta(hours=7)), "handler.reminder")
    assert [letter.to for letter in reminded] == [PRODUCTION]
    chased = of_kind(work.later(timedelta(hours=3)), "manager.escalation")
    assert {letter.to for letter in chased} == {"wu.jianhua@corp.example", COORDINATOR}

    work.says(PRODUCTION, "已传达", answering="handler.reminder")
    assert signed(work)[PRODUCTION] == ["received", "relayed"]
    assert not of_kind(work.later(timedelta(days=1)), "manager.escalation")


def test_a_letter_that_nobody_vouches_for_goes_to_nobody(work: Casework) -> None:
    """Without authentication the coordinator alone has it, with one click that sends it round."""
    letters = directive(work, sure=False)

    assert not of_kind(letters, ROUND)
    (own,) = to(letters, COORDINATOR)
    assert "下发 生产部、物流部" in own.text
    rounds = of_kind(work.says(COORDINATOR, "下发 生产部、物流部", answering=own.kind), ROUND)
    assert {letter.to for letter in rounds} == {PRODUCTION, LOGISTICS}


@pytest.mark.parametrize("mode", ["assist", "observe"])
def test_nothing_goes_round_by_itself_before_maild_is_live(work: Casework, mode: str) -> None:
    """Observing or assisting, the directive waits with the coordinator, and no receiver is chased for it."""
    in_mode(work.desk, mode)

    letters = directive(work) + work.later(timedelta(hours=30))

    assert not [x for x in letters if x.to in {PRODUCTION, LOGISTICS}]
    assert work.state != "circulating"
    if mode == "assist":
        work.says(COORDINATOR, "全部放行", answering="manager.release")
        rounds = of_kind(work.says(COORDINATOR, "下发 生产部、物流部", answering="handler.assignment"), ROUND)
        assert {letter.to for letter in rounds} == {PRODUCTION, LOGISTICS}


def test_a_directive_that_came_as_a_copy_is_not_sent_again(work: Casework) -> None:
    """Who writes to the heads with the mailbox in copy has told them: the coordinator may still send it round."""
    raw = mail(SUBJECT, NAMED, sender=GM, to=PRODUCTION, Cc="gm@corp.example")

    letters = work._take(work.desk.receive(raw, authentication=INSIDE.format(GM)))

    assert not of_kind(letters, ROUND)
    assert work.case["type"] == "directive"


def test_the_coordinator_decides_where_no_list_is_written(work: Casework) -> None:
    """A directive without receivers waits for 下发; a second 下发 reaches only who has it not yet."""
    letters = directive(work, UNNAMED)
    assert not of_kind(letters, ROUND)
    assert "下发 各部门" in to(letters, COORDINATOR)[0].text

    first = of_kind(work.says(COORDINATOR, "下发 物流部：请重点核对成品仓", answering="handler.assignment"), ROUND)
    second = of_kind(work.says(COORDINATOR, "下发 物流部、生产部", answering="handler.assignment"), ROUND)
    again = work.says(COORDINATOR, "下发 物流部", answering="handler.assignment")

    assert [letter.to for letter in first] == [LOGISTICS]
    assert "请重点核对成品仓" in first[0].text
    assert [letter.to for letter in second] == [PRODUCTION]
    assert not of_kind(again, ROUND)
    assert "都已收到" in work.refusal(again)


def test_a_list_that_means_nobody_is_refused(work: Casework) -> None:
    """A slip of the pen in the list sends nothing, and the mail says how to write it."""
    directive(work, UNNAMED)

    letters = work.says(COORDINATOR, "下发 火星部", answering="handler.assignment")

    assert not of_kind(letters, ROUND)
    assert "下发 各部门" in work.refusal(letters) or of_kind(letters, "staff.choices")


def test_an_absent_receiver_signs_nothing_and_the_delegate_may(work: Casework) -> None:
    """An automatic reply with 收到 in it is no receipt: the delegate gets the letter, the coordinator hears today."""
    directive(work)
    head = of_kind(work.letters, ROUND)
    own = to(head, LOGISTICS)[0]
    away = mail(f"自动回复: {own.subject}", "我在外地开会，11月30日返回，收到请勿重复发送。", sender=LOGISTICS,
                **{"Auto-Submitted": "auto-replied"})  # fmt: skip
    letters = work._take(work.desk.receive(away, authentication=INSIDE.format(LOGISTICS)))

    assert signed(work)[LOGISTICS] == []
    assert [letter.to for letter in of_kind(letters, ROUND)] == ["wang.lei@corp.example"]
    assert [letter.to for letter in of_kind(letters, "manager.away")] == [COORDINATOR]
    assert not to(letters, LOGISTICS)
    work.says("wang.lei@corp.example", "已传达", answering=ROUND)
    assert signed(work)[LOGISTICS] == ["received", "relayed"]


def test_a_receiver_who_stands_in_signs_each_letter_for_whom_it_is(work: Casework) -> None:
    """Two letters, two receipts: the answer to the absent colleague's letter signs that one alone."""
    directive(work, "明天盘点。\n发：何志强、王磊。\n\n陈国栋")
    deputy = "wang.lei@corp.example"
    (mine,) = to(of_kind(work.letters, ROUND), deputy)
    own = to(of_kind(work.letters, ROUND), LOGISTICS)[0]
    away = mail(f"自动回复: {own.subject}", "我在外地开会，11月30日返回。", sender=LOGISTICS,
                **{"Auto-Submitted": "auto-replied"})  # fmt: skip
    work._take(work.desk.receive(away, authentication=INSIDE.format(LOGISTICS)))

    work.says(deputy, "已传达", answering=ROUND)
    assert signed(work) == {LOGISTICS: ["received", "relayed"], deputy: []}
    says(work, mine, deputy, "已落实")

    assert signed(work)[deputy] == ["received", "relayed", "done"]
    assert work.state == "circulating"


def test_a_mailbox_that_answers_twice_is_told_once(work: Casework) -> None:
    """A second automatic reply of the same receiver tells the coordinator nothing new."""
    directive(work)
    own = to(of_kind(work.letters, ROUND), LOGISTICS)[0]
    told = []
    for text in ("我在外地开会，11月30日返回。", "我在外地开会，11月30日返回，急事请打电话。"):
        away = mail(f"自动回复: {own.subject}", text, sender=LOGISTICS, **{"Auto-Submitted": "auto-replied"})
        told += work._take(work.desk.receive(away, authentication=INSIDE.format(LOGISTICS)))

    assert [letter.to for letter in of_kind(told, "manager.away")] == [COORDINATOR]
    assert len(of_kind(told, ROUND)) == 1


def test_somebody_who_did_not_get_it_signs_nothing(work: Casework) -> None:
    """Only a receiver signs: 收到 of the coordinator to an escalation is heard, 已传达 is refused."""
    directive(work)
    work.later(timedelta(hours=10))

    work.says(COORDINATOR, "收到", answering="manager.combined" if work.got(COORDINATOR, "manager.combined")
              else "manager.escalation")  # fmt: skip

    assert signed(work) == {PRODUCTION: [], LOGISTICS: []}
    assert work.state == "circulating"


def test_words_without_an_order_sign_nothing(work: Casework) -> None:
    """先传达一半 or a question is kept as a note; the receiver is asked with the words that sign."""
    directive(work)

    letters = work.says(PRODUCTION, "夜班的人明天才上班，能不能晚一天？", answering=ROUND)

    assert signed(work)[PRODUCTION] == []
    assert any("已传达" in letter.text for letter in to(letters, PRODUCTION))


def test_the_register_is_shown_to_who_asks(work: Casework) -> None:
    """状态 in answer to the register lists each receiver with what is signed and what is open."""
    directive(work)
    work.says(LOGISTICS, "已传达", answering=ROUND)

    (status,) = of_kind(work.says(COORDINATOR, "状态", answering=REGISTER), "staff.status")

    assert "物流部" in status.text
    assert "已传达" in status.text
    assert "生产部" in status.text


def test_a_circulation_that_was_undone_counts_no_more(work: Casework) -> None:
    """撤销 takes it back: the receivers hear that it does not count, and none is chased."""
    directive(work, UNNAMED)
    work.says(COORDINATOR, "下发 物流部", answering="handler.assignment")

    letters = work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert [letter.to for letter in of_kind(letters, "handler.withdrawn")] == [LOGISTICS]
    assert work.case["circulation"] == []
    assert not to(work.later(timedelta(days=2)), LOGISTICS)


def test_a_circulation_closed_from_above_is_no_ones_merit(work: Casework) -> None:
    """结案 by the coordinator ends every clock: who signed was in time, who had not signed yet is neither that nor late."""
    directive(work)
    work.says(PRODUCTION, "已落实", answering=ROUND)

    work.says(COORDINATOR, "结案：盘点取消，不再执行\n原因：停产检修\n措施：盘点日期另行通知", answering=REGISTER)

    ends = {(c["subject"], c["state"]) for c in work.case["clocks"] if c["kind"] in {"relay", "receipt"}}
    assert ends == {(PRODUCTION, "met"), (LOGISTICS, "dropped")}
    assert work.state == "closed"


def test_a_returned_letter_reopens_its_item(work: Casework) -> None:
    """A delivery report for a receiver's mail is told to the coordinator and stands in the register."""
    directive(work)
    own = to(of_kind(work.letters, ROUND), PRODUCTION)[0]

    work._take(work.desk.receive(bounce(PRODUCTION, original=own.raw)))

    (row,) = [row for row in work.case["circulation"] if row["receiver"] == PRODUCTION]
    assert row["returned"] is True
    assert of_kind(work.letters, "staff.bounce")


def test_a_complaint_cannot_be_sent_round(work: Casework) -> None:
    """下发 of a confidential letter is refused, and nothing of it leaves."""
    work.start("举报", "我要举报仓库主管王强倒卖公司物资，上周三他把两车钢材拉走了。", sender="liu.yang@corp.example")
    mine = [letter for letter in work.letters if letter.kind in {"handler.assignment", "manager.notice"}]

    letters = work.says(mine[0].to, "下发 各部门", answering=mine[0].kind)

    assert not of_kind(letters, ROUND)
    assert not any("钢材" in whole(letter) for letter in letters if letter.to != mine[0].to)


def test_the_office_begins_a_circulation_by_a_mail_of_its_own(work: Casework) -> None:
    """下发 in the first line of an authenticated mail of the GM office sends letter and files round."""
    raw = mail("关于国庆值班的通知", "下发 生产部、物流部：请安排好值班\n\n国庆期间各部门留一人值班，名单9月28日前报总经办。",
               sender=COORDINATOR, files={"值班表.xlsx": b"table"})  # fmt: skip

    letters = work._take(work.desk.receive(raw, authentication=INSIDE.format(COORDINATOR)))

    rounds = of_kind(letters, ROUND)
    assert {letter.to for letter in rounds} == {PRODUCTION, LOGISTICS}
    assert all(len(list(letter.message.walk())) > 3 for letter in rounds)
    assert (work.case["type"], work.state) == ("directive", "circulating")


@pytest.mark.parametrize(("sender", "sure"), [(COORDINATOR, False), ("he.zhiqiang@corp.example", True)])
def test_a_circulation_of_doubtful_origin_is_a_proposal(work: Casework, sender: str, sure: bool) -> None:
    """Not authenticated, or of somebody who may not: nobody gets it, and the coordinator has it with one click."""
    raw = mail("关于国庆值班的通知", "下发 生产部、财务部\n\n国庆期间各部门留一人值班。", sender=sender)

    letters = work._take(work.desk.receive(raw, authentication=INSIDE.format(sender) if sure else None))

    assert not of_kind(letters, ROUND)
    assert any("下发 生产部、财务部" in letter.text for letter in to(letters, COORDINATOR))


def test_an_order_to_send_round_takes_no_protection_from_a_complaint(work: Casework) -> None:
    """A complaint under a line with 下发 stays confidential, goes the way of complaints, and is offered to nobody."""
    writer = "ma.jun@corp.example"
    text = "下发 物流部\n\n仓库主管王强上周三把两车钢材私自拉出去卖了，还威胁知情的同事不许说，望公司查处。"

    letters = work._take(work.desk.receive(mail("仓库的事", text, sender=writer), authentication=INSIDE.format(writer)))

    assert work.case["confidential"]
    assert not any("下发 物流部" in letter.text or "钢材" in letter.text for letter in to(letters, LOGISTICS))
    assert not of_kind(letters, ROUND)


def test_the_register_is_a_spreadsheet(
    work: Casework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`maild circulate show --xlsx` writes one row a receiver with local times, and `list` says how far each is."""
    directive(work)
    work.says(LOGISTICS, "已传达", answering=ROUND)
    for name, value in work.desk.environ.items():
        monkeypatch.setenv(name, value)
    config, out = str(work.desk.folder / "maild.toml"), tmp_path / "register.xlsx"

    assert main(["circulate", "show", work.case["number"], "-c", config, "--xlsx", str(out), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main(["circulate", "list", "-c", config]) == 0

    assert {row["unit"] for row in shown["circulation"]} == {"生产部", "物流部"}
    assert "0/2" in capsys.readouterr().out
    rows = [[cell.value for cell in row] for row in load_workbook(out).worksheets[0].iter_rows()]
    assert rows[0][:4] == ["接收部门", "接收人", "收到", "已传达"]
    assert ["物流部", "何志强", "2026-11-24 09:01", "2026-11-24 09:01"] in [row[:4] for row in rows]
    assert main(["circulate", "show", "GM-2026-009999", "-c", config]) == 1
    paper = tmp_path / "sheet.pdf"
    assert main(["case", "print", work.case["number"], "--out", str(paper), "-c", config]) == 0
    said = PdfReader(paper).pages[0].extract_text()
    assert (said.count("签收期限"), said.count("下发：生产部、物流部"), said.count("已传达")) == (1, 1, 1)


def test_the_coordinator_chases_those_who_have_not_signed(work: Casework) -> None:
    """催办 in answer to the register reminds each receiver who owes something, once a day, and nobody else."""
    directive(work)
    work.says(LOGISTICS, "已落实", answering=ROUND)

    letters = of_kind(work.says(COORDINATOR, "催办", answering=REGISTER), "handler.reminder")
    again = of_kind(work.says(COORDINATOR, "催办", answering=REGISTER), "handler.reminder")

    assert [letter.to for letter in letters] == [PRODUCTION]
    assert "已传达" in letters[0].text
    assert again == []


@contextmanager
def approving(folder: Path, role: str) -> Iterator[Casework]:
    """An installation whose pack asks this role before anything goes round."""
    with open_desk(folder) as desk:
        rules = folder / "rules"
        rules.mkdir()
        (rules / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
        (rules / "circulation.yaml").write_text(f"types: [directive]\nby: []\napproves: {role}\n", "utf-8")
        config = folder / "maild.toml"
        config.write_text('rules = "rules"\n' + config.read_text("utf-8"), "utf-8")
        desk.now = MORNING
        yield Casework(desk=desk)


def test_an_approval_by_hr_sends_it_round(tmp_path: Path) -> None:
    """With `approves: hr` one 同意 of HR is enough: the coordinator, who ordered it, is not asked again."""
    with approving(tmp_path, "hr") as work:
        directive(work, sender="shen.lan@corp.example")
        work.says(COORDINATOR, "下发 物流部：请阅", answering="handler.assignment")

        letters = work.says("zhou.min@corp.example", "同意", answering="manager.proposal")

        assert [letter.to for letter in of_kind(letters, ROUND)] == [LOGISTICS]
        assert not of_kind(letters, "manager.proposal")


def test_a_letter_in_the_gms_name_needs_the_gms_approval(tmp_path: Path) -> None:
    """Whoever approves need not approve an own letter, but one that nobody vouches for is asked about."""
    with approving(tmp_path, "gm") as work:
        directive(work, sure=False)

        letters = work.says(COORDINATOR, "下发 物流部", answering="handler.assignment")

        assert not of_kind(letters, ROUND)
        assert [letter.to for letter in of_kind(letters, "manager.proposal")] == [GM]


def test_the_pack_may_ask_for_an_approval(tmp_path: Path) -> None:
    """With `approves: gm` the coordinator's 下发 waits for the general manager's 同意; 不同意 sends nothing."""
    with approving(tmp_path, "gm") as work:
        directive(work, sender="shen.lan@corp.example")

        first = work.says(COORDINATOR, "下发 生产部", answering="handler.assignment")
        assert not of_kind(first, ROUND)
        work.says(GM, "不同意：先改第二条", answering="manager.proposal")
        assert of_kind(work.letters, ROUND) == []
        work.says(COORDINATOR, "下发 物流部：请阅", answering="handler.assignment")
        letters = work.says(GM, "同意", answering="manager.proposal")

        assert [letter.to for letter in of_kind(letters, ROUND)] == [LOGISTICS]
        assert "请阅" in of_kind(letters, ROUND)[0].text
        assert "先改第二条" in to(of_kind(work.letters, "handler.proposal"), COORDINATOR)[0].text


def test_a_heads_circulation_asks_the_coordinator(work: Casework) -> None:
    """下发 of a department head about a case of the unit goes round when the coordinator agrees."""
    work.open()

    asked = work.says(LOGISTICS, "下发 生产部、销售部：请各部门核对面单", answering="handler.assignment")
    assert not of_kind(asked, ROUND)
    letters = work.says(COORDINATOR, "同意", answering="manager.proposal")

    assert {letter.to for letter in of_kind(letters, ROUND)} == {PRODUCTION, "ma.jun@corp.example"}


def test_a_letter_on_its_way_keeps_its_type(work: Casework) -> None:
    """应为 is refused while receivers owe their receipts: nobody is chased for another letter."""
    directive(work)

    letters = work.says(COORDINATOR, "应为 运营问题", answering=REGISTER)

    assert (work.case["type"], work.state) == ("directive", "circulating")
    assert work.refusal(letters)
