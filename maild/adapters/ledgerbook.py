"""The ledger in the database: proposals come with the commit of their cause, once each."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from maild.adapters import ledgertable
from maild.adapters.dialects import INSERTS
from maild.adapters.instants import Instants
from maild.adapters.reading import Reading, fixed, given
from maild.adapters.tables import METADATA
from maild.domain.ledger import Entry, EntryState

_LEDGER = METADATA.tables[str(ledgertable.LedgerRow.__tablename__)]
_NAMES = tuple(one.name for one in fields(Entry) if one.name not in {"case", "id"})
_OF_CASE = select(_LEDGER).where(given(_LEDGER.c.number)).order_by(_LEDGER.c.id)
_PROPOSED = (
    select(_LEDGER)
    .where(given(_LEDGER.c.mailbox), _LEDGER.c.state == fixed("proposed"))
    .order_by(_LEDGER.c.id)
    .limit(bindparam("most"))
)
_BY_ID = select(_LEDGER).where(_LEDGER.c.id.in_(bindparam("idents", expanding=True))).order_by(_LEDGER.c.id)
_BETWEEN = (
    select(_LEDGER)
    .where(_LEDGER.c.proposed_at >= bindparam("since"), _LEDGER.c.proposed_at < bindparam("until"))
    .order_by(_LEDGER.c.id)
)
_CHANGED = update(_LEDGER).where(_LEDGER.c.id == bindparam("of_id"), _LEDGER.c.state == bindparam("was"))
_BEFORE = {
    EntryState.PAID: EntryState.APPROVED, EntryState.RENOUNCED: EntryState.APPROVED,
    EntryState.LAPSED: EntryState.APPROVED,
}  # fmt: skip
"""The state that an entry must have to come into another one; else it must still be proposed."""


class LedgerBook(Instants):
    """Writes of the ledger."""

    def ledger_of(self, number: str) -> Sequence[Entry]:
        return [_entry(self.seals.open("ledger", row)) for row in self._all(_OF_CASE, of_number=number)]

    def ledger_proposed(self, mailbox: str, most: int = 500) -> Sequence[Entry]:
        found = self._all(_PROPOSED, of_mailbox=mailbox, most=most)
        return [_entry(self.seals.open("ledger", row)) for row in found]

    def ledger_by_id(self, idents: Sequence[int]) -> Sequence[Entry]:
        found = self._all(_BY_ID, idents=list(idents)) if idents else ()
        return [_entry(self.seals.open("ledger", row)) for row in found]

    def write_ledger(self, entries: Sequence[Entry], mailbox: str) -> None:
        """New proposals, each cause once; and what was decided of those that still wait for it."""
        for entry in entries:
            values: dict[str, Any] = {name: getattr(entry, name) for name in _NAMES} | {"state": entry.state.value}
            if entry.id:
                was = _BEFORE.get(entry.state, EntryState.PROPOSED).value
                closed = self.seals.close("ledger", values | {"number": entry.case})
                decided = {name: closed[name] for name in ("decided_at", "decided_by", "note", "state")}
                self.connection.execute(_CHANGED.values(**decided), {"of_id": entry.id, "was": was})
            else:
                insert = INSERTS[self.connection.dialect.name](_LEDGER)
                new = self.seals.close("ledger", values | {"mailbox": mailbox, "number": entry.case})
                self.connection.execute(insert.values(**new).on_conflict_do_nothing(index_elements=["origin"]))


def ledger_between(reading: Reading, since: datetime, until: datetime) -> list[Entry]:
    """The entries proposed in this span, oldest first."""
    found = reading.connection.execute(_BETWEEN, {"since": since, "until": until}).mappings()
    return [_entry(reading.seals.open("ledger", row)) for row in found]


def _entry(row: Mapping[Any, Any]) -> Entry:
    values = {name: row[name] for name in _NAMES} | {"state": EntryState(row["state"])}
    return Entry(case=row["number"], id=row["id"], **values)
