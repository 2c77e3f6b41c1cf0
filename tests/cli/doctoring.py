"""An office under examination, for the tests of `maild doctor`."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from maild.adapters.directoryfile import read_directory
from maild.adapters.engine import open_engine
from maild.adapters.finding import Finding
from maild.adapters.housecheck import HouseCheck
from maild.adapters.migrate import upgrade
from maild.adapters.packcheck import PackCheck
from maild.adapters.storecheck import check_readers
from maild.cli.doctor import findings, mailbox_findings, store_findings
from maild.config import load
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Settings

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


def of(found: Sequence[Finding], check: str, status: str | None = None) -> list[Finding]:
    """The findings of one check, or those of them with this status."""
    return [one for one in found if one.check.split()[0] == check and status in {None, one.status}]


def bad(found: Sequence[Finding]) -> list[Finding]:
    """The findings that are BAD."""
    return [one for one in found if one.status == "BAD"]
