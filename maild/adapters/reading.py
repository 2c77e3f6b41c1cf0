"""The questions of `workflow.facts.Facts`, answered from the database inside one transaction.

Several daemons write at once on PostgreSQL. A transaction that writes therefore locks what it reads in order to decide,
until it ends: a case its row, a rate or a single use (`count`, `last`) its kind and person. What stands under a case
(clocks, events, keys, mails) is read after the case and kept still by the case's lock. Whoever is second waits, and
reads what the first has written. Readers lock nothing.

Statements are built once, when the module is read: building one takes longer than SQLite takes to answer it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)

from maild.adapters import rows
from maild.adapters.dialects import INSERTS
from maild.adapters.locks import alone
from maild.adapters.seals import Seals
from maild.adapters.tables import METADATA
from maild.adapters.vault import Vault
from maild.domain.case import Case, Clock, Event
from maild.workflow.plan import Key, Received, Sent

TABLES = METADATA.tables
TALLIED = "tally.who"
"""What a counted name or address is blinded for."""
_CASE, _CLOCK, _EVENT, _KEY = (TABLES[name] for name in ("case", "clock", "event", "reply_key"))
_MAIL, _OUTBOX, _TALLY, _COUNTER = (TABLES[name] for name in ("mail", "outbox", "tally", "counter"))
_SENT = [c for c in _OUTBOX.c if c.name != "raw"]


def given(column: Column[Any]) -> ColumnElement[bool]:
    """Equal to the parameter `of_` and the column's name."""
    return column == bindparam(f"of_{column.name}")


def either(column: Column[Any]) -> ColumnElement[bool]:
    """Equal to the parameter `of_` and the column's name, or to `or_`, which is the same as it lies there sealed."""
    return column.in_([bindparam(f"of_{column.name}"), bindparam(f"or_{column.name}")])


def digest(long: str) -> str:
    """What is remembered of a long key."""
    return hashlib.sha256(long.encode()).hexdigest()


def fixed(text: str) -> ColumnElement[str]:
    """A literal in the statement itself, so that a partial index is used (libraries.md 4)."""
    return literal_column(f"'{text}'")


def _raised(table: Table, dialect: Any) -> Any:
    """A counter's next value; the row is locked until the transaction ends."""
    statement = dialect(table).values(value=1, text="")
    more = {"value": table.c.value + 1}
    return statement.on_conflict_do_update(index_elements=["name"], set_=more).returning(table.c.value)


_RAISED = {name: _raised(_COUNTER, dialect) for name, dialect in INSERTS.items()}
_CASE_DATA = select(_CASE.c.number, _CASE.c.data).where(given(_CASE.c.number))
_CASE_ALONE = _CASE_DATA.with_for_update()
_CLOCKS = select(_CLOCK).where(given(_CLOCK.c.number)).order_by(_CLOCK.c.id)
_OPEN_CLOCKS = _CLOCKS.where(_CLOCK.c.state == fixed("open"))
_CLOCKS_OF = (
    select(_CLOCK)
    .where(_CLOCK.c.number.in_(bindparam("numbers", expanding=True)), _CLOCK.c.state == fixed("open"))
    .order_by(_CLOCK.c.id)
)
_AT_ONCE = 500
_EVENTS = select(_EVENT).where(given(_EVENT.c.number)).order_by(_EVENT.c.seq)
_MAILS = select(_MAIL).where(given(_MAIL.c.number)).order_by(_MAIL.c.id)
_RECEIVED = select(_MAIL).where(either(_MAIL.c.message_id)).order_by(_MAIL.c.id).limit(1)
_KEY_BY_DIGEST = select(_KEY).where(given(_KEY.c.digest))
_KEYS = select(_KEY).where(given(_KEY.c.number)).order_by(_KEY.c.id)
_SENT_BY_MESSAGE_ID = select(*_SENT).where(given(_OUTBOX.c.message_id))
_SENT_BY_MAILD_ID = select(*_SENT).where(given(_OUTBOX.c.maild_id))
_SENT_FOR = select(*_SENT).where(given(_OUTBOX.c.number), either(_OUTBOX.c.recipient)).order_by(_OUTBOX.c.id.desc())
_WAITING = select(*_SENT).where(
    either(_OUTBOX.c.recipient), _OUTBOX.c.number.is_(None), _OUTBOX.c.state == fixed("ready")
)
_CASES_OF = (
    select(_CASE.c.number, _CASE.c.data)
    .where(either(_CASE.c.requester), _CASE.c.received >= bindparam("since"))
    .order_by(_CASE.c.received.desc())
    .limit(20)
)
_WHOSE = (given(_TALLY.c.kind), given(_TALLY.c.who))
_COUNT = select(func.count()).select_from(_TALLY).where(*_WHOSE, _TALLY.c.at > bindparam("since"))
_LAST = select(func.max(_TALLY.c.at)).where(*_WHOSE)


class Reading:
    """`Facts` over one open connection."""

    def __init__(
        self, connection: Connection, *, decides: bool = False, worker: str = "", vault: Vault | None = None
    ) -> None:
        self.connection = connection
        self.seals = Seals(connection, vault)
        """What of it lies sealed in the database."""
        self._worker = worker
        """Who this daemon is among several on the database; "" where it is alone."""
        self._decides = decides
        """Whether what is read is the ground of what is then written."""
        self._cases: dict[str, Case | None] = {}
        self._clocks: dict[str, Sequence[Clock]] = {}
        """What was read or written in this transaction, so that each letter of a case need not ask again."""

    def case(self, number: str) -> Case | None:
        if number not in self._cases:
            query = _CASE_ALONE if self._decides else _CASE_DATA
            row = self._one(query, of_number=number)
            self._cases[number] = self.case_of(row) if row else None
        return self._cases[number]

    def clocks(self, number: str) -> Sequence[Clock]:
        if number not in self._clocks:
            self._clocks[number] = [rows.clock_value(row) for row in self._all(_OPEN_CLOCKS, of_number=number)]
        return self._clocks[number]

    def clocks_of(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Clock]]:
        """The open clocks of each of these cases, some hundreds a question."""
        wanted = [number for number in dict.fromkeys(numbers) if number not in self._clocks]
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            found: dict[str, list[Clock]] = {number: [] for number in some}
            for row in self._all(_CLOCKS_OF, numbers=some):
                found[row["number"]].append(rows.clock_value(row))
            self._clocks |= found
        return {number: self._clocks[number] for number in numbers}

    def case_of(self, row: Mapping[Any, Any]) -> Case:
        """The case of a row with `number` and `data`."""
        return rows.case_value(self.seals.opened("case", "data", row["data"], row["number"]))

    def all_clocks(self, number: str) -> Sequence[Clock]:
        """Open and ended clocks of a case, oldest first."""
        return [rows.clock_value(row) for row in self._all(_CLOCKS, of_number=number)]

    def events(self, number: str) -> Sequence[Event]:
        return [rows.event_value(row) for row in self._opened("event", _EVENTS, of_number=number)]

    def mails(self, number: str) -> Sequence[Received]:
        return [rows.received_value(row) for row in self._opened("mail", _MAILS, of_number=number)]

    def key(self, long: str) -> Key | None:
        row = self._one(_KEY_BY_DIGEST, of_digest=digest(long))
        return rows.key_value(self.seals.open("reply_key", row)) if row else None

    def keys(self, number: str) -> Sequence[Key]:
        return [rows.key_value(row) for row in self._opened("reply_key", _KEYS, of_number=number)]

    def sent(self, *, message_id: str = "", maild_id: str = "") -> Sent | None:
        if not (message_id or maild_id):
            return None
        if message_id:
            row = self._one(_SENT_BY_MESSAGE_ID, of_message_id=message_id)
        else:
            row = self._one(_SENT_BY_MAILD_ID, of_maild_id=maild_id)
        return rows.sent_value(self.seals.open("outbox", row)) if row else None

    def sent_for(self, number: str, recipient: str) -> Sequence[Sent]:
        closed = self.seals.alike("outbox", "recipient", recipient, number)
        found = self._opened("outbox", _SENT_FOR, of_number=number, of_recipient=recipient, or_recipient=closed)
        return [rows.sent_value(row) for row in found]

    def waiting(self, recipient: str) -> Sequence[Sent]:
        closed = self.seals.alike("outbox", "recipient", recipient)
        found = self._opened("outbox", _WAITING, of_recipient=recipient, or_recipient=closed)
        return [rows.sent_value(row) for row in found]

    def received(self, message_id: str) -> Received | None:
        closed = self.seals.alike("mail", "message_id", message_id)
        row = self._one(_RECEIVED, of_message_id=message_id, or_message_id=closed) if message_id else None
        return rows.received_value(self.seals.open("mail", row)) if row else None

    def cases_of(self, requester: str, since: datetime) -> Sequence[Case]:
        closed = self.seals.hidden("case", "requester", requester)
        return [
            self.case_of(row) for row in self._all(_CASES_OF, of_requester=requester, or_requester=closed, since=since)
        ]

    def count(self, kind: str, who: str, since: datetime) -> int:
        self._alone("tally", kind, who)
        values = {"of_kind": kind, "of_who": self.seals.blind(who, TALLIED), "since": since}
        return int(self.connection.execute(_COUNT, values).scalar_one())

    def last(self, kind: str, who: str) -> datetime | None:
        self._alone("tally", kind, who)
        moment: datetime | None = self.connection.execute(
            _LAST, {"of_kind": kind, "of_who": self.seals.blind(who, TALLIED)}
        ).scalar()
        return moment

    def new_number(self, prefix: str, year: int) -> str:
        return f"{prefix}-{year}-{self.next_count(f'case:{prefix}:{year}'):06d}"

    def next_count(self, name: str) -> int:
        """One more than the last time; the row is locked until the transaction ends."""
        return int(
            self.connection.execute(_RAISED[self.connection.dialect.name], {"name": self.seals.name(name)}).scalar_one()
        )

    def _alone(self, *names: str) -> None:
        """Where something is decided, no other transaction decides by the same until this one has ended."""
        if self._decides:
            alone(self.connection, *names)

    def _all(self, query: Select[Any], **values: object) -> Sequence[RowMapping]:
        return self.connection.execute(query, values).mappings().all()

    def _opened(self, table: str, query: Select[Any], **values: object) -> list[Mapping[Any, Any]]:
        """As `_all`, of rows that may lie sealed."""
        return [self.seals.open(table, row) for row in self._all(query, **values)]

    def _one(self, query: Select[Any], **values: object) -> RowMapping | None:
        return self.connection.execute(query, values).mappings().first()
