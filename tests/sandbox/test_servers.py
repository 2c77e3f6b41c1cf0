"""The embedded servers behave as the organisation's own mail server would."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from maild.sandbox.servers import Account, EmbeddedServers
from tests.servers import GM, LI

CUSTOMER = "zhao@mail-a.example"


def mail(sender: str, *extra: str) -> bytes:
    """A small mail with more header fields on top of the usual ones."""
    return "\r\n".join([*extra, f"From: {sender}", "Subject: test", "", "text", ""]).encode()


@contextmanager
def smtp(servers: EmbeddedServers, account: Account | None = None) -> Iterator[smtplib.SMTP]:
    """An SMTP client, logged in when an account is given."""
    with smtplib.SMTP(servers.host, servers.smtp_port, local_hostname="pc.example") as client:
        if account is not None:
            client.login(account.address, account.password)
        yield client


@contextmanager
def imap(servers: EmbeddedServers, account: Account) -> Iterator[IMAPClient]:
    """A logged-in IMAP client."""
    with IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=10) as client:
        client.login(account.address, account.password)
        yield client


def results(raw: bytes) -> list[str]:
    """The Authentication-Results lines of a mail."""
    return [line for line in raw.decode().split("\r\n") if line.lower().startswith("authentication-results")]


def test_relaying_needs_a_login(embedded: EmbeddedServers) -> None:
    """Nobody sends to the world without a login."""
    with smtp(embedded) as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail(GM.address, [CUSTOMER], mail(GM.address))
    assert refused.value.recipients[CUSTOMER][0] == 530
    assert embedded.sent == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_login_mechanisms(embedded: EmbeddedServers, mechanism: str) -> None:
    """AUTH PLAIN and AUTH LOGIN open the way out; the mail is listed with envelope and login."""
    with smtp(embedded) as client:
        client.ehlo()
        client.user, client.password = LI.address, LI.password
        client.auth(mechanism, client.auth_plain if mechanism == "PLAIN" else client.auth_login)
        client.sendmail(LI.address, [CUSTOMER], mail(LI.address))
    (sent,) = embedded.sent
    assert (sent.envelope_from, sent.recipients, sent.login) == (LI.address, (CUSTOMER,), LI.address)
    assert sent.raw == mail(LI.address)


def test_wrong_password(embedded: EmbeddedServers) -> None:
    """A wrong password is refused by SMTP and IMAP alike."""
    wrong = Account(address=GM.address, password="guess")
    with smtp(embedded) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(wrong.address, wrong.password)
    with pytest.raises(LoginError), imap(embedded, wrong):
        pass


def test_login_is_certified(embedded: EmbeddedServers) -> None:
    """The topmost result names the login, and a forged one of ours is gone, however it is folded."""
    forged = "Authentication-Results: MX.corp.example;\r\n\tauth=pass smtp.auth=boss@corp.example"
    foreign = "Authentication-Results: mx.elsewhere.example; spf=pass"
    with smtp(embedded, LI) as client:
        client.sendmail(LI.address, [GM.address], mail(LI.address, forged, foreign))
    (raw,) = embedded.inbox(GM.address)
    assert results(raw) == ["Authentication-Results: mx.corp.example; auth=pass smtp.auth=li.na@corp.example", foreign]
    assert b"boss" not in raw


@pytest.mark.parametrize(
    ("setting", "sender", "expected"),
    [("pass", CUSTOMER, "pass"), ("fail", CUSTOMER, "fail"), ("none", CUSTOMER, "none"), ("pass", LI.address, "fail")],
)
def test_verdict_without_login(setting: str, sender: str, expected: str) -> None:
    """Mail without a login gets the told verdict; our own domain without a login always fails."""
    with EmbeddedServers([GM, LI], outside=setting) as servers:  # type: ignore[arg-type]
        with smtp(servers) as client:
            client.sendmail(sender, [GM.address], mail(sender))
        (line,) = results(servers.inbox(GM.address)[0])
    domain = sender.partition("@")[2]
    assert f"dmarc={expected} header.from={domain}" in line
    assert f"spf={expected} smtp.mailfrom={sender}" in line


def test_plus_address(embedded: EmbeddedServers) -> None:
    """A plus-address reaches its mailbox and says so in Delivered-To, by SMTP and directly."""
    with smtp(embedded) as client:
        client.sendmail(CUSTOMER, ["GM+key1@corp.example"], mail(CUSTOMER))
    embedded.deliver(mail(CUSTOMER), "gm+key2@corp.example")
    first, second = embedded.inbox(GM.address)
    assert b"Delivered-To: GM+key1@corp.example\r\n" in first
    assert second.startswith(b"Delivered-To: gm+key2@corp.example\r\n")


def test_trace_fields(embedded: EmbeddedServers) -> None:
    """Each delivered copy carries Return-Path and Received of its own; the null sender is allowed."""
    with smtp(embedded) as client:
        client.sendmail("", [GM.address, LI.address], mail("postmaster@mail-a.example"))
    for account in (GM, LI):
        (raw,) = embedded.inbox(account.address)
        assert raw.startswith(b"Return-Path: <>\r\n")
        assert f"for <{account.address}>;".encode() in raw
        assert raw.endswith(mail("postmaster@mail-a.example"))


def test_direct_delivery_leaves_bytes_alone(embedded: EmbeddedServers) -> None:
    """`deliver` changes nothing unless it is told a verdict, and keeps the date."""
    at = datetime(2026, 2, 13, 9, 0, tzinfo=UTC)
    raw = mail("forger@corp.example", "Authentication-Results: mx.corp.example; dmarc=pass header.from=corp.example")
    embedded.deliver(raw, GM.address, internal_date=at)
    embedded.deliver(raw, GM.address, authentication="fail")
    plain, judged = embedded.stored(GM.address)
    assert (plain.raw, plain.internal_date) == (raw, at)
    (line,) = results(judged.raw)
    assert "dmarc=fail header.from=corp.example" in line


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_refusals(embedded: EmbeddedServers, verb: str) -> None:
    """An address can be refused at each verb, once or until it is accepted again."""
    address = LI.address if verb == "MAIL" else CUSTOMER
    embedded.refuse(address, 451, "4.7.1 later", verb=verb, times=1)
    with smtp(embedded, LI) as client:
        with pytest.raises(smtplib.SMTPException):
            client.sendmail(LI.address, [CUSTOMER], mail(LI.address))
        client.sendmail(LI.address, [CUSTOMER], mail(LI.address))
        embedded.refuse(address, 550, "5.1.1 no such person", verb=verb)
        for _ in range(2):
            with pytest.raises(smtplib.SMTPException):
                client.sendmail(LI.address, [CUSTOMER], mail(LI.address))
        embedded.accept(address, verb=verb)
        client.sendmail(LI.address, [CUSTOMER], mail(LI.address))
    assert len(embedded.sent) == 2


def test_keywords_stay(embedded: EmbeddedServers) -> None:
    """Keywords are kept and found, and the server says that it takes any."""
    uid = embedded.deliver(mail(CUSTOMER), GM.address)
    with imap(embedded, GM) as client:
        assert rb"\*" in client.select_folder("INBOX")[b"PERMANENTFLAGS"]
        client.add_flags([uid], ["$maild"])
        assert client.search(["KEYWORD", "$maild"]) == [uid]
    assert embedded.stored(GM.address)[0].flags == {"$maild"}


def test_read_only_and_renumbered_folders(embedded: EmbeddedServers) -> None:
    """A folder can be made read-only and can be given another UIDVALIDITY."""
    embedded.renumber(GM.address, "INBOX", 4294967295)
    embedded.make_read_only(GM.address)
    with imap(embedded, GM) as client:
        assert client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"] == 4294967295
        with pytest.raises(client.ReadOnlyError):
            client.select_folder("INBOX")


def test_kept_mails_come_back(tmp_path: Path) -> None:
    """With `keep`, mails lie there as .eml and come back with UIDs, dates, flags and folders."""
    with EmbeddedServers([GM], keep=tmp_path) as servers:
        uids = [servers.deliver(mail(CUSTOMER, f"X-Number: {n}"), GM.address) for n in range(3)]
        with imap(servers, GM) as client:
            client.create_folder("客户/投诉")
            client.select_folder("INBOX")
            client.add_flags(uids[2], ["$maild"])
            client.move(uids[1], "客户/投诉")
        before = [(name, servers.stored(GM.address, name)) for name in servers.folders(GM.address)]
    assert (tmp_path / GM.address / "客户" / "投诉").is_dir()
    with EmbeddedServers([GM], keep=tmp_path) as servers:
        assert [(name, servers.stored(GM.address, name)) for name in servers.folders(GM.address)] == before
        assert servers.deliver(mail(CUSTOMER), GM.address) == uids[2] + 1


def test_every_idler_hears_of_every_mail(embedded: EmbeddedServers) -> None:
    """Two idling clients both hear of the last of many mails that come back to back."""
    with imap(embedded, GM) as one, imap(embedded, GM) as two:
        for client in (one, two):
            client.select_folder("INBOX")
            client.idle()
        for _ in range(20):
            embedded.deliver(mail(CUSTOMER), GM.address)
        for client in (one, two):
            heard = b""
            while b"* 20 EXISTS" not in heard:
                heard += client.socket().recv(4096)
            client.idle_done()


def test_close_twice() -> None:
    """Closing a second time is harmless, and the ports are free afterwards."""
    servers = EmbeddedServers([GM])
    with servers:
        port = servers.smtp_port
    servers.close()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(servers.host, port)


def test_unknown_account(embedded: EmbeddedServers) -> None:
    """An account that does not exist is an error at once, and one can be added later."""
    with pytest.raises(KeyError, match="no account"):
        embedded.deliver(b"", "nobody@corp.example")
    embedded.add(Account(address="new@corp.example", password="new", folders=("Sent",)))
    embedded.deliver(mail(CUSTOMER), "new@corp.example")
    assert embedded.folders("new@corp.example") == ["INBOX", "Sent"]
