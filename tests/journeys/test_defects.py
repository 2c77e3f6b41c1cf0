"""What other help desks get wrong with the same mails is right here, from the server's inbox to the letters."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from pathlib import Path
from typing import Any

import pytest
from imapclient import SEEN, IMAPClient
from sqlalchemy import event

from maild.adapters import imap_fetch
from tests.journeys.desk import GM, PASSWORD, Letter, TestDesk, open_desk
from tests.journeys.post import COMPLAINT, CUSTOMER, absence, bounce, mail, poison, raw_mail

OTHER = "wu.fang@mail-b.example"
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


KEPT = ("number", "type", "urgency", "handler", "unit", "subject")
"""What no passing of time changes in a case."""


def of_kind(letters: list[Letter], kind: str) -> list[Letter]:
    """The letters of one kind."""
    return [letter for letter in letters if letter.kind == kind]


def ack(letters: list[Letter]) -> Letter:
    """The one acknowledgement among these."""
    (only,) = of_kind(letters, "requester.acknowledgement")
    return only


def dispositions(desk: TestDesk) -> list[str]:
    """What became of each mail, in the order in which they were taken in."""
    return [row[0] for row in desk.rows("select disposition from journal order by id")]


def told_by(letters: list[Letter]) -> set[str]:
    """Who got something."""
    return {letter.to for letter in letters}


# -- characters

GBK, GB18030 = "朱镕基路投诉：陶喆店–卫生", "投诉㐀𠮷：饭菜有虫"
ENCODED = b"=?gb2312?B?" + b64encode(GBK.encode("gbk")) + b"?="
FOUR = b"=?gb18030?B?" + b64encode(GB18030.encode("gb18030")) + b"?="
CHARACTERS = [
    pytest.param("投诉：食堂卫生", "投诉：食堂卫生".encode("gbk"), "饭菜里有虫子", "gbk", id="raw-gbk-subject"),
    pytest.param("投诉：食堂卫生", "投诉：食堂卫生".encode("gbk"), "饭菜里有虫子", "utf-8", id="raw-gbk-utf8-body"),
    pytest.param(GBK, ENCODED, GBK, "gb2312", id="gbk-characters-as-gb2312"),
    pytest.param(GB18030, FOUR, GB18030, "gb18030", id="four-bytes"),
    pytest.param(GB18030, b"=?gb2312?B?" + b64encode(GB18030.encode("gb18030")) + b"?=", GB18030, "gb2312",
                 id="four-bytes-as-gb2312"),
    pytest.param("投诉：臺灣門市", str(Header("投诉：臺灣門市", "utf-8").encode()).encode(), "服務很差，要求退款", "big5",
                 id="big5"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "raw", "text", "label"), CHARACTERS)
def test_chinese_is_read_as_it_was_written(desk: TestDesk, subject: str, raw: bytes, text: str, label: str) -> None:
    """Raw eight-bit subjects and wrong or narrow charset labels reach case and handler without a damaged character."""
    codec = "gb18030" if label.startswith("gb") else label
    letters = desk.receive(raw_mail(raw, f"{text}，要求退款。".encode(codec), charset=label))

    assert [subject] == [case["subject"] for case in desk.cases()]
    assert any(text in letter.text for letter in letters if letter.to.endswith("@corp.example"))


# -- which case a mail belongs to

REPLIES: list[Any] = [
    pytest.param({"References": "<first@pc.example>"}, id="own-mail-by-references"),
    pytest.param({"References": "<x@y.example> <first@pc.example> <z@y.example>"}, id="references-in-the-middle"),
    pytest.param({"In_Reply_To": "<first@pc.example>"}, id="own-mail-by-in-reply-to"),
    pytest.param({"In_Reply_To": "ACK"}, id="acknowledgement-without-tag"),
    pytest.param({"References": "<first@pc.example> ACK"}, id="acknowledgement-by-references"),
    pytest.param({"To": "PLUS"}, id="plus-address-alone"),
    pytest.param({"Subject": "回复: 回复：[TOKEN]"}, id="tag-alone"),
    pytest.param({"Subject": "AW: 来信 【TOKEN】"}, id="tag-in-wide-brackets"),
]


@pytest.mark.parametrize("fields", REPLIES)
def test_a_requesters_reply_joins_its_case(desk: TestDesk, fields: dict[str, str]) -> None:
    """Any one trace that a client leaves is enough, and the case keeps its subject."""
    first = ack(desk.receive(mail(Message_ID="<first@pc.example>")))
    real = {"ACK": str(first.message["Message-ID"]), "PLUS": first.reply_to, "TOKEN": first.token}
    for name, word in real.items():
        fields = {field: text.replace(name, word) for field, text in fields.items()}

    letters = desk.receive(mail("回复：来信", "补充说明：机器序列号是 A123，昨天又坏了一次。", **fields))

    (case,) = desk.cases()
    assert (["new-case", "appended"], COMPLAINT) == (dispositions(desk), case["subject"])
    assert {"handler.addition"} == {letter.kind for letter in letters}


STRANGERS: list[Any] = [
    pytest.param({"Subject": COMPLAINT}, id="same-subject"),
    pytest.param(
        {"Subject": f"Re: {COMPLAINT}", "References": "<first@pc.example>"}, id="references-to-another's-mail"
    ),
    pytest.param({"Subject": "关于 NUMBER 的投诉"}, id="guessed-case-number"),
    pytest.param({"Subject": "投诉 [NUMBER-0123ABCD]"}, id="guessed-tag"),
]


@pytest.mark.parametrize("fields", STRANGERS)
def test_a_strangers_mail_never_lands_in_anothers_case(desk: TestDesk, fields: dict[str, str]) -> None:
    """The same subject, a reference or a guessed number opens a case of its own, and the other requester hears nothing."""
    desk.receive(mail(Message_ID="<first@pc.example>"))
    number = desk.cases()[0]["number"]
    fields = {name: text.replace("NUMBER", number) for name, text in fields.items()}

    letters = desk.receive(mail(text="我的洗衣机漏水，要求退货。", sender=OTHER, **fields))

    assert ["new-case", "new-case"] == dispositions(desk)
    assert CUSTOMER not in told_by(letters)
    assert ["opened", "classified", "assigned"] == [event["kind"] for event in desk.cases()[0]["events"]]


def test_a_thread_fetched_in_disorder_is_one_case(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers FETCH in another order than asked for splits no thread."""
    bodies = imap_fetch.bodies
    monkeypatch.setattr(imap_fetch, "bodies", lambda *args: dict(reversed(bodies(*args).items())))

    desk.receive(
        mail(Message_ID="<1@pc.example>"), mail("Re", "补充：型号 88", In_Reply_To="<1@pc.example>"),
        mail("Re", "补充：颜色是红的", References="<1@pc.example>"),
    )  # fmt: skip

    assert ["new-case", "appended", "appended"] == dispositions(desk)


# -- one mail, one case

MORE = "又及：还有一件事，上次的发票也开错了。"
ONCE: list[Any] = [
    pytest.param([mail(), mail()], 1, id="delivered-twice"),
    pytest.param([b"Delivered-To: gm@corp.example\r\n" + mail(), b"Delivered-To: boss@corp.example\r\n" + mail()], 1,
                 id="two-aliases"),
    pytest.param([mail(Message_ID=""), mail(Message_ID="")], 1, id="no-message-id"),
    pytest.param([mail(Message_ID="<1@x>"), mail("投诉：空调漏水", "空调又漏水了，要求换货。", Message_ID="<1@x>")], 2,
                 id="old-message-id-other-content"),
    pytest.param([mail(), mail("投诉：另一件事", MORE)], 2, id="another-mail-of-the-same-sender"),
]  # fmt: skip


@pytest.mark.parametrize(("raws", "cases"), ONCE)
def test_one_content_is_one_case(desk: TestDesk, raws: list[bytes], cases: int) -> None:
    """The same mail twice makes nothing new, and another mail under an old Message-ID is not lost."""
    letters = [letter for raw in raws for letter in desk.receive(raw)]

    assert (cases, 1) == (len(desk.cases()), len(of_kind(letters, "requester.acknowledgement")))
    assert len(desk.servers.folder(GM, "maild/Processed")) == 2


def test_the_shared_mailbox_writing_to_itself_makes_one_case_at_most(desk: TestDesk) -> None:
    """A self-addressed mail and its copy open one case and are answered to nobody."""
    raw = mail("备忘：周五前检查", "请记得检查门店。", sender=GM)

    letters = desk.receive(raw) + desk.receive(raw)

    assert len(desk.cases()) <= 1
    assert GM not in told_by(letters)


# -- machines


def test_a_bounce_is_answered_to_nobody(desk: TestDesk) -> None:
    """Of a returned acknowledgement the inside hears, and nothing goes to the requester or the mail system."""
    first = ack(desk.receive(mail()))

    letters = desk.receive(bounce(CUSTOMER, original=first.raw))

    assert ["new-case", "bounce"] == dispositions(desk)
    assert {"staff.bounce"} == {letter.kind for letter in letters}
    assert {"corp.example"} == {letter.to.partition("@")[2] for letter in letters}


def test_a_bounce_of_a_notice_ends(desk: TestDesk) -> None:
    """A person of the office whose mailbox refuses everything makes no endless row of notices."""
    letters = desk.receive(mail())
    assignment = of_kind(letters, "handler.assignment")[0]
    rounds = [[assignment]]
    while rounds[-1] and len(rounds) < 10:
        returned = [bounce(letter.to, original=letter.raw) for letter in rounds[-1]]
        rounds.append(desk.receive(*returned))

    assert [] == rounds[-1]
    assert len(rounds) <= 3


def test_a_forged_bounce_changes_nothing(desk: TestDesk) -> None:
    """A report about an address that we did not write to marks nobody as unreachable."""
    first = ack(desk.receive(mail()))

    letters = desk.receive(bounce("somebody.else@mail-z.example", original=first.raw))

    assert ([], "report-unmatched") == (letters, dispositions(desk)[-1])


@pytest.mark.parametrize("known", [True, False])
def test_an_automatic_reply_is_kept_and_opens_nothing(desk: TestDesk, known: bool) -> None:
    """An out-of-office reply makes no case and no letter; it stands in the journal, and on its case where it has one."""
    first = ack(desk.receive(mail(Message_ID="<first@pc.example>")))
    answers = str(first.message["Message-ID"]) if known else "<nothing@else.example>"

    letters = desk.receive(absence(CUSTOMER, answers=answers))

    (case,) = desk.cases()
    assert ([], ["new-case", "machine-mail"]) == (letters, dispositions(desk))
    assert known == ("machine-mail" in [event["kind"] for event in case["events"]])
    assert len(desk.servers.folder(GM, "maild/Processed")) == 2


@pytest.mark.parametrize("word", ["bulk", "Bulk", "BULK", "List", "auto_Reply"])
def test_precedence_is_read_in_any_capitals(desk: TestDesk, word: str) -> None:
    """However a sender's program spells it, mail in bulk is not answered and opens nothing."""
    letters = desk.receive(mail(Precedence=word))

    assert ([], ["machine-mail"]) == (letters, dispositions(desk))


def test_a_mail_without_from_is_a_case(desk: TestDesk) -> None:
    """Nobody can be answered, and nothing is lost: the inside hears of it."""
    raw = re.sub(rb"^From:.*\r?\n", b"", mail(), flags=re.MULTILINE)

    letters = desk.receive(raw)

    assert ["new-case"] == dispositions(desk)
    assert letters
    assert {"corp.example"} == {letter.to.partition("@")[2] for letter in letters}


# -- what goes along and what goes out


def test_attachments_reach_the_handler_whole(desk: TestDesk) -> None:
    """Files of any name arrive with the assignment, byte for byte."""
    files = {
        "发票 扫描件.pdf": b"%PDF" + bytes(range(256)) * 40,
        "clip.bin": bytes(3000),
        "winmail.dat": b"\x78\x9f\x3e\x22",
    }
    letters = desk.receive(mail(files=files))

    parts = [part for part in of_kind(letters, "handler.assignment")[0].message.walk() if part.get_filename()]
    assert files == {part.get_filename(): part.get_payload(decode=True) for part in parts} or files == {
        Letter(to="", raw=b"", message=_subject(part)).subject: part.get_payload(decode=True) for part in parts
    }


def _subject(part: Any) -> Any:
    part["Subject"] = str(part.get_filename())
    return part


def test_an_acknowledgement_is_a_well_behaved_machine(desk: TestDesk) -> None:
    """It says that it is automatic, has a Message-ID of its own, threads under the mail, and can be returned."""
    message = ack(desk.receive(mail(Message_ID="<first@pc.example>"))).message

    assert "auto-replied" in message["Auto-Submitted"]
    assert {"OOF", "AutoReply"} <= {word.strip() for word in message["X-Auto-Response-Suppress"].split(",")}
    assert message["Message-ID"].endswith("@corp.example>")
    assert message["In-Reply-To"] == "<first@pc.example>"
    assert "<first@pc.example>" in message["References"]
    assert GM == desk.servers.sent[0].envelope_from


# -- the inbox


def test_a_backlog_is_worked_off_oldest_first(desk: TestDesk) -> None:
    """Sixty waiting mails get their case numbers in the order in which they came."""
    desk.receive(*(mail(f"投诉：第 {n} 单", sender=f"c{n}@mail-a.example") for n in range(60)))

    subjects = [case["subject"] for case in sorted(desk.cases(), key=lambda case: str(case["number"]))]

    assert [f"投诉：第 {n} 单" for n in range(60)] == subjects


def test_mail_of_a_long_outage_is_read(desk: TestDesk) -> None:
    """What waited for ten days is a case, and its acknowledgement names the day on which it came."""
    desk.machine = MORNING
    desk.servers.deliver(mail(), GM, internal_date=MORNING - timedelta(days=10))

    text = ack(desk.one_pass()).text

    assert "11月14日" in text


def test_mail_that_somebody_read_is_taken_in(desk: TestDesk) -> None:
    """The cursor is the UID: a mail marked as seen by another client is a case like any other."""
    desk.servers.deliver(mail(), GM)
    with IMAPClient(desk.servers.host, desk.servers.imap_port, ssl=False, timeout=10) as client:
        client.login(GM, PASSWORD)
        client.select_folder("INBOX")
        client.add_flags(client.search(), [SEEN])

    desk.one_pass()

    assert ["new-case"] == dispositions(desk)


def test_one_poisoned_mail_stops_nothing_and_is_kept(desk: TestDesk) -> None:
    """The mails around it become cases; it lies in the quarantine folder, and the coordinator is told at once."""
    letters = desk.receive(mail(), poison(), mail(sender=OTHER))

    assert ["new-case", "quarantined", "new-case"] == dispositions(desk)
    assert [poison()] == desk.servers.folder(GM, "maild/Quarantine")
    assert ["lin.xiaoyue@corp.example"] == [letter.to for letter in of_kind(letters, "manager.quarantine")]
    assert [] == desk.one_pass()


def test_a_mail_that_breaks_the_program_is_kept_too(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw sets this one mail apart, once, with its reason."""

    def broken(_mail: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("maild.workflow.decide.writing_of", broken)
    desk.receive(mail())
    monkeypatch.undo()
    desk.receive(mail(sender=OTHER))

    assert ["quarantined", "new-case"] == dispositions(desk)
    assert [mail()] == desk.servers.folder(GM, "maild/Quarantine")
    with desk.workshop().store.reading() as books:
        (why, *_) = (books.seals.open("journal", {"reason": row[0]}) for row in desk.rows("select reason from journal"))
    assert "ZeroDivisionError" in why["reason"]


def test_a_processed_mail_that_is_dragged_back_makes_nothing_new(desk: TestDesk) -> None:
    """A restored or moved copy in the inbox is filed again; nobody outside gets anything."""
    desk.receive(mail())

    letters = desk.receive(*desk.servers.folder(GM, "maild/Processed"))

    assert (["new-case", "duplicate"], 1) == (dispositions(desk), len(desk.cases()))
    assert CUSTOMER not in told_by(letters)
    assert [] == desk.servers.inbox(GM)


def test_a_folder_that_was_numbered_anew_doubles_nothing(desk: TestDesk) -> None:
    """After a changed UIDVALIDITY the mails in the inbox are recognised by their content."""
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text() + '[mailbox.folders]\nafter = "leave"\n')
    desk.restart()
    desk.receive(mail(), mail(sender=OTHER))
    desk.servers.renumber(GM, "INBOX", 4711)

    letters = desk.one_pass()

    assert ["manager.reappeared"] == [letter.kind for letter in letters]
    assert ["new-case", "new-case", "duplicate", "duplicate"] == dispositions(desk)


# -- time


def test_escalation_goes_up_the_whole_line(desk: TestDesk) -> None:
    """A complaint that nobody touches goes to handler and coordinator first, to the superior later, and on after that."""
    desk.receive(mail())
    handler = desk.cases()[0]["handler"]
    days: list[set[str]] = []
    for _ in range(14):
        letters = desk.later(timedelta(hours=12)) + desk.later(timedelta(hours=12))
        days.append(
            told_by([letter for letter in letters if letter.kind in {"manager.escalation", "manager.combined"}])
        )

    first = {to: next(day for day, told in enumerate(days) if to in told) for to in set().union(*days)}
    assert first[handler] < first["shen.lan@corp.example"]
    assert "lin.xiaoyue@corp.example" in first
    assert len([day for day in days if day]) > 3


def test_a_refused_sender_account_loses_no_mail(desk: TestDesk) -> None:
    """While SMTP refuses us the cases are made and the letters wait; each leaves once when it works again."""
    desk.servers.refuse(GM, 550, "5.7.1 blocked", verb="MAIL")
    assert [] == desk.receive(mail())
    assert (["new-case"], 1) == (dispositions(desk), len(desk.troubles))
    desk.servers.accept(GM, verb="MAIL")

    letters = desk.later(timedelta(minutes=10))

    assert [CUSTOMER] == [letter.to for letter in of_kind(letters, "requester.acknowledgement")]
    assert [] == desk.later(timedelta(minutes=1))


@pytest.mark.parametrize("text", ["投诉：电饭煲坏了", "投诉食堂卫生"])
def test_an_escalation_changes_nothing_but_who_watches(desk: TestDesk, text: str) -> None:
    """Reminders and rungs leave urgency, type and number as they are, and the handler the handler."""
    desk.receive(mail(text))
    before = desk.cases()[0]
    rungs = []
    for _ in range(8):
        letters = desk.later(timedelta(hours=12))
        rungs += [letter for letter in letters if letter.kind in {"manager.escalation", "manager.combined"}]
        after = desk.cases()[0]
        assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}

    assert len(rungs) > 3
    assert desk.cases()[0]["supervisors"]


# -- work that grows with what is there

OF_THE_DESK = "select maild_id, kind from outbox"
"""What the desk under test asks to tell the letters apart."""
SCAN = re.compile(r"^SCAN (?!CONSTANT)(\w+)(?! USING (?:COVERING )?INDEX)")


def test_no_question_about_a_mail_reads_a_whole_table(desk: TestDesk) -> None:
    """Message-ID, key, requester and content of a mail are looked up through an index, however many cases there are."""
    first = ack(desk.receive(mail(Message_ID="<first@pc.example>")))
    statements: list[tuple[str, Any]] = []
    engine = desk.workshop().store.engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, text, values, *_rest: statements.append((text, values))
    )
    desk.receive(mail("回复", MORE, In_Reply_To=str(first.message["Message-ID"])), mail(sender=OTHER))

    whole = set()
    with engine.connect() as connection:
        for text, values in [one for one in statements if one[0] != OF_THE_DESK]:
            if text.lstrip().upper().startswith("SELECT"):
                plan = connection.exec_driver_sql(f"explain query plan {text}", values).fetchall()
                whole |= {f"{row[3]}: {text}" for row in plan if SCAN.match(row[3])}

    assert set() == whole


def test_a_mail_costs_a_bounded_number_of_statements(desk: TestDesk) -> None:
    """Forty mails at once ask no more of the database each than twenty do, and far less than help desks ask."""
    desk.receive(*(mail(f"投诉：第 {n} 单", sender=f"a{n}@mail-a.example") for n in range(5)))
    counted = [0]
    event.listen(
        desk.workshop().store.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1)
    )
    costs = []
    for batch in (20, 40):
        counted[0] = 0
        letters = desk.receive(
            *(mail(f"投诉：{batch} 第 {n} 单", sender=f"b{batch}{n}@mail-a.example") for n in range(batch))
        )
        assert len(of_kind(letters, "requester.acknowledgement")) == batch
        costs.append(counted[0] / batch)

    assert costs[1] <= costs[0] * 1.2
    assert costs[1] < 65


# -- the table


def test_every_defect_of_the_table_has_its_test() -> None:
    """README.md beside this file names for each defect a test that exists."""
    tests = Path(__file__).resolve().parent.parent
    rows = re.findall(
        r"^\| .* \| .* \| `(\w+)` \|$", (tests / "journeys" / "README.md").read_text("utf-8"), re.MULTILINE
    )
    written = "\n".join(file.read_text("utf-8") for file in tests.rglob("test_*.py"))

    assert len(rows) > 20
    assert [] == [name for name in rows if not re.search(rf"^def {name}\(", written, re.MULTILINE)]
