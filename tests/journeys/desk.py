"""One installation on real servers, its clock in the test's hand: mails go in, passes are made, results are read."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from maild.adapters.casebook import Casebook
from maild.assembly import House, Workshop, read_house
from maild.config import load
from maild.domain.calendarmarks import month_marks
from maild.domain.directory import Directory
from maild.domain.leaving import Known
from maild.domain.remembered import name_for, read_known
from maild.domain.worktime import WorkCalendar
from maild.onepass import once
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Settings
from tests.postgres import fresh_database

GM = "gm@corp.example"
PASSWORD = "open sesame"
KEY = "k1:" + "c2VhbCBzZWFsIHNlYWwgc2VhbCBzZWFsIHNlYWwgISE="
CONFIG = """
[organisation]
name = "示例公司"
domain = "corp.example"

[[mailbox]]
address = "gm@corp.example"
plus_addressing = {plus}
hold_outside = "{hold}"
since = "all"
trusted_authserv_ids = ["mx.corp.example"]
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
"""


@dataclass
class Letter:
    """One mail that left, as its reader sees it."""

    to: str
    raw: bytes
    message: Message

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return str(make_header(decode_header(str(self.message["Subject"]).replace("\r\n", ""))))

    @property
    def kind(self) -> str:
        """What kind of letter it is, by the outbox."""
        return self._kind

    _kind: str = ""

    @property
    def token(self) -> str:
        """What stands in the brackets of the subject."""
        return self.subject.rpartition("[")[2].rstrip("]") if self.subject.endswith("]") else ""

    @property
    def reply_to(self) -> str:
        """The bare Reply-To address."""
        return str(self.message["Reply-To"]).strip("<>")

    @property
    def text(self) -> str:
        """The plain text."""
        for part in self.message.walk():
            if part.get_content_type() == "text/plain":
                payload = part.get_payload(decode=True)
                return payload.decode() if isinstance(payload, bytes) else ""
        return ""


@dataclass
class TestDesk:
    """An installation under test."""

    __test__ = False
    servers: EmbeddedServers
    folder: Path
    environ: dict[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    machine: datetime | None = None
    """What the machine's clock says; None: what it really says."""
    troubles: list[str] = field(default_factory=list)
    kept: int = 0
    _seen: int = 0
    _workshop: Workshop | None = None

    def workshop(self) -> Workshop:
        """The installation; it stays open until `restart`."""
        if self._workshop is None:
            settings = load(self.folder / "maild.toml", self.environ)
            with patch("maild.assembly.read_house", _house):
                self._workshop = Workshop(settings, now=lambda: self.now, machine=self._machine)
        return self._workshop

    def restart(self) -> None:
        """Close the installation; the next question or pass opens it anew from what is on the disk."""
        if self._workshop is not None:
            self._workshop.close()
            self._workshop = None

    def reread(self) -> None:
        """`restart`, with rules, directory and calendar read again from their files."""
        _HOUSES.clear()
        self.restart()

    def forget_the_dead(self) -> None:
        """Let the seconds go by after which a process that was killed is missed, where several share a database.

        And the minutes for which the messages are left alone that it was about to tell.
        """
        forgotten = "update instant set next_at = queued_at where state = 'ready'"
        if not self.environ["MAILD_STORE__URL"].startswith("sqlite"):
            with self.workshop().store.writing() as books:
                books.connection.execute(text("update worker set until = until - interval '1 minute'"))
                books.connection.execute(text(forgotten))
        elif (file := self.folder / "var" / "maild.db").exists():
            # It may have died before there were tables.
            with closing(sqlite3.connect(file)) as connection, suppress(sqlite3.OperationalError), connection:
                connection.execute(forgotten)

    def one_pass(self) -> list[Letter]:
        """`maild once`; returns what left in it."""
        with patch("maild.workflow.recalendar.month_marks", _month_marks):
            _, self.troubles, self.kept, _ = asyncio.run(once(self.workshop()))
        return self.new_letters()

    def receive(self, *raws: bytes, at: datetime | None = None, authentication: str | None = None) -> list[Letter]:
        """Deliver mails into the shared mailbox, make a pass, return what left."""
        self.now = at or self.now
        for raw in raws:
            self.servers.deliver(raw, GM, authentication=authentication)
        return self.one_pass()

    def later(self, length: timedelta) -> list[Letter]:
        """Let time go by, make a pass, return what left."""
        self.now += length
        return self.one_pass()

    def new_letters(self) -> list[Letter]:
        """What left since the last time this was asked."""
        sent = self.servers.sent[self._seen :]
        self._seen += len(sent)
        kinds = self._kinds()
        letters = [Letter(to=s.recipients[0], raw=s.raw, message=message_from_bytes(s.raw)) for s in sent]
        for letter in letters:
            letter._kind = kinds.get(str(letter.message["X-Maild-Id"]), "")
        return letters

    def cases(self) -> list[dict[str, Any]]:
        """Every case, as `maild case list --json` has it."""
        workshop = self.workshop()
        units = {u.id: u.name for desk in workshop.house.desks.values() for u in desk.index.directory.units}
        return Casebook(workshop.store, units).all()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a question to the database finds."""
        with self.workshop().store.reading() as reading:
            return [tuple(row) for row in reading.connection.execute(text(statement.replace(":", r"\:")))]

    def _machine(self) -> datetime:
        return self.machine or datetime.now(UTC)

    def _kinds(self) -> dict[str, str]:
        return dict(self.rows("select maild_id, kind from outbox"))


@contextmanager
def open_desk(
    folder: Path, *, plus: str = "true", people: Sequence[str] = (), database: str = "", hold: str = "0",
    trusted: str = '"mx.corp.example"', seal: str = KEY,
) -> Iterator[TestDesk]:  # fmt: skip
    """Embedded servers and a fresh installation beside them; `database` is the URL of a fresh one, SQLite without.

    `hold` is for how long words to the outside can be taken back; `trusted` whose results are believed; `seal` is the
    key, "" for an office without one.
    """
    accounts = [Account(address=address, password=PASSWORD) for address in (GM, *people)]
    with EmbeddedServers(accounts) as servers, _database(database) as url:
        settings = CONFIG.format(plus=plus, hold=hold, imap=servers.imap_port, smtp=servers.smtp_port)
        settings = settings.replace('["mx.corp.example"]', f"[{trusted}]")
        if seal:
            (folder / "seal.key").write_text(seal, "ascii")
            (folder / "seal.key").chmod(0o600)
            settings = f'[seal]\nkey_file = "{folder / "seal.key"}"\n{settings}'
        (folder / "maild.toml").write_text(settings, "utf-8")
        desk = TestDesk(servers=servers, folder=folder, environ={"GM_PASSWORD": PASSWORD, "MAILD_STORE__URL": url})
        try:
            yield desk
        finally:
            desk.restart()


def _database(url: str) -> AbstractContextManager[str]:
    return nullcontext(url) if url else fresh_database()


_MARKED: dict[tuple[int, date], tuple[WorkCalendar, dict[str, str]]] = {}


def _month_marks(calendar: WorkCalendar, today: date) -> dict[str, str]:
    """The marks of a calendar's months, reckoned once for all passes of a day: a daemon does so once in its life."""
    key = id(calendar), today
    if key not in _MARKED:
        _MARKED[key] = calendar, month_marks(calendar, today)
    return dict(_MARKED[key][1])


_HOUSES: dict[object, House] = {}


def _house(settings: Settings, kept: Callable[[str], str]) -> House:
    """Rules, directory and templates, read once for all installations of a run that share them and lost nobody."""
    boxes = tuple((box.address, box.pack) for box in settings.mailbox)
    named = (settings.organisation, settings.rules, settings.templates, boxes)
    known = {box.address: read_known(kept(name_for(box.address))) for box in settings.mailbox}
    house = _HOUSES.get(named)
    if house is None or not all(_is_before(known[box], desk.index.directory) for box, desk in house.desks.items()):
        house = read_house(settings, kept)
        if not any(one.left for one in known.values()):
            _HOUSES[named] = house
    return house


def _is_before(known: Known, directory: Directory) -> bool:
    return not known.left and (known.before is None or known.before == directory)
