"""One simulated office: the whole program over servers in memory, a database that fails, and a clock that is moved.

Everything between the ports is the program itself: `maild once`, its journey, its outbox, its clocks. SQLite holds the
database in a file that is not synced, as a death here is an exception, never the machine's.
"""

import asyncio
import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, text

from maild.adapters.store import Store, Writing
from maild.assembly import House, Workshop, read_house
from maild.config import load
from maild.errors import MaildError
from maild.onepass import once
from tests.simulation.dice import Death, Dice
from tests.simulation.servers import INBOX, Mailbox, SimulatedImap, SimulatedSmtp

GM = "gm@corp.example"
BEGIN = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
CONFIG = """
[organisation]
name = "示例公司"
domain = "corp.example"
[[mailbox]]
address = "gm@corp.example"
plus_addressing = true
since = "all"
trusted_authserv_ids = ["mx.corp.example"]
[mailbox.imap]
host = "127.0.0.1"
security = "none"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
security = "none"
connections = 1
"""
AUTHENTIC = b"Authentication-Results: mx.corp.example; dmarc=pass\r\n"
_HOUSES: dict[str, House] = {}


@dataclass
class Office:
    """An installation, its servers, and what has happened to it."""

    folder: Path
    dice: Dice
    now: datetime = BEGIN
    mailbox: Mailbox = field(default_factory=Mailbox)
    delivered: Counter[str] = field(default_factory=Counter)
    """How often each content was put into the inbox."""
    deaths: int = 0
    passes: int = 0
    _workshop: Workshop | None = None
    _made: int = 0

    def __post_init__(self) -> None:
        self.smtp = SimulatedSmtp(self.dice, self._state_of, bounces=lambda address: address.startswith("gone"))
        self.imap = SimulatedImap(self.mailbox, self.dice)
        (self.folder / "maild.toml").write_text(CONFIG, "utf-8")
        secret = base64.b64encode(hashlib.sha256(str(self.dice.seed).encode()).digest()).decode()
        keys = self.folder / "var" / "secrets.json"
        keys.parent.mkdir()
        keys.write_text(json.dumps({"current": "a1", "keys": {"a1": secret}}), "utf-8")
        keys.chmod(0o600)

    def workshop(self) -> Workshop:
        """The installation; it stays open until the process dies."""
        if self._workshop is None:
            environ = {"GM_PASSWORD": "x", "MAILD_STORE__SECRETS": "var/secrets.json"}
            settings = load(self.folder / "maild.toml", environ)
            with patch("maild.assembly.read_house", _house):
                self._workshop = Workshop(settings, now=lambda: self.now, machine=lambda: self.now)
            event.listen(self._workshop.store.engine, "connect", _unsynced)
        return self._workshop

    def one_pass(self) -> None:
        """`maild once`, whatever it meets; a death leaves what was committed."""
        self.passes += 1
        with self._harmed():
            try:
                asyncio.run(once(self.workshop()))
            except MaildError:
                return
            except Death:
                self.deaths += 1
                self.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a question to the database finds."""
        with self.workshop().store.reading() as books:
            return [tuple(row) for row in books.connection.execute(text(query))]

    def deliver(self, raw: bytes) -> None:
        """A mail comes into the inbox, with the verdict of the office's own server on its sender."""
        whole = AUTHENTIC + raw
        self.delivered[hashlib.sha256(whole).hexdigest()] += 1
        self.mailbox.put(INBOX, whole, self.now)

    def later(self, length: timedelta) -> None:
        """Time goes by."""
        self.now += length

    def close(self) -> None:
        """Close the database; the next pass opens it anew."""
        if self._workshop is not None:
            self._workshop.close()
            self._workshop = None

    def _state_of(self, ident: str) -> str:
        found = [row[0] for row in self.rows(f"select state from outbox where maild_id = '{ident}'")]  # noqa: S608
        return str(found[0]) if found else "unknown"

    def new_id(self) -> str:
        """The next X-Maild-Id; the same one in each replay."""
        self._made += 1
        return hashlib.sha256(f"{self.dice.seed} {self._made}".encode()).hexdigest()[:24]

    @contextmanager
    def _harmed(self) -> Iterator[None]:
        """The program with these servers, and with a database that fails."""
        writing = Store.writing

        @contextmanager
        def flaky(store: Store) -> Iterator[Writing]:
            self.dice.maybe_away("database")
            with writing(store) as books:
                yield books
                self.dice.maybe_away("database before its commit")
            self.dice.maybe_away("database after its commit")

        with ExitStack() as stack:
            for name, made in (
                ("maild.post.ImapServer", lambda *_, **__: self.imap),
                ("maild.post.SmtpSender", lambda *_: self.smtp),
                ("maild.assembly.new_id", self.new_id),
                ("maild.assembly.can_be_read", lambda *_: True),
            ):  # fmt: skip
                stack.enter_context(patch(name, made))
            stack.enter_context(patch.object(Store, "writing", flaky))
            stack.enter_context(patch("maild.workflow.receive.WRITERS", 1))
            yield


def _house(settings: Any, kept: Any) -> House:
    if "house" not in _HOUSES:
        _HOUSES["house"] = read_house(settings, kept)
    return _HOUSES["house"]


def _unsynced(connection: Any, _record: object) -> None:
    with suppress(Exception):
        connection.execute("pragma synchronous = off")
