"""The office of the simulated year: the whole program over servers in memory, its clock in the year's hand.

As in the daemon, one post is opened and kept; only files that change make it read its rules again.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, text

from maild.adapters.shipped import shipped
from maild.assembly import House, Workshop, read_house
from maild.config import load
from maild.domain.letter import Delivered
from maild.domain.remembered import DIRECTORY_WORD
from maild.post import Post, open_post, renew, take_in
from maild.settings import Settings
from maild.tenure import Tenure
from tests.simulation.dice import Dice
from tests.simulation.office import _unsynced
from tests.simulation.servers import INBOX, Mailbox, SimulatedImap

CONFIG = """
rules = "rules"
[organisation]
name = "示例公司"
domain = "corp.example"
directory = "directory.yaml"
[[mailbox]]
address = "gm@corp.example"
plus_addressing = true
since = "all"
trusted_authserv_ids = ["mx.corp.example"]
[mailbox.folders]
sent = ""
junk = ""
[mailbox.imap]
host = "127.0.0.1"
security = "none"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
security = "none"
connections = 1
"""
CALM = Dice(0, 0.0)
SHIPPED = shipped("rules") / "gm-mailbox" / "directory.yaml"
_HOUSES: dict[str, House] = {}


@dataclass(eq=False)
class Arrived:
    """A letter of ours in somebody's inbox."""

    at: datetime
    to: str
    raw: bytes
    ident: str
    kind: str = ""
    number: str = ""
    _text: str | None = None

    @property
    def head(self) -> Message:
        """Its header fields."""
        return message_from_bytes(self.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    @property
    def text(self) -> str:
        """What its reader sees of it as plain text."""
        if self._text is None:
            self._text = plain_text(self.raw)
        return self._text


@dataclass
class Smtp:
    """Keeps the port `Sender`: everything is accepted, but for addresses that do not exist."""

    now: Any
    taken: list[Arrived] = field(default_factory=list)
    connections: int = 1

    async def send(self, _envelope_from: str, recipients: Sequence[str], raw: bytes) -> Sequence[Delivered]:
        """Take one mail."""
        to = recipients[0]
        if to.startswith("gone"):
            return [Delivered(address=to, code=550, text="5.1.1 no such user")]
        begin = raw.index(b"X-Maild-Id:") + 11
        ident = raw[begin : raw.index(b"\r\n", begin)].strip().decode()
        self.taken.append(Arrived(at=self.now(), to=to, raw=raw, ident=ident))
        return [Delivered(address=to, code=250, text="2.0.0 OK")]

    async def close(self) -> None:
        """Nothing to close."""


class Office:
    """An installation that works for a year."""

    def __init__(self, folder: Path, dice: Dice, begin: datetime) -> None:
        self.folder, self.dice, self.now, self.passes = folder, dice, begin, 0
        self.mailbox = Mailbox()
        self.smtp = Smtp(lambda: self.now)
        self.ticked: list[Callable[[], None]] = []
        """Asked when time has been looked at and nothing has left yet: the moment that a digest speaks of."""
        self._made, self._seen, self._labelled = 0, 0, 0
        self._queued = dict[str, Any]()
        (folder / "rules").mkdir()
        (folder / "maild.toml").write_text(CONFIG, "utf-8")
        self.directory.write_text(SHIPPED.read_text("utf-8"), "utf-8")
        secret = base64.b64encode(hashlib.sha256(str(dice.seed).encode()).digest()).decode()
        keys = folder / "var" / "secrets.json"
        keys.parent.mkdir()
        keys.write_text(json.dumps({"current": "a1", "keys": {"a1": secret}}), "utf-8")
        keys.chmod(0o600)
        self._open = ExitStack()

    def __enter__(self) -> "Office":
        settings = load(self.folder / "maild.toml", {"GM_PASSWORD": "x", "MAILD_STORE__SECRETS": "var/secrets.json"})
        imap = SimulatedImap(self.mailbox, CALM)
        for name, made in (
            ("maild.post.ImapServer", lambda *_, **__: imap), ("maild.post.SmtpSender", lambda *_: self.smtp),
            ("maild.assembly.new_id", self._new_id), ("maild.assembly.read_house", _house), ("maild.assembly.can_be_read", lambda *_: True),
            ("maild.workflow.receive.WRITERS", 1),
        ):  # fmt: skip
            self._open.enter_context(patch(name, made))
        self.workshop = Workshop(settings, now=lambda: self.now, machine=lambda: self.now)
        self._open.callback(self.workshop.close)
        event.listen(self.workshop.store.engine, "connect", _unsynced)
        tenure = self._open.enter_context(Tenure(self.workshop))
        self.post: Post = open_post(self.workshop, settings.mailbox[0], lambda _box: None, tenure.leases)
        self._loop = asyncio.new_event_loop()
        self._open.callback(self._loop.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def directory(self) -> Path:
        """The office's directory.yaml."""
        return self.folder / "directory.yaml"

    def deliver(self, raw: bytes, *, authentic: bool = True) -> str:
        """A mail comes into the inbox, with the verdict of the office's own server on its sender; its hash."""
        verdict = b"pass" if authentic else b"fail"
        domain = raw[raw.index(b"From: ") :].partition(b"\r\n")[0].rpartition(b"@")[2].rstrip(b">")
        whole = b"Authentication-Results: mx.corp.example; dmarc=" + verdict + b" header.from=" + domain + b"\r\n" + raw
        self.mailbox.put(INBOX, whole, self.now)
        return hashlib.sha256(whole).hexdigest()

    def one_pass(self) -> list[Arrived]:
        """Take in, look at the clocks, send; the letters that arrived because of it."""
        self.passes += 1
        take_in(self.post)
        self.post.ticker.tick()
        for look in self.ticked:
            look()
        self._loop.run_until_complete(self.post.courier.drain())
        new, self._seen = self.smtp.taken[self._seen :], len(self.smtp.taken)
        if new:
            self._label(new)
        return new

    def next_due(self) -> datetime | None:
        """When a clock is due or a letter may leave."""
        with self.workshop.store.reading() as books:
            moments = [books.next_due("gm@corp.example"), books.next_ready("gm@corp.example")]
        waits = self.rows("select 1 from line where told_at is null and kind = 'ack-owed' limit 1")
        moments += [self.now + timedelta(minutes=10)] if waits else []
        return min(filter(None, moments), default=None)

    def read_again(self) -> None:
        """The files have changed: the daemon reads them."""
        self.workshop.reload()
        renew(self.post, self.workshop, lambda: None)

    def rows(self, query: str, **known: object) -> list[Any]:
        """What a question to the database finds."""
        with self.workshop.store.reading() as books:
            return list(books.connection.execute(text(query), known))

    def _label(self, new: Sequence[Arrived]) -> None:
        """What kind each letter is, and of which case; what was queued is read once, and kept until it has left."""
        for row in self.rows("select id, maild_id, kind, number from outbox where id > :last", last=self._labelled):
            self._queued[row.maild_id] = row
            self._labelled = max(self._labelled, row.id)
        for letter in new:
            row = self._queued.pop(letter.ident)
            letter.kind, letter.number = row.kind, row.number or ""

    def _new_id(self) -> str:
        self._made += 1
        return hashlib.sha256(f"{self.dice.seed} {self._made}".encode()).hexdigest()[:24]


def _house(settings: Settings, kept: Callable[[str], str]) -> House:
    """The rules as they are read; those of an office that has changed nothing are read once for all offices."""
    if any((settings.rules or Path()).iterdir()) or kept(DIRECTORY_WORD) or kept("directory:gm@corp.example"):
        return read_house(settings, kept)
    directory = settings.organisation.directory
    if directory is None or directory.read_text("utf-8") != SHIPPED.read_text("utf-8"):
        return read_house(settings, kept)
    if "house" not in _HOUSES:
        _HOUSES["house"] = read_house(settings, kept)
    return _HOUSES["house"]


def plain_text(raw: bytes) -> str:
    """The plain text of a letter of ours."""
    for part in message_from_bytes(raw).walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8").replace("\r\n", "\n") if isinstance(payload, bytes) else ""
    return ""
