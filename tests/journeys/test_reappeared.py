"""Processed mail in the inbox again: nothing new, nothing outside, one notice, one word to triage again (casework 1)."""

import imaplib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.desk import GM, PASSWORD, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, absence, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
OFFICE = "lin.xiaoyue@corp.example"
"""The coordinator."""
NOTICE = "manager.reappeared"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30, without plus-addresses."""
    with open_desk(tmp_path, plus="false") as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def complaint(number: int, sender: str = CUSTOMER) -> bytes:
    """One of many different complaints."""
    return mail(f"投诉：第 {number} 张订单没有发货", f"第 {number} 张订单三周没有发货，要求退款并答复。", sender=sender)


def drag_back(desk: TestDesk) -> None:
    """Somebody drags everything from the folder of processed mail back into the inbox."""
    with imaplib.IMAP4("127.0.0.1", desk.servers.imap_port) as client:
        client.login(GM, PASSWORD)
        client.select("maild/Processed")
        client.copy("1:*", "INBOX")
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()


def again(letter: Letter, text: str = "重新分办") -> bytes:
    """The coordinator's answer to the notice."""
    return mail(f"Re: {letter.subject}", text, sender=OFFICE, to=letter.reply_to)


def dispositions(desk: TestDesk) -> Counter[str]:
    """What became of the mails in the journal."""
    return Counter(row[0] for row in desk.rows("select disposition from journal"))


def test_mail_dragged_back_makes_nothing_new(desk: TestDesk) -> None:
    """No case, no event, nothing outside; one notice to the coordinator names both mails; they are filed again."""
    desk.receive(complaint(1), complaint(2, "wu@mail-w.example"))
    before = desk.rows('select number, data from "case"'), desk.rows("select count(*) from event")
    drag_back(desk)

    letters = desk.one_pass()

    assert [(OFFICE, NOTICE)] == [(letter.to, letter.kind) for letter in letters]
    assert all(word in letters[0].text for word in ("第 1 张", "第 2 张", "GM-2026-000001", "GM-2026-000002"))
    assert before == (desk.rows('select number, data from "case"'), desk.rows("select count(*) from event"))
    assert {"new-case": 2, "duplicate": 2} == dispositions(desk)
    assert ([], 2) == (desk.servers.inbox(GM), len(desk.servers.folder(GM, "maild/Processed")))


def test_a_restored_backup_is_one_notice_an_hour(desk: TestDesk) -> None:
    """Thirty mails put back one after the other are told in one mail at once and one an hour later."""
    raws = [complaint(n, f"c{n}@mail-a.example") for n in range(30)]
    desk.receive(*raws)
    letters = []
    for raw in raws:
        desk.servers.append(GM, "INBOX", raw)
        letters += desk.one_pass()
        desk.now += timedelta(seconds=20)
    letters += desk.later(HOUR)

    assert [NOTICE, NOTICE] == [letter.kind for letter in letters if letter.kind == NOTICE]
    assert [] == [letter for letter in letters if not letter.to.endswith("@corp.example")]
    assert "另有9封" in of_kind(letters, NOTICE)[1].text


def test_a_new_uidvalidity_where_mail_stays_in_the_inbox(tmp_path: Path) -> None:
    """All mail gets new UIDs: one notice, and nothing else."""
    with open_desk(tmp_path) as desk:
        config = tmp_path / "maild.toml"
        config.write_text(config.read_text() + '[mailbox.folders]\nafter = "leave"\n')
        desk.now = MORNING
        desk.receive(complaint(1), complaint(2, "wu@mail-w.example"))
        desk.servers.renumber(GM, "INBOX", 987_654)

        letters = desk.one_pass()

        assert ([NOTICE], 2) == ([letter.kind for letter in letters], len(desk.cases()))


def test_a_second_delivery_is_no_reappearance(desk: TestDesk) -> None:
    """The same mail by another way has other trace headers: it is noted as a duplicate, and nobody is bothered."""
    desk.receive(complaint(1))

    letters = desk.receive(b"Received: from relay.example by mx.corp.example; Tue, 24 Nov 2026 09:31:00 +0800\r\n"
                           + complaint(1))  # fmt: skip

    assert [] == letters
    assert {"new-case": 1, "duplicate": 1} == dispositions(desk)


def test_triage_again_judges_the_case_anew(desk: TestDesk) -> None:
    """One word back: the same case gets its handler, clocks and notices anew, and the requester hears nothing."""
    (handler,) = {letter.to for letter in of_kind(desk.receive(complaint(1)), "handler.assignment")}
    drag_back(desk)
    (notice,) = desk.one_pass()
    desk.now += timedelta(days=2)

    letters = desk.receive(again(notice), authentication="pass") + desk.one_pass()

    (case,) = desk.cases()
    wanted = {(OFFICE, "staff.echo"), (handler, "handler.assignment"), (OFFICE, "manager.notice")}
    assert wanted <= {(letter.to, letter.kind) for letter in letters}
    assert [] == [letter for letter in letters if letter.to == CUSTOMER]
    assert "triage-ordered" in [event["kind"] for event in case["events"]]
    assert "assigned" == case["state"]
    assert {desk.now.isoformat()} == {clock["start"] for clock in case["clocks"] if clock["state"] == "open"}


def test_triage_again_of_a_mail_without_a_case(desk: TestDesk) -> None:
    """An automatic mail stays one by the rules: it is handled once more and does no harm."""
    desk.receive(absence("li@mail-d.example"))
    drag_back(desk)
    (notice,) = desk.one_pass()
    desk.receive(again(notice, "请重新分办，谢谢"), authentication="pass")
    desk.one_pass()

    assert {"machine-mail": 2, "triaged-again": 1} == dispositions(desk)
    assert {"filed"} == {row[0] for row in desk.rows("select state from journal")}


def test_what_is_not_the_order_does_nothing(desk: TestDesk) -> None:
    """`不要重新分办` triages nothing again, and a stranger's order neither."""
    desk.receive(complaint(1))
    drag_back(desk)
    (notice,) = desk.one_pass()
    desk.receive(again(notice, "不要重新分办"), authentication="pass")
    desk.receive(mail(f"Re: {notice.subject}", "重新分办", sender="thief@mail-x.example"))
    desk.one_pass()

    assert {"new-case": 1, "duplicate": 1, "not-understood": 1, "misdirected": 1} == dispositions(desk)


def test_of_doubtful_origin_the_order_is_asked_back(desk: TestDesk) -> None:
    """Not authenticated, it is confirmed by a second mail with a fresh key."""
    desk.receive(complaint(1))
    drag_back(desk)
    (notice,) = desk.one_pass()
    (asked,) = desk.receive(again(notice), authentication="none")
    desk.receive(again(asked), authentication="none")
    desk.one_pass()

    assert (NOTICE, 2) == (asked.kind, dispositions(desk)["triaged-again"])


def test_of_a_case_that_is_not_hers_to_know_the_coordinator_reads_nothing(desk: TestDesk) -> None:
    """A letter about retaliation that reappears is announced without its sender and its words."""
    desk.receive(mail("打击报复", "我上月举报采购部经理后被调岗降薪，请查处。", sender="y@mail-y.example"))
    drag_back(desk)

    letters = desk.one_pass()

    assert [NOTICE] == [letter.kind for letter in letters]
    assert "y@mail-y.example" not in letters[0].text
    assert "打击报复" not in letters[0].subject + letters[0].text
