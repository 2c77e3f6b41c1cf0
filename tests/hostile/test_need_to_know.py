"""Personal data, every byte that leaves.

Nobody attacks here but curiosity, as in `test_personal_data.py`: one case of a customer with an identity number, a bank
card, a telephone, a member's number and a child's name, in the letter and in its files. Everything that leaves for
anybody but the requester and those who need to know is unfolded: mails with their parts, spreadsheets, PDF, HTML,
exports, what the command line prints and what the log says.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.adapters.maskapart import Looker
from maild.cli.main import main
from tests.adapters.test_maskapart import docx, packed, pdf, picture, sheet
from tests.hostile.unfolding import told
from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to, whole
from tests.journeys.post import CUSTOMER, mail, poison
from tests.journeys.test_attachments import files_of
from tests.journeys.test_circulation import GM as GM_PERSON
from tests.journeys.test_circulation import NAMED, REGISTER, ROUND

IDENTITY, CARD, PHONE, RECORD, CHILD = "110101199003077774", "6222021234567890128", "13800138000", "A0012345", "赵小雨"
SECRETS = (IDENTITY, CARD, PHONE, RECORD, CHILD)
OWN = """
masks:
  - {kinds: [id-card, bank-card, passport, phone, record-number, minor-name], seen_by: [handler, hr]}
records: [{words: [会员号]}]
minors: {before: [儿子]}
"""
SUBJECT = f"投诉：订单 88231 没有发货，会员号{RECORD}"
LETTER = (
    f"我三周前下单的空气炸锅一直没有发货，订单 88231，运单号 4111111111111111。请退到银行卡 {CARD}，身份证 {IDENTITY}，"
    f"手机 {PHONE}，会员号 {RECORD}。这是买给我儿子{CHILD}的。"
)
FIRST = "tang.ning@corp.example"
"""Who handled it until the coordinator routed it on."""
EXPERT = "lawyer@law.example"
FILES = {
    "申请.docx": docx(f"身份证{IDENTITY[:6]}", IDENTITY[6:]),
    "会员.xlsx": sheet(("姓名", "会员号"), ("赵磊", RECORD)),
    "凭证.pdf": pdf(f"card {CARD}"),
    "材料.zip": packed({"a.docx": docx(f"我儿子{CHILD}，电话{PHONE}")}),
    f"{PHONE}.txt": "订单 88231".encode(),
    "包裹.png": picture(),
    "清单.docx": docx("空气炸锅一台，订单 88231，运单号 4111111111111111"),
}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """The complaint, routed to logistics, in an office where only the handler and HR need to know."""
    monkeypatch.setattr(Looker, "seconds", 120.0)  # however slow the machine is
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "pack.yaml").write_text("extends: gm-mailbox\n", "utf-8")
        (tmp_path / "rules" / "masks.yaml").write_text(OWN, "utf-8")
        settings = tmp_path / "maild.toml"
        settings.write_text('rules = "rules"\n' + settings.read_text("utf-8"), "utf-8")
        desk.now = MORNING
        made = Casework(desk)
        made.letters += desk.receive(mail(SUBJECT, LETTER, files=FILES))
        made.says(COORDINATOR, "转物流部处理", answering="manager.notice")
        yield made


def life_of(work: Casework) -> None:
    """All that sends something about it: notes, fetched files, sheets, an expert, plan, answer, lists, days, a month."""
    work.says(
        HANDLER, f"备注：已联系客户 {PHONE}，卡号 {CARD} 有效，儿子{CHILD}在家收。", answering="handler.assignment"
    )
    for order in ("附件 全部", "处理单", "状态"):
        work.says(COORDINATOR, order, answering="manager.notice")
    work.says(COORDINATOR, f"转外部 {EXPERT}：请看能否退到 {CARD}", answering="manager.notice")
    work.says(COORDINATOR, "确认", answering="manager.forward")
    work.says(HANDLER, f"计划 12月20日 退到 {CARD}", answering="handler.assignment")
    work.says(HANDLER, f"答复：赵先生，款已退到您的卡 {CARD}，请查收。", answering="handler.assignment")
    work.says(
        HANDLER, f"结案\n原因：会员号 {RECORD} 登记有误\n措施：改正了 {IDENTITY} 的登记", answering="handler.assignment"
    )
    work.says(
        COORDINATOR,
        "公示 问：会员号 A0012345 的订单为什么没发？答：登记有误，已改正并退款。",
        answering="manager.notice",
    )
    work.says(COORDINATOR, "查 88231", answering="manager.notice")
    for days in (1, 3, 8):
        work.later(timedelta(days=days))


def needs_to_know(letter: Letter) -> bool:
    """Whether its reader is the requester or handles the case."""
    return letter.to in {CUSTOMER, FIRST, HANDLER}


def test_no_mail_tells_who_need_not_know(work: Casework, caplog: pytest.LogCaptureFixture) -> None:
    """Subject, text, HTML, spreadsheets, sheets, files: nothing of it reaches others or the log; the order's number does."""
    with caplog.at_level(logging.DEBUG):
        life_of(work)
    others = [one for one in work.letters if not needs_to_know(one)]

    assert {} == {(one.to, one.kind): words for one in others if (words := told(one.raw, SECRETS))}
    assert {"manager.notice", "staff.sheet", "expert.question", "staff.attachments", "manager.digest"} <= {
        one.kind for one in others
    }
    assert all("88231" in whole(one) for one in of_kind(others, "manager.notice"))
    assert [] == told(caplog.text.encode(), SECRETS, "")


def test_who_handles_it_has_all_of_it(work: Casework) -> None:
    """The same look finds every number, the child's name and every file with the handler."""
    own = work.got(HANDLER, "handler.assignment")[-1]

    assert list(SECRETS) == told(own.raw, SECRETS)
    assert set(FILES) == set(files_of(own))


def test_a_file_that_stays_is_named_with_the_reason_and_who_has_it(work: Casework) -> None:
    """Whoever fetches the files gets the harmless ones; the others are told, why they stayed, and whom to ask."""
    (letter,) = work.says(COORDINATOR, "附件 全部", answering="manager.notice")

    assert {"138****8000.txt", "包裹.png", "清单.docx"} == set(files_of(letter))
    for words in ("1. 申请.docx", "含身份证号", "2. 会员.xlsx", "含本单位登记的号码", "3. 凭证.pdf", "含银行卡号",
                  "4. 材料.zip", "承办人、人力资源部"):  # fmt: skip
        assert words in letter.text, words


def test_the_expert_gets_what_the_preview_showed(work: Casework) -> None:
    """Before it leaves the coordinator sees which files stay behind, and the history names those that went."""
    work.says(COORDINATOR, f"转外部 {EXPERT}：请看能否退款", answering="manager.notice")
    shown = work.got(COORDINATOR, "manager.forward")[-1]
    work.says(COORDINATOR, "确认", answering="manager.forward")
    work.later(timedelta(hours=1))
    (sent,) = to(work.letters, EXPERT)

    assert {"138****8000.txt", "包裹.png", "清单.docx"} == set(files_of(sent))
    assert all("申请.docx" in one.text and "含身份证号" in one.text for one in (shown, sent))
    assert "人力资源部" not in sent.text
    (event,) = (one for one in work.case["events"] if one["kind"] == "forwarded")
    assert [f"{PHONE}.txt", "包裹.png", "清单.docx"] == event["data"]["attachments"]


def test_nothing_that_the_command_line_writes_tells_it(
    work: Casework, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is printed, spreadsheets, pages, the sheet and the export: stars; unmasked, with a reason, all of it."""
    life_of(work)
    out, number, config = tmp_path / "out", str(work.case["number"]), ["-c", str(tmp_path / "maild.toml")]
    out.mkdir()
    for words in (
        ["case", "list"], ["case", "list", "--json"], ["case", "show", number], ["case", "show", number, "--json"],
        ["case", "print", number, "--out", str(out / "sheet.pdf")],
        ["case", "export", number, "--out", str(out / "case.zip")],
        ["plan", "list", "--xlsx", str(out / "plan.xlsx")], ["search", "88231"], ["search", "--bodies", "空气炸锅"],
        ["report", "monthly", "--period", "2026-11", "--xlsx", str(out / "report.xlsx"), "--html", str(out / "r.html")],
        ["report", "monthly", "--period", "2026-11", "--cases", "M1"],
        ["report", "monthly", "--period", "2026-11", "--as", COORDINATOR, "--xlsx", str(out / "own.xlsx")],
        ["publish", "list"], ["publish", "page", str(out / "page.html")], ["reprocess"], ["form", "list"],
        ["ledger", "list", "--xlsx", str(out / "ledger.xlsx")],
    ):  # fmt: skip
        assert main([*words, *config]) == 0, words
    said = capsys.readouterr()

    assert [] == told((said.out + said.err).encode(), SECRETS, "")
    assert {} == {one.name: words for one in out.iterdir() if (words := told(one.read_bytes(), SECRETS, one.name))}
    assert number in said.out
    whole_zip = ["case", "export", number, "--out", str(out / "raw.zip"), "--unmasked", "--reason", "法院调取"]
    assert main([*whole_zip, *config]) == 0
    assert list(SECRETS) == told((out / "raw.zip").read_bytes(), SECRETS)


def test_who_looks_at_a_quarantined_mail_reads_it_masked(work: Casework, tmp_path: Path) -> None:
    """看原件 brings the original to whoever handles it; where the office lets HR alone see the numbers, their text."""
    bomb = poison().replace(b"boom", LETTER.encode()).replace(b"Subject: bomb", b"Subject: bomb " + PHONE.encode())
    work.letters += work.desk.receive(bomb)
    whole_one = of_kind(work.says(COORDINATOR, "看原件", answering="manager.quarantine"), "manager.quarantine")[0]
    (tmp_path / "rules" / "masks.yaml").write_text(OWN.replace("handler, ", ""), "utf-8")
    work.desk.reread()
    masked_one = of_kind(work.says(COORDINATOR, "看原件", answering="manager.quarantine"), "manager.quarantine")[0]

    assert [["original-1.eml"], ["original-1.txt"]] == [list(files_of(one)) for one in (whole_one, masked_one)]
    assert PHONE in told(whole_one.raw, SECRETS)
    assert [] == told(masked_one.raw, SECRETS)
    assert "138****8000" in whole(masked_one)
    assert "遮去这些信息的文字" in masked_one.text


def test_who_sends_a_letter_round_hears_what_stayed_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list with identity numbers goes to none of the receivers; the coordinator's register says so."""
    monkeypatch.setattr(Looker, "seconds", 120.0)
    files = {"名单.docx": docx(f"王一 {IDENTITY}"), "通知.docx": docx("11月28日盘点")}
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        desk.one_pass()
        raw = mail("关于年末盘点的决定", NAMED, sender=GM_PERSON, files=files)
        letters = desk.receive(raw, authentication=INSIDE.format(GM_PERSON))

    rounds, (register,) = of_kind(letters, ROUND), of_kind(letters, REGISTER)
    assert [{"通知.docx"}] * 2 == [set(files_of(one)) for one in rounds]
    assert all("1. 名单.docx" in one.text and "含身份证号" in one.text for one in (*rounds, register))
    assert "2个收件人收到的信里没有附上" in register.text
