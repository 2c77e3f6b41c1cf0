"""The database engine: SQLite in WAL with full syncs and one writer at a time, or PostgreSQL with many writers.

On SQLite a transaction that writes begins with BEGIN IMMEDIATE, so that read-then-write never loses an update. On
PostgreSQL it is READ COMMITTED and locks what it reads in order to decide (`reading.py`); SERIALIZABLE would break off
transactions that never met, since small tables are read whole. Readers see one state: `write=False` is a snapshot
there. Library errors become `maild.errors` here and nowhere else.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from maild.errors import Conflict, Misconfigured, Permanent, Temporary

_PRAGMAS = ("journal_mode=wal", "synchronous=full", "busy_timeout=15000", "foreign_keys=on")
_POSTGRES: dict[str, Any] = {
    "pool_pre_ping": True, "pool_size": 8, "max_overflow": 24, "pool_timeout": 30,
    "connect_args": {
        "connect_timeout": 10, "application_name": "maild", "keepalives_idle": 5, "keepalives_interval": 2,
        "keepalives_count": 2, "tcp_user_timeout": 9000,
        "options": "-c lock_timeout=60s -c idle_in_transaction_session_timeout=60s",
    },
}  # fmt: skip
"""A server that restarts is found again; a machine that vanished holds its locks no longer than a lease lasts, and a
daemon that was stopped in the middle of a transaction no longer than a minute."""

_BROKEN_OFF = "25P02"
"""A statement behind a failed one: the fault was the first one's, and may be a value's."""


def open_engine(url: str, base: Path) -> Engine:
    """An engine for this URL; a relative SQLite path starts at `base`, its folder is made."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            path = base / (parsed.database or "maild.db")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            parsed = parsed.set(database=str(path))
        engine = create_engine(parsed, **(_POSTGRES if parsed.get_backend_name() == "postgresql" else {}))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise Misconfigured(
            f"[store] url: {url.rsplit('@', maxsplit=1)[-1]} cannot be used ({error}); "
            "write sqlite:///var/maild.db or postgresql+psycopg://user@host/db."
        ) from error
    except OSError as error:
        raise Misconfigured(f"[store] url: the folder of {url} cannot be made ({error.strerror}).") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any error; library errors come out as maild's.

    `Conflict` where another transaction was in the way: nothing was done, and the same again at once will do.
    """
    options: dict[str, Any] = {"write": write}
    if not write and engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except OperationalError as error:
        if str(getattr(error.orig, "sqlstate", None) or "").startswith("40"):
            raise Conflict(f"The database let another transaction go first ({_short(error)}).") from error
        raise Temporary(f"The database did not answer as it should ({_short(error)}); maild tries again.") from error
    except PoolTimeout as error:
        raise Temporary("The database has no free connection for maild; maild tries again.") from error
    except DBAPIError as error:
        if _is_away(error):
            raise Temporary(f"The database cannot be used just now ({_short(error)}); maild tries again.") from error
        raise Permanent(f"The database refused a value ({_short(error)}).") from error


def _is_away(error: DBAPIError) -> bool:
    """Whether it is the server that cannot take anything, never the value: gone, read-only, a session that it ended."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or (state.startswith("25") and state != _BROKEN_OFF)


def _short(error: DBAPIError) -> str:
    return str(error.orig).split("\n")[0][:200]
