"""`maild doctor`: each trouble is one line with its mend, and one trouble hides no other."""

import json
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters import imapcheck
from maild.adapters.archive import open_archive
from maild.adapters.directoryfile import read_directory
from maild.adapters.engine import open_engine
from maild.adapters.finding import Finding, of_error
from maild.adapters.housecheck import HouseCheck
from maild.adapters.imapcheck import check_imap, quota_finding
from maild.adapters.migrate import upgrade
from maild.adapters.notifycheck import check_duty, check_notify
from maild.adapters.packcheck import PackCheck
from maild.adapters.shipped import shipped
from maild.adapters.store import Store
from maild.adapters.storecheck import check_database, check_readers, clock_finding, disk_finding, readers
from maild.cli.doctor import findings, mailbox_findings, store_findings
from maild.cli.main import main
from maild.config import load
from maild.domain.directory import Duty
from maild.domain.leaving import Known
from maild.domain.remembered import name_for, written
from maild.errors import Misconfigured, ServerGone
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Login, MailboxSettings, NotifySettings, Secret, Settings
from tests.dovecot import PASSWORD, Dovecot

NOW = datetime(2026, 10, 8, 9, tzinfo=UTC)
TODAY = date(2026, 10, 8)
GM = Account(address="gm@corp.example", password="right", folders=("Sent", "Junk"))
CONFIG = """\
{rules}
[organisation]
name = "示例公司"
domain = "corp.example"
directory = "directory.yaml"
[[mailbox]]
address = "gm@corp.example"
{box}
[mailbox.folders]
{folders}
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "{security}"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "{security}"
"""
DIRECTORY = """\
units:
  - {id: gm-office, name: 总经办, head: lin@corp.example}
  - {id: gm, name: 总经理, head: chen@corp.example}
people:
  - {address: lin@corp.example, name: 林晓月, unit: gm-office, roles: [gm-office, staff]}
  - {address: chen@corp.example, name: 陈国栋, unit: gm, roles: [gm, staff]}
  - {address: admin@corp.example, name: 高翔, unit: gm-office, custodian: true}
supervisory_body: [shi@corp.example, jian@mail-a.example]
"""


@dataclass
class Office:
    """An installation under examination; change a fact, then ask the doctor."""

    folder: Path
    imap: int
    smtp: int
    box: str = 'trusted_authserv_ids = ["mx.corp.example"]'
    folders: str = ""
    rules: str = ""
    security: str = "none"
    directory: str = DIRECTORY
    password: str = "right"
    environ: dict[str, str] = field(default_factory=dict)

    def write(self) -> Path:
        """Write the files."""
        facts = {key: getattr(self, key) for key in ("box", "folders", "rules", "security", "imap", "smtp")}
        (self.folder / "maild.toml").write_text(CONFIG.format(**facts), "utf-8")
        if self.directory:
            (self.folder / "directory.yaml").write_text(self.directory, "utf-8")
        return self.folder / "maild.toml"

    def findings(self, now: datetime = NOW) -> list[Finding]:
        """What the doctor finds."""
        return list(findings(self.settings(), now))

    def settings(self) -> Settings:
        """The settings as written."""
        return load(self.write(), {"GM_PASSWORD": self.password})

    def mailbox(self) -> list[Finding]:
        """What the doctor finds of the mailbox."""
        return list(mailbox_findings(self.settings().mailbox[0]))

    def store(self) -> list[Finding]:
        """What the doctor finds of database, archive, disk, secrets and clock."""
        return list(store_findings(self.settings(), NOW))

    def house(self, today: date = TODAY) -> list[Finding]:
        """What the doctor finds of directory, pack, templates and calendar."""
        return list(HouseCheck(self.settings(), today).findings())

    def readers(self) -> list[Finding]:
        """What the doctor finds of who could read the raw mail."""
        people = read_directory(self.write().parent / "directory.yaml", "Asia/Shanghai").people
        return list(check_readers(self.settings(), people))

    def migrate(self) -> Path:
        """A database at the newest revision; its file."""
        engine = open_engine("sqlite:///var/maild.db", self.folder)
        upgrade(engine)
        engine.dispose()
        return self.folder / "var" / "maild.db"


@pytest.fixture(scope="module")
def servers() -> Iterator[EmbeddedServers]:
    """Kept for the whole module; the doctor changes nothing on them."""
    with EmbeddedServers([GM]) as running:
        yield running


@pytest.fixture
def unused() -> Iterator[int]:
    """A port on which nobody listens, kept from others."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield int(sock.getsockname()[1])


@pytest.fixture
def office(whole_office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An installation in which all is well; the shipped pack's own check is taken as passed, as it takes seconds."""
    monkeypatch.setattr(PackCheck, "findings", lambda _self: [])
    return whole_office


@pytest.fixture
def whole_office(tmp_path: Path, servers: EmbeddedServers) -> Office:
    """An installation in which all is well."""
    (tmp_path / "var").mkdir(mode=0o700)
    return Office(folder=tmp_path, imap=servers.imap_port, smtp=servers.smtp_port)


def _of(found: Sequence[Finding], check: str, status: str | None = None) -> list[Finding]:
    return [one for one in found if one.check.split()[0] == check and status in {None, one.status}]


def _bad(found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.status == "BAD"]


def test_a_sound_office_has_nothing_bad(whole_office: Office) -> None:
    """Every check is made and none is BAD."""
    found = whole_office.findings()
    checks = {one.check.split()[0] for one in found}

    assert _bad(found) == []
    assert checks >= {
        "configuration", "templates", "calendar", "directory", "pack", "coordinator", "imap", "capabilities", "quota",
        "folders", "folder", "authentication", "smtp", "mode", "sealed", "database", "archive", "disk",
        "secrets", "raw", "second",
    }  # fmt: skip


def test_the_doctor_changes_nothing(office: Office, servers: EmbeddedServers) -> None:
    """After a look there is no database, no secrets, no mail, no folder that was not there before."""
    before = servers.folders(GM.address)
    office.findings()

    assert servers.folders(GM.address) == before
    assert servers.sent == []
    assert [path for path in (office.folder / "var").rglob("*") if path.is_file()] == []


def test_a_warning_and_a_trouble_carry_their_mend(office: Office) -> None:
    """No line complains without saying what to do."""
    office.directory = DIRECTORY.replace("supervisory_body", "# ")
    office.password = "wrong"

    assert [one.check for one in office.findings() if one.status != "ok" and not one.mend] == []


def test_a_duty_table_that_has_run_out_is_told() -> None:
    """Somebody must write the coming weeks; an office without a duty table hears nothing of it."""
    past = Duty(start=NOW - timedelta(days=3), end=NOW - timedelta(days=1), person="a@corp.example")

    assert [one.status for one in check_duty([past], NOW)] == ["warn"]
    assert list(check_duty([past, replace(past, end=NOW + timedelta(days=1))], NOW)) == []
    assert list(check_duty([], NOW)) == []


def test_the_second_channel_is_counted_without_its_address() -> None:
    """The line names kinds and numbers, never a secret; without a channel it says how to have one."""
    told = NotifySettings(urgent=Secret(text="https://oapi.dingtalk.com/robot/send?access_token=topsecret#SEC"))
    found = check_notify(Settings(notify=told))

    assert (found.status, found.text) == ("ok", "1 (dingtalk)")
    assert check_notify(Settings()).status == "warn"


# -- the mailbox


def test_a_wrong_password_stops_no_other_check(office: Office) -> None:
    """IMAP and SMTP each say that the login was refused; database and archive are looked at all the same."""
    office.password = "wrong-7"
    found = office.findings()

    assert [one.check for one in _bad(found)] == ["imap gm@corp.example", "smtp gm@corp.example"]
    assert all("refused the login" in one.text and "password" in one.mend for one in _bad(found))
    assert "wrong-7" not in str(found)
    assert _of(found, "archive", "ok")
    assert _of(found, "database", "ok")


def test_a_closed_port_is_told_with_host_and_port(office: Office, unused: int) -> None:
    """A server that is not there is named, with what to look at."""
    office.imap = office.smtp = unused
    imap, smtp = _bad(office.mailbox())

    for one in (imap, smtp):
        assert f"127.0.0.1:{unused}" in one.text
        assert one.mend


def test_a_server_without_tls_is_not_spoken_to(office: Office) -> None:
    """Where TLS is wanted and there is none, the doctor says so and hands out no password."""
    office.security = "tls"
    found = _bad(office.mailbox())

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

    assert [(one.check, one.text) for one in _bad(found)] == [("folder 投诉 of gm@corp.example", "does not exist")]
    assert _of(found, "folder", "ok")


def test_folders_that_are_not_found_are_warned_of(office: Office) -> None:
    """A Sent folder of another name than the usual is asked for."""
    office.folders = 'sent = "Gesendet"'

    (warned,) = _of(office.mailbox(), "folder", "warn")

    assert "Gesendet does not exist" in warned.text
    assert 'sent = "its name"' in warned.mend


def test_a_read_only_mailbox_is_told(tmp_path: Path) -> None:
    """Who may not move mails is told that done mail stays."""
    with EmbeddedServers([GM]) as servers:
        servers.make_read_only(GM.address)
        office = Office(folder=tmp_path, imap=servers.imap_port, smtp=servers.smtp_port)

        (warned,) = [one for one in _of(office.mailbox(), "folder", "warn") if "INBOX" in one.check]

    assert 'after = "leave"' in warned.mend


def test_a_dovecot_is_found_fit(dovecot: Dovecot) -> None:
    """A real server passes: capabilities, folders and quota are read."""
    login = Login(
        host=dovecot.host, port=dovecot.port, security="none", username=dovecot.user("plain"),
        password=Secret(text=PASSWORD),
    )  # fmt: skip
    found = list(check_imap(MailboxSettings(address="gm@corp.example", imap=login)))

    assert _bad(found) == []
    assert "has IDLE ID MOVE UIDPLUS" in _of(found, "capabilities")[0].text


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
    (warned,) = _of(office.mailbox(), "authentication")

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

        (found,) = _of(office.mailbox(), "authentication")

    assert found.status == status
    assert "forged.example" not in found.text


# -- the files


FILES = [
    ({"directory": ""}, "directory", "directory.yaml: cannot be read"),
    ({"directory": DIRECTORY.replace("head: lin@", "head: nobody@")}, "directory", "directory.yaml:2:"),
    ({"directory": DIRECTORY.replace("lin@corp", "gm@corp")}, "directory", "mail would go round"),
    ({"directory": DIRECTORY.replace("lin@corp.example", "lin@x.invalid")}, "directory", "reaches nobody"),
    ({"box": 'pack = "no-such-pack"'}, "pack", "no-such-pack"),
    ({"rules": 'templates = "words"'}, "templates", "words"),
]


@pytest.mark.parametrize(("facts", "check", "words"), FILES, ids=[row[2] for row in FILES])
def test_a_wrong_file_is_told_and_the_rest_is_looked_at(
    office: Office, facts: dict[str, str], check: str, words: str
) -> None:
    """A missing or wrong directory, pack or template is one BAD line; the mailbox is checked all the same."""
    (office.folder / "words").mkdir()
    (office.folder / "words" / "zh.yaml").write_text("no-such-letter: {x: y}\n\t- broken", "utf-8")
    for key, text in facts.items():
        setattr(office, key, text)
    found = office.findings()

    assert any(words in one.text for one in _of(_bad(found), check)), _bad(found)
    assert _of(found, "imap", "ok")
    assert _of(found, "archive", "ok")


def test_a_mistake_in_a_pack_is_told(whole_office: Office) -> None:
    """A pack of the office's own is checked as by `maild policy check`, each file's first mistake."""
    own = whole_office.folder / "rules" / "mine"
    shutil.copytree(shipped("rules") / "gm-mailbox", own)
    shutil.copytree(shipped("rules") / "common", own.parent / "common")
    (own / "deadlines.yaml").write_text("types: {directive: {relay: some day}}\n", "utf-8")
    (own / "phones.yaml").write_text("phones: 3\n", "utf-8")
    whole_office.box, whole_office.rules = 'pack = "mine"', 'rules = "rules"'

    told = " ".join(one.text for one in _of(_bad(whole_office.house()), "pack"))

    assert "deadlines.yaml:1:" in told


def test_the_directorys_warnings_are_passed_on(office: Office) -> None:
    """An organisation without a supervisory body or a general manager hears of it, with the mend."""
    office.directory = DIRECTORY.replace("supervisory_body", "# ").replace("[gm, staff]", "[staff]")
    warned = _of(office.house(), "directory", "warn")

    assert any("supervisory_body" in one.text for one in warned)
    assert any("role gm" in one.text and "general manager" in one.mend for one in warned)


def test_the_sample_organisation_is_no_organisation(office: Office) -> None:
    """Who forgot to name a directory learns that mail would go to people who do not exist."""
    text = office.write().read_text("utf-8").replace('directory = "directory.yaml"\n', "")
    (office.folder / "maild.toml").write_text(text, "utf-8")
    settings = load(office.folder / "maild.toml", {"GM_PASSWORD": "x"})

    found = list(HouseCheck(settings, TODAY).findings())

    assert any("sample organisation" in one.text for one in _of(found, "directory", "warn"))


YEARS = [(date(2026, 10, 31), "ok"), (date(2099, 11, 1), "warn")]


@pytest.mark.parametrize(("today", "status"), YEARS, ids=str)
def test_next_years_holidays_are_asked_for_in_november(office: Office, today: date, status: str) -> None:
    """From 1 November on, a year without holiday data is warned of."""
    (found,) = _of(office.house(today), "calendar")

    assert found.status == status


# -- what is kept


def test_the_database_is_at_the_newest_revision(office: Office) -> None:
    """A migrated database is well, and the clock stands behind its newest event."""
    office.migrate()
    found = office.store()

    assert _of(found, "database", "ok")
    assert _of(found, "clock", "ok")


def test_an_empty_database_is_said_in_words(office: Office) -> None:
    """A database that holds nothing yet is well, and no revision is named that it has not."""
    path = office.migrate()
    path.unlink()
    sqlite3.connect(path).close()

    (found,) = _of(office.store(), "database")

    assert (found.status, found.text) == ("ok", "it is empty; its tables will be made at the first start")


def test_an_older_database_is_to_be_upgraded(office: Office) -> None:
    """A database of an earlier maild leads to `maild db upgrade`."""
    with sqlite3.connect(office.migrate()) as connection:
        connection.execute("delete from alembic_version")
    connection.close()

    (found,) = _of(office.store(), "database")

    assert (found.status, "maild db upgrade" in found.mend) == ("warn", True)


def test_a_newer_database_is_refused(office: Office) -> None:
    """A database of a later maild is not touched."""
    with sqlite3.connect(office.migrate()) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()

    (found,) = _of(office.store(), "database")

    assert (found.status, found.mend) == ("BAD", "install a newer maild")


def test_a_damaged_database_is_told(office: Office) -> None:
    """A file that is no database is BAD, without a traceback."""
    (office.folder / "var" / "maild.db").write_bytes(b"this is no database" * 100)

    (found,) = _of(office.store(), "database")

    assert found.status == "BAD"


def test_a_database_server_that_is_away_is_told(office: Office, unused: int) -> None:
    """PostgreSQL at a closed port is one BAD line."""
    pytest.importorskip("psycopg")
    settings = office.settings()
    url = f"postgresql+psycopg://maild@127.0.0.1:{unused}/maild?connect_timeout=2"

    (found,) = check_database(replace(settings, store=replace(settings.store, url=url)), NOW)

    assert (found.check, found.status) == ("database", "BAD")


def test_a_place_that_cannot_be_written_is_told(office: Office) -> None:
    """An archive below a file instead of a folder is BAD."""
    (office.folder / "var" / "archive").write_text("a file", "utf-8")

    (found,) = _of(office.store(), "archive")

    assert (found.status, "check the disk" in found.mend) == ("BAD", True)


def test_mails_in_the_archive_stay_when_the_probe_goes(office: Office) -> None:
    """The doctor takes away what it wrote and nothing else."""
    archive = open_archive((office.folder / "var" / "archive").as_uri())
    kept = archive.put(b"a mail")
    office.store()

    assert archive.get(kept) == b"a mail"
    assert len([path for path in (office.folder / "var" / "archive").rglob("*") if path.is_file()]) == 1


ROOM = [(50, 100, "ok"), (9, 100, "warn"), (10, 100, "ok"), (0.9, 2, "warn"), (0, 0, "warn")]


@pytest.mark.parametrize(("free", "total", "status"), ROOM, ids=str)
def test_little_room_is_told_in_time(free: float, total: float, status: str) -> None:
    """Under 1 GB or 10 % there is a warning."""
    assert disk_finding(Path("/srv"), int(free * 1e9), int(total * 1e9)).status == status


CLOCKS = [
    (None, "ok"),
    (NOW - timedelta(days=9), "ok"),
    (NOW + timedelta(minutes=4), "ok"),
    (NOW + timedelta(1), "BAD"),
]


@pytest.mark.parametrize(("last", "status"), CLOCKS, ids=str)
def test_a_clock_before_the_newest_event_is_wrong(last: datetime | None, status: str) -> None:
    """A clock that was set back would make every deadline wrong."""
    naive = last.replace(tzinfo=None) if last else None

    assert clock_finding(last, NOW).status == clock_finding(naive, NOW).status == status


# -- who could read the raw mail


def test_custodians_are_named(office: Office) -> None:
    """The doctor prints who could read the raw mail."""
    (found,) = _of(office.readers(), "raw")

    assert (found.status, "高翔 <admin@corp.example>" in found.text) == ("ok", True)


def test_a_directory_without_custodians_is_warned_of(office: Office) -> None:
    """Somebody always has access; the directory must say who."""
    office.directory = DIRECTORY.replace(", custodian: true", "")

    assert any("custodian: true" in one.mend for one in _of(office.readers(), "raw", "warn"))


def test_an_open_database_is_warned_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that other users of the machine can read is told with the command that closes it."""
    path = office.migrate()
    monkeypatch.setattr("maild.adapters.storecheck.readers", lambda _path: "everybody on this machine")

    (warned,) = _of(office.readers(), "raw", "warn")

    assert warned.text == f"{path} can be read by everybody on this machine"
    assert warned.mend.startswith(f"chmod 600 {path}")


MODES = [(0o700, 0o644, ""), (0o755, 0o600, ""), (0o755, 0o640, "its group"), (0o701, 0o604, "everybody")]


@pytest.mark.parametrize(("folder", "file", "words"), MODES, ids=[f"{r[0]:o} {r[1]:o}" for r in MODES])
def test_a_file_is_as_open_as_the_way_to_it(tmp_path: Path, folder: int, file: int, words: str) -> None:
    """A readable file in a closed folder is closed; one that others reach is told."""
    for above in (tmp_path, *tmp_path.parents):
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)
    there = tmp_path / "there"
    there.mkdir()
    (there / "mail").write_bytes(b"x")
    (there / "mail").chmod(file)
    there.chmod(folder)

    assert readers(there / "mail").startswith(words) if words else readers(there / "mail") == ""


def test_open_secrets_are_bad(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secrets file that others can read lets them forge reply keys."""
    path = office.folder / "var" / "secrets.json"
    path.write_text("{}", "utf-8")
    monkeypatch.setattr("maild.adapters.storecheck.readers", lambda _path: "everybody on this machine")

    (found,) = _of(office.store(), "secrets")

    assert (found.status, found.mend) == ("BAD", f"chmod 600 {path}")


# -- the command


def test_the_command_ends_with_0_when_nothing_is_bad(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line begins with its status; warnings do not fail it."""
    monkeypatch.setenv("GM_PASSWORD", "right")

    assert main(["doctor", "-c", str(office.write())]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {"ok", "warn"}
    assert all(" -> " in line for line in lines if line.startswith("warn"))


def test_the_command_ends_with_1_when_something_is_bad(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script can rely on the exit status, and on the keys of --json."""
    monkeypatch.setenv("GM_PASSWORD", "wrong")

    assert main(["doctor", "--json", "-c", str(office.write())]) == 1
    found = json.loads(capsys.readouterr().out)
    assert all(set(one) == {"check", "status", "text", "mend"} for one in found)
    assert {one["status"] for one in found} == {"ok", "warn", "BAD"}


def test_the_command_ends_with_2_without_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a readable maild.toml there is nothing to examine."""
    assert main(["doctor", "-c", str(tmp_path / "maild.toml")]) == 2
    assert "maild init" in capsys.readouterr().err


SENTENCES = [
    (ServerGone("a:1 is gone; check host"), "a:1 is gone", "check host"),
    (Misconfigured("f:1: x; y; mend it."), "f:1: x; y", "mend it"),
    (ServerGone("it is gone."), "it is gone", ""),
]


@pytest.mark.parametrize(("error", "text", "mend"), SENTENCES, ids=[row[2] or "none" for row in SENTENCES])
def test_an_errors_mend_is_set_apart(error: Misconfigured | ServerGone, text: str, mend: str) -> None:
    """What an error proposes stands behind the arrow."""
    assert (of_error("x", error).text, of_error("x", error).mend) == (text, mend)


def test_a_branch_whose_holidays_end_is_told_in_the_last_quarter(office: Office) -> None:
    """A unit with a calendar file of its own that knows nothing of next year is named, with the file to mend."""
    office.directory = DIRECTORY.replace("head: chen@corp.example}", "head: chen@corp.example, calendar: branch.yaml}")
    (office.folder / "branch.yaml").write_text("calendar: cn\nknown_years: [2026]\n", "utf-8")

    autumn, summer = office.house(date(2026, 10, 5)), office.house(date(2026, 9, 5))

    (told,) = [one for one in autumn if "branch.yaml" in one.text]
    assert ("warn", True) == (told.status, "总经理" in told.text)
    assert "branch.yaml" in told.mend
    assert [] == [one for one in summer if "branch.yaml" in one.text]


def test_who_left_and_is_still_named_is_told(office: Office) -> None:
    """After somebody was taken out, each line that names them is a warning with its place; the file counts."""
    office.migrate()
    known = Known(before=read_directory(office.write().parent / "directory.yaml"))
    store = Store.open("sqlite:///var/maild.db", office.folder)
    with store.writing() as books:
        books.keep_text(name_for("gm@corp.example"), written(known))
    store.close()
    office.directory = DIRECTORY.replace(
        "  - {address: chen@corp.example, name: 陈国栋, unit: gm, roles: [gm, staff]}\n", ""
    )

    (told,) = [one for one in office.house() if one.check == "leavers"]

    assert "directory.yaml:3:" in told.text
    assert "chen@corp.example" in told.text


@pytest.mark.parametrize(("wrong", "right"), [("gm-ofice", "gm-office"), ("GM", "gm"), ("人事", "hr")])
def test_a_slip_in_a_role_is_told_with_its_place(office: Office, wrong: str, right: str) -> None:
    """A role that means another is BAD, with line, column and the role that was meant; an office's own role is not."""
    office.directory = DIRECTORY.replace("roles: [gm, staff]", f"roles: [{wrong}, staff]")
    (told,) = [one for one in office.house() if one.check == "directory"]
    office.directory = DIRECTORY.replace("roles: [gm, staff]", "roles: [gm, safety-officer]")

    assert "BAD" == told.status
    assert "directory.yaml:6:63:" in f"{told.text} {told.mend}"
    assert f"did you mean '{right}'" in f"{told.text} {told.mend}"
    assert "BAD" not in [one.status for one in office.house() if one.check == "directory"]
