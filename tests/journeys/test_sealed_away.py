"""The originals of sealed letters leave the mail server once the archive has them (security.md, casework 1)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from imapclient import IMAPClient

from maild.adapters.imap import ImapServer
from maild.cli.doctor import mailbox_findings
from maild.config import load
from tests.dovecot import Dovecot
from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, mail
from tests.journeys.test_seal import ADDRESS, SIGNED, SUBJECT, TEXT, told
from tests.journeys.varied import on_dovecot

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
WRITER = f"龙晓雯 <{ADDRESS}>"
FOLDERS = ("INBOX", "maild/Processed", "maild/Quarantine", "Sent", "Junk")


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation that removes the originals of sealed mail."""
    with open_desk(tmp_path) as opened:
        expunging(opened)
        opened.now = MORNING
        opened.one_pass()
        yield opened


def expunging(desk: TestDesk, more: str = "") -> None:
    """Write the setting."""
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text("utf-8") + f'[mailbox.folders]\nsealed = "expunge"\n{more}', "utf-8")


def written(desk: TestDesk, subject: str, text: str, sender: str) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    minute = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return desk.receive(mail(subject, text, sender=sender, date=minute), authentication="pass")


def lying(desk: TestDesk) -> dict[str, list[bytes]]:
    """What lies on the server, by folder."""
    there = set(desk.servers.folders(GM))
    return {name: desk.servers.folder(GM, name) for name in FOLDERS if name in there}


def life_of(desk: TestDesk) -> None:
    """A complaint with a question, its answer and an inside note, and a customer's letter beside it."""
    letters = written(desk, SUBJECT, TEXT, WRITER)
    written(desk, "投诉：订单 88231 没有发货", "三周前下单，一直没有发货，请退款。", CUSTOMER)
    (assignment, *_) = of_kind(letters, "handler.assignment")
    asked = written(desk, f"Re: [{assignment.token}]", "询问：请问是哪一天？", assignment.to)
    written(desk, f"Re: [{of_kind(asked, 'requester.question')[0].token}]", f"10月12日。\n{SIGNED}", WRITER)
    written(desk, f"Re: [{assignment.token}]", "备注：已经找班长谈过", assignment.to)
    for hours in (1, 1, 24):
        desk.later(timedelta(hours=hours))
        desk.workshop()


def rounds(desk: TestDesk, count: int = 3) -> None:
    """Passes a day apart, each with its look round the folders."""
    for _ in range(count):
        desk.later(timedelta(hours=25))


def test_nothing_of_a_sealed_letter_stays_on_the_server(desk: TestDesk) -> None:
    """Letter, answers and our own copies are gone from every folder; the customer's letter is where it was."""
    life_of(desk)
    rounds(desk)

    assert {} == {name: told(b"".join(raws)) for name, raws in lying(desk).items() if told(b"".join(raws))}
    assert any(CUSTOMER.partition("<")[2].rstrip(">").encode() in raw for raw in lying(desk)["maild/Processed"])
    number = next(case["number"] for case in desk.cases() if case["confidential"])
    assert [] == [raw for raw in lying(desk).get("Sent", ()) if number.encode() in raw]
    with desk.workshop().store.reading() as books:
        for received in books.mails(number):
            assert desk.workshop().archive.get(received.sha256)


def test_what_the_archive_does_not_have_stays(desk: TestDesk) -> None:
    """A copy that is damaged in the archive is no copy: the original on the server is left alone."""
    with patch("maild.workflow.sealedaway.SealedAway.look"):
        written(desk, SUBJECT, TEXT, WRITER)
    for path in (desk.folder / "var" / "archive").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1] + b"x")

    rounds(desk)

    assert told(b"".join(lying(desk)["maild/Processed"]))


def test_without_uidplus_nothing_is_removed(desk: TestDesk) -> None:
    """A plain EXPUNGE would take what a person marked along: the mail stays, and the doctor says so."""
    has = IMAPClient.has_capability
    with patch("imapclient.IMAPClient.has_capability", lambda self, name: name != "UIDPLUS" and has(self, name)):
        written(desk, SUBJECT, TEXT, WRITER)
        rounds(desk)
        settings = load(desk.folder / "maild.toml", desk.environ)
        found = [one for one in mailbox_findings(settings.mailbox[0]) if one.check == f"sealed {GM}"]

    assert told(b"".join(lying(desk)["maild/Processed"]))
    assert [("warn", True)] == [(one.status, "UIDPLUS" in one.text) for one in found]


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_death_around_the_removal_loses_nothing(desk: TestDesk, where: str) -> None:
    """Dying before or behind the server's EXPUNGE: the next look ends what was begun, and the archive has the letter."""
    remove, died = ImapServer.remove, list[str]()

    def dying(self: ImapServer, uids: list[int]) -> None:
        if uids and not died:
            died.append(where)
            if where == "after":
                remove(self, uids)
            raise KeyError("death")
        remove(self, uids)

    with patch.object(ImapServer, "remove", dying):
        with pytest.raises(KeyError):
            written(desk, SUBJECT, TEXT, WRITER)
        desk.restart()
        rounds(desk)

    assert [where] == died
    assert [] == told(b"".join(raw for raws in lying(desk).values() for raw in raws))
    assert 1 == len(desk.cases())


def test_a_case_that_is_sealed_later_leaves_the_server_too(desk: TestDesk) -> None:
    """Mail that had been filed as others' goes within a day after its case became confidential."""
    written(desk, "投诉：订单 88231 没有发货", "三周前下单，一直没有发货，请退款。", CUSTOMER)
    rounds(desk, 1)
    assert 1 == len(lying(desk)["maild/Processed"])
    with desk.workshop().store.writing() as books:
        case = books.case(desk.cases()[0]["number"])
        assert case is not None
        books.save_case(replace(case, confidential=True))

    rounds(desk)

    assert [] == lying(desk)["maild/Processed"]


@pytest.mark.dovecot
def test_dovecot_removes_what_is_sealed_and_nothing_else(dovecot: Dovecot, tmp_path: Path) -> None:
    """On a real server the letter goes, what a person has marked as deleted stays, and so does a customer's letter."""
    with open_desk(tmp_path) as desk:
        box = on_dovecot(desk, dovecot)
        expunging(desk)
        desk.now = MORNING
        desk.one_pass()
        box.deliver(mail(SUBJECT, TEXT, sender=WRITER), mail("订单", "没有发货", sender=CUSTOMER))
        with box.client() as client:
            if not client.folder_exists("maild/Processed"):
                client.create_folder("maild/Processed")
        box.deliver(b"Subject: marked by hand\r\n\r\nx", folder="maild/Processed")
        with box.client() as client:
            client.select_folder("maild/Processed")
            client.add_flags(client.search(), ["\\Deleted"])
        rounds(desk)

        left = b"".join(box.raws("maild/Processed"))
        assert [] == told(left)
        assert b"marked by hand" in left
        assert 2 == len(box.raws("maild/Processed"))


def test_the_doctor_gives_the_line_to_write(tmp_path: Path) -> None:
    """As long as originals stay, `maild doctor` warns, and says what to write and where."""
    with open_desk(tmp_path) as desk:
        settings = load(desk.folder / "maild.toml", desk.environ)
        found = [one for one in mailbox_findings(settings.mailbox[0]) if one.check == f"sealed {GM}"]

    assert ["warn"] == [one.status for one in found]
    assert 'sealed = "expunge"' in found[0].mend
