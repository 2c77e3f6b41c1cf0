"""All event chains of a database, verified one case after another (security.md, "history edited")."""

from itertools import groupby

from sqlalchemy import select

from maild.adapters import rows
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.audit import FIRST, Chained, first_broken, first_unexplained

_CASE, _EVENT = TABLES["case"], TABLES["event"]
Broken = tuple[str, int, str]


def broken_chains(store: Store) -> tuple[int, int, list[Broken]]:
    """How many cases and events there are, and the first broken link of each chain that does not hold."""
    broken: list[Broken] = []
    events = 0
    with store.reading() as books:
        connection, seals = books.connection, books.seals
        heads = {
            row.number: (row.last_seq, seals.opened("case", "last_hash", row.last_hash, row.number))
            for row in connection.execute(select(_CASE.c.number, _CASE.c.last_seq, _CASE.c.last_hash)).all()
        }
        missing = set(heads)
        result = connection.execute(select(_EVENT).order_by(_EVENT.c.number, _EVENT.c.seq)).mappings().all()
        found = (seals.open("event", row) for row in result)
        for number, group in groupby(found, key=lambda row: str(row["number"])):
            chain = [rows.chained_value(row) for row in group]
            events += len(chain)
            missing.discard(number)
            broken += _verdict(number, chain, heads.get(number))
    broken += [(number, 1, "its events are gone") for number in sorted(missing) if heads[number] != (0, FIRST)]
    return len(heads), events, broken


def _verdict(number: str, chain: list[Chained], head: tuple[int, str] | None) -> list[Broken]:
    if (bad := first_broken(chain)) is not None:
        return [(number, bad.seq, "it was changed, removed or put in afterwards")]
    if (bad := first_unexplained(chain)) is not None:
        return [(number, bad.seq, "its words are gone, and no erasure is recorded")]
    if head is None:
        return [(number, 1, "its case is gone")]
    last = chain[-1]
    return [] if head == (last.seq, last.hash) else [(number, last.seq, "events after it were cut off")]
