"""What `maild doctor` says of a mailbox: its server, its folders, and who really wrote."""

from pathlib import Path

import pytest

from maild.adapters import imapcheck
from maild.adapters.imapcheck import check_imap, quota_finding
from maild.sandbox.servers import EmbeddedServers
from maild.settings import Login, MailboxSettings, Secret
from tests.cli.doctoring import GM, Office, bad, of
from tests.dovecot import PASSWORD, Dovecot


def test_a_wrong_password_stops_no_other_check(office: Office) -> None:
    """IMAP and SMTP each say that the login was refused; database and archive are looked at all the same."""
    office.password = "wrong-7"
    found = office.findings()

    assert [one.check for one in bad(found)] == ["imap gm@corp.example", "smtp gm@corp.example"]
    assert all("refused the login" in one.text and "password" in one.mend for one in bad(found))
    assert "wrong-7" not in str(found)
    assert of(found, "archive", "ok")
    assert of(found, "database", "ok")


def test_a_closed_port_is_told_with_host_and_port(office: Office, unused: int) -> None:
    """A server that is not there is named, with what to look at."""
    office.imap = office.smtp = unused
    imap, smtp = bad(office.mailbox())

    for one in (imap, smtp):
        assert f"127.0.0.1:{unused}" in one.text
        assert one.mend


def test_a_server_without_tls_is_not_spoken_to(office: Office) -> None:
    """Where TLS is wanted and there is none, the doctor says so and hands out no password."""
    office.security = "tls"
    found = bad(office.mailbox())

    assert [one.check for one in found] == ["imap gm@corp.example", "smtp gm@corp.example"]
    assert all("TLS" in one.text for one in found)


def test_an_unknown_authority_leads_to_ca_file(dovecot: Dovecot) -> None:
    """A certificate of the office's own authority is refused, and the sentence names ca_file."""
    secret = Secret(text=PASSWORD)
    login = Login(host="localhost", port=dovecot.tls_port, username=dovecot.user("plain"), password=secret)
    (found,) = check_imap(MailboxSettings(address="gm@corp.example", imap=login))

    assert found.status == "BAD"
    assert "ca_file" in found.mend


def test_a_missing_inbox_is_told(office: Office) -> None:
    """A folder that is to be read and is not there is BAD; the others are looked at."""
    office.folders = 'inbox = ["投诉", "INBOX"]'
    found = office.mailbox()

    assert [(one.check, one.text) for one in bad(found)] == [("folder 投诉 of gm@corp.example", "does not exist")]
    assert of(found, "folder", "ok")


def test_folders_that_are_not_found_are_warned_of(office: Office) -> None:
    """A Sent folder of another name than the usual is asked for."""
    office.folders = 'sent = "Gesendet"'

    (warned,) = of(office.mailbox(), "folder", "warn")

    assert "Gesendet does not exist" in warned.text
    assert 'sent = "its name"' in warned.mend


def test_a_read_only_mailbox_is_told(tmp_path: Path) -> None:
    """Who may not move mails is told that done mail stays."""
    with EmbeddedServers([GM]) as servers:
        servers.make_read_only(GM.address)
        office = Office(folder=tmp_path, imap=servers.imap_port, smtp=servers.smtp_port)

        (warned,) = [one for one in of(office.mailbox(), "folder", "warn") if "INBOX" in one.check]

    assert 'after = "leave"' in warned.mend


def test_a_dovecot_is_found_fit(dovecot: Dovecot) -> None:
    """A real server passes: capabilities, folders and quota are read."""
    login = Login(
        host=dovecot.host, port=dovecot.port, security="none", username=dovecot.user("plain"),
        password=Secret(text=PASSWORD),
    )  # fmt: skip
    found = list(check_imap(MailboxSettings(address="gm@corp.example", imap=login)))

    assert bad(found) == []
    assert "has IDLE ID MOVE UIDPLUS" in of(found, "capabilities")[0].text


QUOTAS = [(0, "ok"), (79, "ok"), (80, "warn"), (99, "warn"), (100, "BAD"), (120, "BAD")]


@pytest.mark.parametrize(("used", "status"), QUOTAS, ids=[str(row[0]) for row in QUOTAS])
def test_a_mailbox_is_watched_from_80_percent(used: int, status: str) -> None:
    """Before the mailbox is full there is time to make room."""
    assert quota_finding("quota", "storage", used * 10, 1000).status == status


class Poor:
    """An IMAP client whose server knows neither IDLE nor MOVE nor UIDPLUS, and tells how full it is."""

    def has_capability(self, name: str) -> bool:
        """QUOTA alone."""
        return name == "QUOTA"

    @property
    def _imap(self) -> "Poor":
        return self

    def getquotaroot(self, folder: str) -> tuple[str, tuple[list[bytes], list[bytes]]]:
        """Nearly full, by storage; the number of mails is not limited."""
        return "OK", ([f"{folder} root".encode()], [b'"root" (STORAGE 90 100 MESSAGE 5 0)'])


def test_a_poor_server_is_told_of() -> None:
    """Without MOVE and UIDPLUS done mail cannot be moved; without IDLE mail is asked for."""
    box = MailboxSettings(address="gm@corp.example")

    (found,) = imapcheck._capabilities(box, Poor())

    assert (found.status, 'after = "keyword"' in found.mend) == ("warn", True)
    assert "every 60 s" in found.text


def test_a_nearly_full_mailbox_is_told_of() -> None:
    """The server's own figures decide (RFC 9208); a resource without a limit says nothing."""
    (found,) = imapcheck._quota(MailboxSettings(address="gm@corp.example"), Poor())

    assert (found.status, found.text) == ("warn", "90 % of the storage is used (90 of 100 KiB)")


# -- who really wrote


def test_missing_authentication_is_told_in_one_line_with_its_cost(office: Office) -> None:
    """Without trusted ids the doctor says what is missing, what it costs, and whose results were seen."""
    office.box = ""
    (warned,) = of(office.mailbox(), "authentication")

    assert warned.status == "warn"
    assert "no trusted_authserv_ids" in warned.text
    assert "forged From" in warned.text
    assert "\n" not in warned.text
    assert "leave it empty" in warned.mend


RESULTS = [("", "ok"), ("mx.corp.example", "ok"), ("mx.other.example", "warn")]


@pytest.mark.parametrize(("seen", "status"), RESULTS, ids=[row[0] or "no results" for row in RESULTS])
def test_trusted_ids_are_compared_with_the_newest_mails(tmp_path: Path, seen: str, status: str) -> None:
    """An id that the provider never writes is noticed on the first day."""
    with EmbeddedServers([GM]) as servers:
        results = f"Authentication-Results: {seen}; dmarc=pass\r\n" if seen else ""
        forged = "Authentication-Results: forged.example; dmarc=pass\r\n" if seen else ""
        servers.deliver(f"{results}{forged}From: a@b.example\r\n\r\nx\r\n".encode(), GM.address)
        office = Office(folder=tmp_path, imap=servers.imap_port, smtp=servers.smtp_port)

        (found,) = of(office.mailbox(), "authentication")

    assert found.status == status
    assert "forged.example" not in found.text
