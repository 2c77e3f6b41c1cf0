"""What a stage decides: new values and effects, committed in one transaction before anything leaves."""

from dataclasses import field, fields, replace
from datetime import datetime
from typing import Any

from maild.domain.case import Case, Clock, Event
from maild.domain.formround import Return
from maild.domain.instant import Instant
from maild.domain.ledger import Entry as LedgerEntry
from maild.domain.letter import Letter
from maild.domain.publication import Publication
from maild.domain.value import value


@value
class Key:
    """A reply key as it is remembered: whose it is, for what, until when. The key itself can only be computed."""

    number: str
    """The case; `LIST-...` for the key of a list, such as that of quarantined mails or of the daily digest."""
    recipient: str
    purpose: str
    """Value of the LetterKind that carries it."""
    role: str
    """requester or staff; gone for a key of somebody who has left."""
    serial: int = 0
    expires: datetime | None = None
    data: dict[str, object] = field(default_factory=dict)


@value
class Sent:
    """An outgoing mail as it is remembered."""

    maild_id: str
    message_id: str
    number: str | None
    kind: str
    recipient: str
    fallback: str
    state: str
    queued_at: datetime
    sent_at: datetime | None = None


@value
class Received:
    """An incoming mail as it is remembered."""

    message_id: str
    sha256: str
    number: str | None
    author: str
    subject: str
    received: datetime
    disposition: str = ""
    mailbox: str = ""
    """The shared address it came to first."""


@value
class Frozen:
    """An outgoing mail as it will leave: bytes and Message-ID are fixed from now on."""

    maild_id: str
    message_id: str
    number: str | None
    kind: str
    recipient: str
    fallback: str
    lane: int
    subject: str
    raw: bytes
    next_at: datetime


@value
class Ready:
    """A mail that may leave now."""

    id: int
    maild_id: str
    number: str | None
    kind: str
    recipient: str
    lane: int
    raw: bytes
    attempts: int
    first_try: datetime | None


@value
class Entry:
    """One line of the intake journal."""

    id: int
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    size: int
    internal_date: datetime
    state: str
    disposition: str = ""
    reason: str = ""
    number: str | None = None
    starts: int = 0
    """How often its handling was begun again after a run had ended in the middle."""


@value
class Cursor:
    """How far a folder has been read, and what was left behind at the first start."""

    uidvalidity: int
    last_uid: int
    bound: datetime | None
    left: int = 0


@value
class Tally:
    """A counted happening."""

    kind: str
    who: str
    number: str | None = None


@value
class Line:
    """Something a person shall read in the next digest or combined mail; `who` is its reader, "" the coordinator."""

    kind: str
    data: dict[str, object] = field(default_factory=dict)
    number: str | None = None
    who: str = ""


@value
class Happening:
    """An event and the case it belongs to."""

    number: str
    event: Event


@value
class Plan:
    """Everything that one mail, or one due clock, changes."""

    disposition: str = ""
    """What became of the mail, one word; "" for a clock."""
    number: str | None = None
    """The case that the mail belongs to from now on."""
    reason: str = ""
    cases: tuple[Case, ...] = ()
    happenings: tuple[Happening, ...] = ()
    clocks: tuple[Clock, ...] = ()
    """New ones have id 0; others are written over."""
    letters: tuple[Letter, ...] = ()
    tallies: tuple[Tally, ...] = ()
    lines: tuple[Line, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """maild ids of held mails that must not leave any more."""
    bounced: tuple[str, ...] = ()
    """maild ids of mails that were returned."""
    dead_keys: tuple[str, ...] = ()
    """Addresses of people who have left: keys of theirs open nothing any more."""
    released: tuple[int, ...] = ()
    """Journal lines of quarantined mails that are to be handled after all."""
    again: tuple[int, ...] = ()
    """Journal lines of mails that reappeared and are to be triaged again."""
    settled: tuple[int, ...] = ()
    """Lines that wait no more: what they held was let go or dropped."""
    texts: tuple[tuple[str, str], ...] = ()
    """Small facts to remember, by name."""
    instants: tuple[Instant, ...] = ()
    """For the second channel."""
    entries: tuple[LedgerEntry, ...] = ()
    """Of the ledger: new ones have id 0, others were decided."""
    returns: tuple[Return, ...] = ()
    """Of forms: new ones have id 0, others were replaced by a correction."""
    publications: tuple[Publication, ...] = ()
    """New ones have id 0, others are taken down."""
    command: bool = False
    """The mail was a command that counts once."""

    def __add__(self, other: "Plan") -> "Plan":
        """Both plans, the second one's words for what became of the mail where it has any."""
        joined: dict[str, Any] = {
            one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self) if one.default == ()
        }
        return replace(
            self, **joined, disposition=other.disposition or self.disposition, number=other.number or self.number,
            reason=other.reason or self.reason, command=self.command or other.command,
        )  # fmt: skip
