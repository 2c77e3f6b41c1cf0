"""Rows that lie in clear, sealed: of a case that becomes confidential, and of a database that had no key before.

A case is sealed in one transaction, its key with its rows; a run that was broken off goes on where it was.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, select, update

from maild.adapters.seals import COLUMNS, Seals, is_closed
from maild.adapters.tables import METADATA
from maild.domain.value import value
from maild.workflow.freeze import LIST

_TABLES = METADATA.tables
_CASE, _TALLY, _COUNTER, _KEY = (_TABLES[name] for name in ("case", "tally", "counter", "reply_key"))
PAGES = "pages to clean"
"""Under which name is remembered that the database's file still holds in clear what was sealed or erased."""
_AT_ONCE = 200
Opening = Callable[[], AbstractContextManager[tuple[Connection, Seals]]]


@value
class Sealed:
    """What was sealed."""

    cases: int
    rows: int
    """Rows of no case: lists, digests, mails that are nobody's."""


def seal_rows(connection: Connection, seals: Seals, number: str) -> None:
    """Close every row of one case as its table says; what is closed already stays what it is."""
    for name in COLUMNS:
        table = _TABLES[name]
        for row in connection.execute(select(table).where(table.c.number == number)).mappings().all():
            _close(connection, seals, table, dict(row))


def seal_database(opening: Opening) -> Sealed:
    """Seal every confidential case that is not sealed yet, and what belongs to no case; nothing twice."""
    with opening() as (connection, seals):
        _hide_names(connection, seals)
    cases = 0
    for number in _unsealed(opening):
        with opening() as (connection, seals):
            connection.execute(select(_CASE.c.number).where(_CASE.c.number == number).with_for_update())
            if seals.admit(number):
                seal_rows(connection, seals, number)
                cases += 1
    rows = sum(_of_no_case(opening, table, where) for table, where in _NO_CASE)
    return Sealed(cases=cases, rows=rows)


def forget_pages(engine: Engine) -> None:
    """Let no page of the database file hold what was there in clear before."""
    if engine.dialect.name == "sqlite":
        raw: Any = engine.raw_connection()
        try:
            # SQLite before 3.42 leaves deleted words in the segments of the index until they are merged.
            raw.dbapi_connection.execute("insert into search_text(search_text) values('optimize')")
            raw.dbapi_connection.execute("vacuum")
            raw.dbapi_connection.execute("pragma wal_checkpoint(truncate)")
        finally:
            raw.close()


def _close(connection: Connection, seals: Seals, table: Table, row: dict[str, Any]) -> None:
    closed = seals.close(table.name, row)
    changed = {name: closed[name] for name in COLUMNS[table.name] if not is_closed(row[name])}
    if changed:
        own = [column == row[column.name] for column in table.primary_key]
        connection.execute(update(table).where(*own).values(**changed))


def _unsealed(opening: Opening) -> Iterator[str]:
    with opening() as (connection, seals):
        found = connection.execute(select(_CASE.c.number, _CASE.c.data).order_by(_CASE.c.number)).all()
        numbers = [number for number, data in found if data.get("confidential") and not seals.is_sealed(number)]
    yield from numbers


def _hide_names(connection: Connection, seals: Seals) -> None:
    """Counted names and addresses; the rates go on with them."""
    for row in connection.execute(select(_TALLY.c.id, _TALLY.c.who)).all():
        if row.who and not row.who.startswith("~"):
            who = seals.blind(row.who, "tally.who")
            connection.execute(update(_TALLY).where(_TALLY.c.id == row.id).values(who=who))
    holds = _COUNTER.c.name.contains("@") | _COUNTER.c.text.contains("@")
    for name, said in connection.execute(select(_COUNTER.c.name, _COUNTER.c.text).where(holds)).all():
        kept = seals.text("counter", "text", said) if "@" in said else said
        changed = update(_COUNTER).where(_COUNTER.c.name == name)
        connection.execute(changed.values(name=seals.name(name), text=kept))


def _of_no_case(opening: Opening, table: Table, where: ColumnElement[bool]) -> int:
    """Rows of one table that belong to no case, some hundred a transaction."""
    done = after = 0
    while True:
        with opening() as (connection, seals):
            query = select(table).where(where, table.c.id > after).order_by(table.c.id).limit(_AT_ONCE)
            found = connection.execute(query).mappings().all()
            for row in found:
                _close(connection, seals, table, dict(row))
        done += len(found)
        if len(found) < _AT_ONCE:
            return done
        after = found[-1]["id"]


_NO_CASE = (
    *((_TABLES[name], _TABLES[name].c.number.is_(None)) for name in ("outbox", "line", "mail")),
    (_KEY, _KEY.c.number.startswith(f"{LIST}-")),
    (_TABLES["journal"], _TABLES["journal"].c.reason != ""),
)
