"""Instant messages in the database: committed with their cause, taken by one daemon at a time, tried again later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, insert, select, text, update

from maild.adapters import instanttable
from maild.adapters.clocks import Clocks
from maild.adapters.reading import TABLES, fixed, given
from maild.adapters.tables import METADATA, WAITING_ENTRY
from maild.domain.instant import Instant, Unsaid
from maild.domain.letter import Lane

_INSTANT = METADATA.tables[str(instanttable.InstantRow.__tablename__)]
_JOURNAL, _OUTBOX = TABLES["journal"], TABLES["outbox"]
_VALUE: TypeAdapter[Instant] = TypeAdapter(Instant)
_TAKEN_FOR = timedelta(minutes=2)
"""How long a message is left alone by others after a daemon took it to send: longer than every channel's patience."""
_READY = _INSTANT.c.state == fixed("ready")
_DUE = (
    select(_INSTANT)
    .where(_READY, _INSTANT.c.next_at <= bindparam("now"))
    .order_by(_INSTANT.c.next_at, _INSTANT.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_UNHANDLED = select(func.min(_JOURNAL.c.taken_at)).where(
    given(_JOURNAL.c.mailbox), text(WAITING_ENTRY), _JOURNAL.c.state == fixed("archived")
)
_OVERDUE = select(func.min(_OUTBOX.c.next_at)).where(
    given(_OUTBOX.c.mailbox), _OUTBOX.c.state == fixed("ready"), _OUTBOX.c.lane <= Lane.REQUESTER.value,
    _OUTBOX.c.next_at <= bindparam("now"),
)  # fmt: skip
_NEXT = select(func.min(_INSTANT.c.next_at)).where(_READY)
_CHANGED = update(_INSTANT).where(given(_INSTANT.c.id))


class Instants(Clocks):
    """Writes of the second channel."""

    def queue_instants(self, instants: Sequence[Instant], mailbox: str, now: datetime) -> None:
        """Put messages down, to leave at once."""
        rows = [
            {"mailbox": mailbox, "data": _VALUE.dump_python(one, mode="json"), "state": "ready", "queued_at": now,
             "next_at": max(now, one.not_before or now), "attempts": 0, "answer": ""}
            for one in instants
        ]  # fmt: skip
        if rows:
            self.connection.execute(insert(_INSTANT), rows)

    def take_instants(self, now: datetime, limit: int = 20) -> Sequence[Unsaid]:
        """Messages that are due; no other daemon takes them for two minutes."""
        found = self._all(_DUE, now=now, most=limit)
        for row in found:
            self.connection.execute(_CHANGED.values(next_at=now + _TAKEN_FOR), {"of_id": row["id"]})
        return [
            Unsaid(
                id=row["id"], mailbox=row["mailbox"], instant=_VALUE.validate_python(row["data"]),
                queued_at=row["queued_at"], attempts=row["attempts"],
            )
            for row in found
        ]  # fmt: skip

    def oldest_unhandled(self, mailbox: str) -> datetime | None:
        """When the oldest journal line was taken in whose mail nobody has thought about yet."""
        moment: datetime | None = self.connection.execute(_UNHANDLED, {"of_mailbox": mailbox}).scalar()
        return moment

    def oldest_due(self, mailbox: str, now: datetime) -> datetime | None:
        """Since when the oldest mail of the first two lanes could have left; None where none waits."""
        moment: datetime | None = self.connection.execute(_OVERDUE, {"of_mailbox": mailbox, "now": now}).scalar()
        return moment

    def next_instant(self) -> datetime | None:
        """When the next message is due."""
        moment: datetime | None = self.connection.execute(_NEXT).scalar()
        return moment

    def settle_instant(self, ident: int, instant: Instant, *, state: str, next_at: datetime, answer: str = "") -> None:
        """What became of a message: `sent`, `failed`, or `ready` to be tried again."""
        values = {"data": _VALUE.dump_python(instant, mode="json"), "state": state, "next_at": next_at,
                  "answer": answer[:500]}  # fmt: skip
        self.connection.execute(_CHANGED.values(attempts=_INSTANT.c.attempts + 1, **values), {"of_id": ident})
