"""The database: one table a thing, uniqueness by constraint, an index for every question asked often.

Values that only code reads (a case's facts, an event's data) are JSON; what is searched or ordered is a column.
Times are aware UTC. Migrations live in `migrations/`; `tests/adapters/test_migrations.py` keeps both the same.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, MetaData, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from maild.domain.recorded import COUNTED

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata

OPEN_CASE = "state not in ('closed', 'set-aside', 'merged')"
"""The condition of the partial index over cases that somebody still works on; queries use these very words."""
WAITING_ENTRY = "state in ('archived', 'done', 'quarantined')"
"""The condition of the partial index over journal lines that wait for something; queries use these very words."""

_BIG = BigInteger().with_variant(Integer, "sqlite")
JSON_VALUE = JSON().with_variant(JSONB, "postgresql")


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over the rows of this condition alone."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _key() -> Any:
    return Field(default=None, sa_column=Column(_BIG, primary_key=True, autoincrement=True))


def _json() -> Any:
    return Field(default=None, sa_column=Column(JSON_VALUE, nullable=False))


def _big() -> Any:
    return Field(sa_column=Column(BigInteger, nullable=False))


class CursorRow(SQLModel, table=True):
    """How far a folder has been read: every UID up to `last_uid` stands in the journal or was left behind."""

    __tablename__ = "cursor"
    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = _big()
    last_uid: int = _big()
    bound: datetime | None = None
    """Mail that arrived before this is never taken in by itself (`since`, first start)."""
    left: int = 0


class JournalRow(SQLModel, table=True):
    """The intake journal: every UID that was taken from a server, and what became of it."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
        _partial("ix_journal_waiting", "mailbox", "state", "id", where=WAITING_ENTRY),
        _partial("ix_journal_held", "mailbox", "next_at", where="state = 'held'"),
    )
    id: int | None = _key()
    mailbox: str
    folder: str
    uidvalidity: int = _big()
    uid: int = _big()
    sha256: str = Field(index=True)
    size: int
    internal_date: datetime
    taken_at: datetime
    state: str
    """archived, held, done, filed, quarantined, shelved, released."""
    disposition: str = ""
    """What became of it: new-case, appended, command, duplicate, ..."""
    reason: str = ""
    number: str | None = Field(default=None, index=True)
    starts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    """How often its handling was begun again after a run had ended in the middle."""
    next_at: datetime | None = None
    """Until when a held mail waits its turn."""


class MailRow(SQLModel, table=True):
    """One incoming mail that was understood, once however often it was delivered."""

    __tablename__ = "mail"
    __table_args__ = (UniqueConstraint("fingerprint", "pack"),)
    id: int | None = _key()
    mailbox: str
    pack: str
    fingerprint: str
    message_id: str = Field(index=True)
    sha256: str
    author: str
    subject: str
    received: datetime
    disposition: str
    number: str | None = Field(default=None, index=True)
    command_done: bool = False


class CaseRow(SQLModel, table=True):
    """One case; `data` is the whole value, the columns are what is searched."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_requester_received", "requester", "received"),
        _partial("ix_case_open", "mailbox", "received", where=OPEN_CASE),
        _partial("ix_case_unit_open", "mailbox", "unit", "received", where=OPEN_CASE),
        _partial("ix_case_handler", "handler", "received", where=OPEN_CASE),
    )
    number: str = Field(primary_key=True)
    pack: str
    mailbox: str
    type: str
    state: str
    urgency: str
    unit: str | None = None
    handler: str | None = None
    requester: str
    received: datetime = Field(index=True)
    last_seq: int = 0
    last_hash: str
    """Head of the event chain, so that events cut off at its end are missed."""
    data: dict[str, Any] = _json()


COUNTED_EVENT = "kind in ({})".format(", ".join(f"'{kind}'" for kind in COUNTED))
"""The condition of the partial index over events that reports ask for by their day; queries use these very words."""


class EventRow(SQLModel, table=True):
    """What happened to a case, chained by hash; `seq` counts from 1 in each case."""

    __tablename__ = "event"
    __table_args__ = (_partial("ix_event_counted", "at", where=COUNTED_EVENT),)
    number: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    kind: str
    actor: str
    human: bool
    data: dict[str, Any] = _json()
    previous: str
    hash: str
    salt: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the digest of actor and data is salted with; "" for an event of before 0012, and where it was erased."""
    digest: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What stands for actor and data where they were erased."""


class ClockRow(SQLModel, table=True):
    """A running or ended clock; the sweep reads `next_at` of a mailbox's open ones through a partial index."""

    __tablename__ = "clock"
    __table_args__ = (
        _partial("ix_clock_due", "mailbox", "next_at", where="state = 'open'"),
        _partial("ix_clock_ended", "mailbox", "ended", where="state in ('met', 'missed')"),
    )
    id: int | None = _key()
    number: str = Field(index=True)
    mailbox: str
    """Whose office watches it: the case's, or where a quarantined mail came in."""
    kind: str
    subject: str = ""
    start: datetime
    due: datetime
    next_at: datetime | None = None
    state: str
    provisional: bool = False
    reminded: bool = False
    rung: int = 0
    length: str = ""
    ended: datetime | None = None


class KeyRow(SQLModel, table=True):
    """A reply key: bound to a case, a recipient and the kind of mail that carries it; the key itself is not here."""

    __tablename__ = "reply_key"
    __table_args__ = (
        UniqueConstraint("number", "recipient", "purpose", "serial"),
        Index("ix_reply_key_recipient", "recipient"),
    )
    id: int | None = _key()
    number: str
    recipient: str
    purpose: str
    serial: int = 0
    digest: str = Field(index=True)
    """SHA-256 of the long form."""
    role: str
    """requester or staff; gone for a key of somebody who has left."""
    created: datetime
    expires: datetime | None = None
    data: dict[str, Any] = _json()
    """What a confirmation would carry out, or the mails that a list names."""


class OutboxRow(SQLModel, table=True):
    """One outgoing mail: frozen bytes and Message-ID, committed with its cause, sent afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        _partial("ix_outbox_ready", "mailbox", "lane", "next_at", where="state = 'ready'"),
        Index("ix_outbox_recipient", "recipient", "kind", "queued_at"),
        Index("ix_outbox_sent", "mailbox", "sent_at"),
    )
    id: int | None = _key()
    maild_id: str = Field(unique=True)
    message_id: str = Field(unique=True)
    mailbox: str
    number: str | None = Field(default=None, index=True)
    kind: str
    recipient: str
    fallback: str = ""
    """Another address of the same person, tried once when this one bounces."""
    lane: int
    subject: str
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str
    """ready, sent, failed, bounced, withdrawn."""
    queued_at: datetime
    next_at: datetime
    attempts: int = 0
    first_try: datetime | None = None
    answer: str = ""
    claimed_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The daemon that is sending it, where several share the database; void when that one is dead."""
    sent_at: datetime | None = None


class TallyRow(SQLModel, table=True):
    """Counted happenings, for rates and once-a-day rules."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_kind_who_at", "kind", "who", "at"),)
    id: int | None = _key()
    kind: str
    who: str
    at: datetime
    number: str | None = None


class LineRow(SQLModel, table=True):
    """A line that waits for a digest or a combined mail."""

    __tablename__ = "line"
    __table_args__ = (_partial("ix_line_waiting", "kind", "mailbox", where="told_at is null"),)
    id: int | None = _key()
    mailbox: str
    kind: str
    who: str = ""
    at: datetime
    number: str | None = None
    told_at: datetime | None = None
    data: dict[str, Any] = _json()


class CounterRow(SQLModel, table=True):
    """Case numbers and other counts, and small facts kept between runs."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int = 0
    at: datetime | None = None
    text: str = ""
