"""The IMAP adapter keeps the port's promises on the embedded server and on a real Dovecot alike."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from maild.adapters.imap import ImapServer
from maild.domain.value import value
from maild.errors import LoginRefused, Misconfigured, ProtocolTrouble, ServerGone, Temporary
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Login, Secret
from tests.adapters.imap_fakes import Proxy
from tests.dovecot import CHINESE_PASSWORD, PASSWORD, Dovecot
from tests.servers import GM, Box, box_of


def mail(number: int, *, size: int = 0) -> bytes:
    """A small mail, with a body of `size` bytes at least."""
    line = b"abcdefgh" * 8 + b"\r\n"
    return b"From: zhao@mail-a.example\r\nSubject: %d\r\n\r\n" % number + line * (size // len(line) + 1)


@pytest.fixture
def server(box: Box) -> Iterator[ImapServer]:
    """The adapter under test."""
    with ImapServer(box.login) as adapter:
        yield adapter


def uids_of(server: ImapServer, after: int = 0) -> list[int]:
    """The UIDs that wait in INBOX."""
    folder = server.select("INBOX")
    return [mail.uid for mail in server.waiting(after, folder.uidnext)]


def test_reads_everything_once(server: ImapServer, box: Box) -> None:
    """Mails come lowest UID first, byte for byte, with their date in UTC, and stay unread."""
    at = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    raws = [mail(number) for number in range(120)]
    box.deliver(*raws, at=at)
    folder = server.select("INBOX")
    waiting = server.waiting(0, folder.uidnext)
    fetched = list(server.fetch(list(reversed(waiting))))
    assert [mail.raw for mail in fetched] == raws
    assert [mail.uid for mail in fetched] == sorted(mail.uid for mail in waiting)
    assert [mail.size for mail in waiting] == [len(raw) for raw in raws]
    assert {mail.internal_date for mail in waiting} | {mail.internal_date for mail in fetched} == {at}
    assert {mail.internal_date.tzinfo for mail in fetched} == {UTC}
    assert box.flags() == [set()] * len(raws)


def test_cursor(server: ImapServer, box: Box) -> None:
    """Only UIDs above the cursor come, and none when nothing is new, though `n:*` names the last mail."""
    box.deliver(*map(mail, range(3)))
    first, second, third = uids_of(server)
    assert uids_of(server, after=first) == [second, third]
    assert uids_of(server, after=third) == []


def test_new_mail_needs_a_fresh_select(server: ImapServer, box: Box) -> None:
    """Every SELECT is a fresh one: it shows what came since the last."""
    before = server.select("INBOX")
    box.deliver(mail(1))
    after = server.select("INBOX")
    assert after.uidnext == before.uidnext + 1
    assert after.uidvalidity == before.uidvalidity
    assert not after.read_only


def test_a_vanished_mail_is_left_out(server: ImapServer, box: Box) -> None:
    """A mail that a person deletes between listing and fetching is left out; the others come."""
    box.deliver(*map(mail, range(3)))
    folder = server.select("INBOX")
    waiting = server.waiting(0, folder.uidnext)
    with box.client() as client:
        client.select_folder("INBOX")
        client.delete_messages([waiting[1].uid])
        client.expunge()
    fetched = {found.uid: found for found in server.fetch(waiting)}
    # The embedded server remembers it for those who were told of it, as RFC 2180 allows; Dovecot does not.
    fetched.pop(waiting[1].uid, None)
    assert list(fetched) == [waiting[0].uid, waiting[2].uid]
    assert not any(found.error for found in fetched.values())


@pytest.mark.parametrize("folder", ["maild/Processed", "已处理", "客户/投诉 & 建议", "[待办] 😀"])
def test_files_into_folders(server: ImapServer, box: Box, folder: str) -> None:
    """Done mails move to a folder of any name, nested or Chinese, made when missing; one that is gone is no error."""
    box.deliver(*map(mail, range(3)))
    first, second, third = uids_of(server)
    server.file([first, third], folder)
    server.file([first, second + 1000], folder)
    assert box.raws() == [mail(1)]
    assert uids_of(server) == [second]
    selected = server.select(folder)
    assert [found.raw for found in server.fetch(server.waiting(0, selected.uidnext))] == [mail(0), mail(2)]


def test_a_deleted_folder_is_made_again(server: ImapServer, box: Box) -> None:
    """When a person deletes the folder of processed mail, it is made again and the mail still moves."""
    box.deliver(mail(1), mail(2))
    first, second = uids_of(server)
    server.file([first], "Done")
    with box.client() as client:
        client.delete_folder(next(name for name in box.folders() if name.endswith("Done")))
    server.file([second], "Done")
    server.select("Done")
    assert box.raws() == []


def test_keyword(server: ImapServer, box: Box) -> None:
    """A keyword is set on the mails named and on no other."""
    box.deliver(mail(1), mail(2))
    first, _ = uids_of(server)
    server.flag([first], "$maild")
    assert box.flags() == [{"$maild"}, set()]


def test_append(server: ImapServer, box: Box) -> None:
    """A copy of ours is appended as seen and with its date, the folder made when missing."""
    at = datetime(2026, 2, 13, 17, 0, tzinfo=UTC)
    server.append("已发送", mail(1), at)
    folder = server.select("已发送")
    (waiting,) = server.waiting(0, folder.uidnext)
    assert waiting.internal_date == at
    own = next(name for name in box.folders() if name.endswith("已发送"))
    assert (box.raws(own), box.flags(own)) == ([mail(1)], [{r"\Seen"}])


@pytest.mark.parametrize(
    ("made", "use", "found"),
    [
        (["Sent"], "Sent", "Sent"),
        (["Archive", "已发送"], "Sent", "已发送"),
        (["old/Sent", "Sent Messages"], "Sent", "Sent Messages"),
        (["垃圾邮件"], "Junk", "垃圾邮件"),
        (["已删除"], "Trash", "已删除"),
        (["已删除"], "Junk", None),
    ],
)
def test_special_folders_by_name(server: ImapServer, made: list[str], use: str, found: str | None) -> None:
    """Without flags the usual names count, Chinese and English, a provider's own before a nested look-alike."""
    for name in made:
        server.append(name, mail(1), datetime.now(UTC))
    special = server.special(use)
    assert (special and special.removeprefix("INBOX.")) == found


def test_wait_hears_of_a_mail_that_came_before_it(server: ImapServer, box: Box) -> None:
    """A mail that comes between the search and IDLE wakes at once: it is the race that loses mail."""
    uids_of(server)
    box.deliver(mail(1))
    assert server.wait(30)
    assert len(uids_of(server)) == 1


def test_wait_hears_of_a_mail_told_by_another_command(server: ImapServer, box: Box) -> None:
    """A mail that the server announces in the answer to another command wakes the next wait."""
    box.deliver(mail(1))
    (uid,) = uids_of(server)
    box.deliver(mail(2))
    server.flag([uid], "$maild")
    assert server.wait(30)


def test_wait_hears_of_a_mail_that_comes_meanwhile(server: ImapServer, box: Box) -> None:
    """A mail that comes while waiting ends the wait."""
    server.select("INBOX")
    late = threading.Timer(0.1, lambda: box.deliver(mail(1)))
    late.start()
    assert server.wait(30)
    late.join()


def test_wait_ends(server: ImapServer, box: Box) -> None:
    """Without news the wait ends by itself, also right after our own moves; the connection works on."""
    box.deliver(mail(1), mail(2))
    first, second = uids_of(server)
    server.file([first], "Done")
    assert not server.wait(0.1)
    assert not server.wait(0.05)
    assert uids_of(server) == [second]


def test_wake(server: ImapServer) -> None:
    """Another thread ends a wait, whether it calls before or during it."""
    server.select("INBOX")
    server.wake()
    assert not server.wait(30)
    late = threading.Timer(0.1, server.wake)
    late.start()
    assert not server.wait(30)
    late.join()
    assert server.select("INBOX").name == "INBOX"


def test_a_cut_line(box: Box) -> None:
    """A dead peer is `ServerGone` in one sentence; the next call connects anew."""
    with Proxy(box.login.host, box.login.port) as proxy:
        login = replace(box.login, port=proxy.port)
        with ImapServer(login, account=GM.address) as server:
            box.deliver(*map(mail, range(3)))
            waiting = server.waiting(0, server.select("INBOX").uidnext)
            proxy.cut()
            with pytest.raises(ServerGone, match=r"127\.0\.0\.1:\d+ \(gm@corp\.example\)"):
                server.flag([waiting[0].uid], "$maild")
            assert [mail.uid for mail in server.fetch(waiting)] == [mail.uid for mail in waiting]
            proxy.cut()
            proxy.refusing = True
            with pytest.raises(ServerGone):
                list(server.fetch(waiting))
            proxy.refusing = False
            assert len(list(server.fetch(waiting))) == 3


def test_a_line_cut_while_waiting(box: Box) -> None:
    """A peer that dies during IDLE is noticed; nothing spins."""
    with Proxy(box.login.host, box.login.port) as proxy, ImapServer(replace(box.login, port=proxy.port)) as server:
        server.select("INBOX")
        late = threading.Timer(0.1, proxy.cut)
        late.start()
        with pytest.raises(ServerGone):
            server.wait(30)
        late.join()
        assert not server.wait(0.05)


def test_wrong_password(box: Box) -> None:
    """A wrong password is `LoginRefused`, one sentence without the password; the right one works afterwards."""
    wrong = replace(box.login, password=Secret(text="no-such-secret"))
    with ImapServer(wrong) as server, pytest.raises(LoginRefused) as refused:
        server.select("INBOX")
    assert "no-such-secret" not in refused.value.sentence
    assert box.login.username in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_another_uidvalidity(server: ImapServer, box: Box) -> None:
    """A folder made anew shows another UIDVALIDITY."""
    server.append("Requests", mail(1), datetime.now(UTC))
    before = server.select("Requests")
    with box.client() as client:
        own = next(name for name in box.folders() if name.endswith("Requests"))
        client.delete_folder(own)
        client.create_folder(own)
    assert server.select("Requests").uidvalidity != before.uidvalidity


def test_a_missing_folder(server: ImapServer) -> None:
    """A folder that does not exist is an error in one sentence, and the next call works."""
    with pytest.raises(Temporary, match=r"said no"):
        server.select("Nowhere")
    assert server.select("INBOX").name == "INBOX"


# -- what only one of the servers can show


def embedded_box(servers: EmbeddedServers, account: Account = GM) -> Box:
    """The account on the embedded server."""
    return box_of(servers.host, servers.imap_port, account.address, account.password)


def test_numbered_anew_behind_our_back(embedded: EmbeddedServers) -> None:
    """After a lost connection, mails chosen under the old UIDVALIDITY are neither fetched nor moved."""
    embedded.renumber(GM.address, "INBOX", 4294967295)
    embedded.deliver(mail(1), GM.address)
    box = embedded_box(embedded)
    proxy = Proxy(embedded.host, embedded.imap_port)
    with proxy, ImapServer(replace(box.login, port=proxy.port)) as server:
        folder = server.select("INBOX")
        assert folder.uidvalidity == 4294967295
        waiting = server.waiting(0, folder.uidnext)
        proxy.cut()
        embedded.renumber(GM.address, "INBOX", 8)
        with pytest.raises(ServerGone):
            server.file([waiting[0].uid], "Done")
        for _ in range(2):
            with pytest.raises(ProtocolTrouble, match="anew"):
                server.file([waiting[0].uid], "Done")
        assert server.select("INBOX").uidvalidity == 8
    assert embedded.inbox(GM.address) == [mail(1)]


def test_read_only(embedded: EmbeddedServers) -> None:
    """A folder that may only be read says so, and is read."""
    embedded.deliver(mail(1), GM.address)
    embedded.make_read_only(GM.address)
    with ImapServer(embedded_box(embedded).login) as server:
        folder = server.select("INBOX")
        assert folder.read_only
        assert len(list(server.fetch(server.waiting(0, folder.uidnext)))) == 1
        with pytest.raises(Temporary):
            server.flag([101], "$maild")


def test_no_starttls_no_login(embedded: EmbeddedServers) -> None:
    """Where STARTTLS is asked for and not offered, no password is sent."""
    login = replace(embedded_box(embedded).login, security="starttls")
    with ImapServer(login) as server, pytest.raises(ProtocolTrouble, match="STARTTLS"):
        server.select("INBOX")


@pytest.mark.parametrize("host", ["imap.corp.example", "192.0.2.1"])
def test_plain_only_to_loopback(host: str) -> None:
    """Without TLS nothing but this machine is spoken to."""
    server = ImapServer(Login(host=host, security="none", username="gm"))
    with server, pytest.raises(Misconfigured, match="without TLS"):
        server.select("INBOX")


def test_ca_file_that_is_none(tmp_path: Path) -> None:
    """A ca_file that cannot be read is named."""
    (tmp_path / "ca.pem").write_text("nonsense")
    for name in ("ca.pem", "missing.pem"):
        server = ImapServer(Login(username="gm", ca_file=tmp_path / name))
        with server, pytest.raises(Misconfigured, match=name):
            server.select("INBOX")


@value
class Tls:
    """How one connection tries TLS, and the sentence it ends with; empty: it works."""

    security: str
    host: str = "localhost"
    trusted: bool = True
    sentence: str = ""


@pytest.mark.dovecot
@pytest.mark.parametrize(
    "case",
    [
        Tls(security="tls"),
        Tls(security="starttls"),
        Tls(security="tls", trusted=False, sentence="certificate that is not trusted"),
        Tls(security="starttls", trusted=False, sentence="certificate that is not trusted"),
        Tls(security="tls", host="127.0.0.1", sentence="certificate that is not trusted"),
    ],
    ids=str,
)
def test_tls(dovecot: Dovecot, case: Tls) -> None:
    """Certificate and name are always verified; an authority of the office's own is trusted when named."""
    port = dovecot.tls_port if case.security == "tls" else dovecot.port
    login = Login(
        host=case.host, port=port, security=case.security, username=dovecot.user(),  # type: ignore[arg-type]
        password=Secret(text=PASSWORD), ca_file=dovecot.ca_file if case.trusted else None,
    )  # fmt: skip
    with ImapServer(login) as server:
        if case.sentence:
            with pytest.raises(ProtocolTrouble, match=case.sentence):
                server.select("INBOX")
        else:
            server.append("Done", mail(1), datetime.now(UTC))
            folder = server.select("Done")
            assert [found.raw for found in server.fetch(server.waiting(0, folder.uidnext))] == [mail(1)]
            box = box_of(dovecot.host, dovecot.port, login.username, PASSWORD)
            box.deliver(mail(2), folder="Done")
            assert server.wait(30)
            assert not server.wait(0.05)


@pytest.mark.dovecot
def test_tls_to_a_plain_port(dovecot: Dovecot) -> None:
    """A port that speaks no TLS is told from a wrong certificate."""
    login = Login(host="localhost", port=dovecot.port, security="tls", username=dovecot.user())
    with ImapServer(login) as server, pytest.raises(ProtocolTrouble, match="does not speak TLS"):
        server.select("INBOX")


@pytest.mark.dovecot
def test_special_folders_by_flag(dovecot: Dovecot) -> None:
    """A folder that the server flags counts before any name."""
    with ImapServer(box_of(dovecot.host, dovecot.port, dovecot.user(), PASSWORD).login) as server:
        for name in ("Sent", "Gesendet"):
            server.append(name, mail(1), datetime.now(UTC))
        assert server.special("Sent") == "Gesendet"


@pytest.mark.dovecot
def test_chinese_password(dovecot: Dovecot) -> None:
    """A password in any script logs in."""
    with ImapServer(box_of(dovecot.host, dovecot.port, dovecot.user("chinese"), CHINESE_PASSWORD).login) as server:
        assert server.select("INBOX").name == "INBOX"


@pytest.mark.dovecot
def test_a_large_mail(dovecot: Dovecot) -> None:
    """A mail above 16 MB comes in pieces and is whole."""
    box = box_of(dovecot.host, dovecot.port, dovecot.user(), PASSWORD)
    raw = mail(1, size=17 << 20)
    box.deliver(mail(0), raw, mail(2))
    with ImapServer(box.login) as server:
        folder = server.select("INBOX")
        assert [found.raw == expected for found, expected in zip(
            server.fetch(server.waiting(0, folder.uidnext)), [mail(0), raw, mail(2)], strict=True
        )] == [True] * 3  # fmt: skip


def test_nobody_there() -> None:
    """A port where nothing listens is `ServerGone`, with what to check."""
    server = ImapServer(Login(host="127.0.0.1", port=1, security="none", username="gm"))
    with server, pytest.raises(ServerGone, match="check host and port"):
        server.select("INBOX")
