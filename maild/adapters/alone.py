"""One daemon on one SQLite file: the second is refused, whatever ended the first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from maild.errors import Permanent


@contextmanager
def alone_on(database: Path | None) -> Iterator[None]:
    """Nobody else takes mail in over this file meanwhile; `Permanent` with one sentence when somebody does.

    The lock is SQLite's own, on an empty file beside the database: the system lets go of it when the process dies.
    """
    if database is None:
        yield
        return
    lock = database.with_name(f"{database.name}-daemon")
    with closing(sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)) as connection:
        try:
            connection.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise Permanent(
                f"{database}: another maild is working on this database; stop it first, or move to PostgreSQL, which "
                "several daemons can share."
            ) from error
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                connection.execute("rollback")
