"""The tour: a pack's story, played over real sockets by the same daemon as in production, its clock moved.

Everything printed is read back from the SMTP server, the mailbox and the database.
"""

import threading
import time as real_time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.adapters.yamlfile import YamlFile
from maild.assembly import Workshop
from maild.daemon import Daemon, machine_clock, run
from maild.domain.duration import read_duration
from maild.errors import Temporary
from maild.sandbox.clients import Draft, bounce, write
from maild.sandbox.office import SHARED, submit
from maild.sandbox.servers import EmbeddedServers
from maild.workflow.digest import digest_due
from maild.workflow.weekly import weekly_due

PATIENCE = 30.0
TOURS = Path(__file__).resolve().parent / "tours"


class NoSuchLetter(Temporary):
    """Rules that differ from the shipped ones have sent other letters than the story answers."""


class MovedClock:
    """The machine's clock plus an offset that only the tour moves."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        return machine_clock() + self.offset

    def set(self, moment: datetime) -> None:
        """It is `moment` now."""
        self.offset = moment - machine_clock()


@dataclass
class Sight:
    """What can be seen after one scene: journal lines, mails that left, the clock, and whether it was left out."""

    scene: dict[str, Any]
    entries: list[dict[str, Any]]
    sent: list[Message]
    at: datetime
    skipped: bool = False


@dataclass
class Tour:
    """One story being played."""

    servers: EmbeddedServers
    workshop: Workshop
    clock: MovedClock
    story: dict[str, Any]
    zone: ZoneInfo
    cases: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    journal: int = 0
    _daemon: Daemon | None = None

    def play(self) -> Iterator[Sight]:
        """Play scene after scene; each is yielded once the daemon has done with it."""
        begin = datetime.fromisoformat(self.story["begin"]).replace(tzinfo=self.zone)
        self.clock.set(begin)
        thread = threading.Thread(target=run, args=(self.workshop,), kwargs={"started": self._started}, name="maild")
        thread.start()
        try:
            self._until(lambda: self._daemon is not None)
            for scene in self.story["scenes"]:
                try:
                    yield self._scene(scene)
                except NoSuchLetter:
                    yield Sight(scene=scene, entries=[], sent=[], at=self._local(), skipped=True)
        finally:
            if self._daemon is not None:
                self._daemon.stop_soon()
            thread.join(PATIENCE)

    def _local(self) -> datetime:
        return self.clock().astimezone(self.zone)

    def _started(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def _scene(self, scene: dict[str, Any]) -> Sight:
        if "wait" in scene:
            self.clock.offset += read_duration(scene["wait"])
            self._look_again()
            self._settled()
        else:
            self._deliver(scene)
            self._until(lambda: self._journal_length() > self.journal)
            self._settled()
            self.clock.offset += timedelta(minutes=4)
        entries = self._rows("select disposition, number, reason from journal order by id")[self.journal :]
        self.journal += len(entries)
        if "id" in scene and entries and entries[-1]["number"]:
            self.cases.setdefault(scene["id"], entries[-1]["number"])
        new = self.servers.sent[self.sent :]
        self.sent += len(new)
        ours = [message_from_bytes(s.raw) for s in new if s.envelope_from == SHARED]
        return Sight(scene=scene, entries=entries, sent=ours, at=self._local())

    def _deliver(self, scene: dict[str, Any]) -> None:
        raw = self._raw(scene)
        sender = parseaddr(scene.get("from") or scene["by"])[1]
        if scene.get("login") or "by" in scene:
            submit(self.servers, sender, SHARED, raw)
        else:
            self.servers.deliver(raw, SHARED, authentication=scene.get("authentication", "pass"))
        self._look_again()

    def _raw(self, scene: dict[str, Any]) -> bytes:
        at = self._local()
        if "bounce_of" in scene:
            case = self.cases.get(scene["bounce_of"], "")
            mail = self._letter(case, "requester.acknowledgement")
            return bounce(mail, parseaddr(str(mail["To"]))[1], at)
        answered = self._answered(scene)
        to = parseaddr(str(answered["Reply-To"]))[1] if answered else SHARED
        subject = f"Re: {decoded(answered['Subject'])}" if answered else scene["subject"]
        if answered and scene.get("client") == "out-of-office":
            subject = f"自动答复: {decoded(answered['Subject'])}"
        return write(
            Draft(
                sender=scene.get("from") or scene["by"], to=to,
                subject=subject, text=scene.get("text", ""), at=at, client=scene.get("client", ""),
                charset=scene.get("charset", "utf-8"), reply_to=scene.get("reply_to", ""),
                in_reply_to=str(answered["Message-ID"]) if answered else "",
                quoted=plain_text(answered)[:400] if answered else "",
            )
        )  # fmt: skip

    def _answered(self, scene: dict[str, Any]) -> Message | None:
        if "answers" not in scene:
            return None
        kind = scene.get("letter", "requester.acknowledgement")
        return self._letter(self.cases.get(scene["answers"], ""), kind, parseaddr(scene.get("by", ""))[1])

    def _letter(self, number: str, kind: str, to: str = "") -> Message:
        where = f"number = '{number}' and kind = '{kind}'" + (f" and recipient = '{to}'" if to else "")
        rows = self._rows(f"select maild_id from outbox where {where} order by id desc")  # noqa: S608  our own words
        ids = [row["maild_id"] for row in rows]
        mails = [message_from_bytes(s.raw) for s in self.servers.sent]
        found = next((mail for ident in ids for mail in mails if mail["X-Maild-Id"] == ident), None)
        if found is None:
            raise NoSuchLetter(f"The tour found no {kind} of {number}; the story does not fit the rules any more.")
        return found

    def _settled(self) -> None:
        """Until no journal line waits, no mail waits that may leave, no clock is due, and no regular mail is owed."""
        self._until(self._is_settled)

    def _is_settled(self) -> bool:
        now, office = self.clock(), self.workshop.office(self.workshop.settings.mailbox[0])
        with self.workshop.store.reading() as books:
            busy = (
                books.entries(SHARED, ["archived"]) or books.ready(SHARED, now, 1) or books.due_clocks(SHARED, now, 1)
                or digest_due(office, books.marked_time(f"digest:{SHARED}"))
                or weekly_due(office, books.marked_time(f"weekly:{SHARED}"))
            )  # fmt: skip
        if busy:
            self._look_again()
        return not busy

    def _journal_length(self) -> int:
        return int(self._rows("select count(*) as n from journal where state <> 'archived'")[0]["n"])

    def _look_again(self) -> None:
        if self._daemon is not None:
            self._daemon.look_again_soon()

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = real_time.monotonic() + PATIENCE
        while not done():
            if real_time.monotonic() > deadline:
                raise Temporary("The tour waited too long for the daemon; run it again with --debug.")
            real_time.sleep(0.03)

    def _rows(self, statement: str) -> list[dict[str, Any]]:
        with self.workshop.store.reading() as reading:
            return [dict(row) for row in reading.connection.exec_driver_sql(statement).mappings()]


def read_story(pack: str) -> dict[str, Any]:
    """The story of a pack."""
    data: dict[str, Any] = YamlFile(TOURS / f"{pack}.yaml").data()
    return data


def decoded(field_value: object) -> str:
    """A header field as a person sees it."""
    return str(make_header(decode_header(str(field_value).replace("\r\n", ""))))


def plain_text(mail: Message) -> str:
    """The plain text of a mail of ours."""
    for part in mail.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/plain" and isinstance(payload, bytes):
            return payload.decode("utf-8").replace("\r\n", "\n")
    return ""
