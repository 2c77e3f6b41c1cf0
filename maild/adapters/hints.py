"""PostgreSQL's LISTEN: another process put mail into the outbox. A hint only; who misses it looks again by itself."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "maild_outbox"
_NOTIFY = text("select pg_notify(:channel, :said)")


def hint(connection: Connection, worker: str, mailbox: str) -> None:
    """Told to every listener once this transaction is committed."""
    connection.execute(_NOTIFY, {"channel": CHANNEL, "said": f"{worker} {mailbox}"})


class Hints:
    """What other processes say; `worker` is who asks, and hears nothing of itself."""

    def __init__(self, engine: Engine, worker: str) -> None:
        self._engine, self._worker = engine, worker
        self._connection: Connection | None = None

    def wait(self, seconds: float) -> Iterator[str]:
        """The mailboxes that something was queued for, as it is told, for so long; never raises."""
        end = time.monotonic() + seconds
        try:
            for said in self._listening().notifies(timeout=seconds):
                worker, _, mailbox = said.payload.partition(" ")
                if worker != self._worker:
                    yield mailbox
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            self.close()
            time.sleep(max(0.0, end - time.monotonic()))

    def close(self) -> None:
        """Listen no more; never raises."""
        if self._connection is not None:
            with suppress(SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None

    def _listening(self) -> Any:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.exec_driver_sql(f"listen {CHANNEL}")
        return self._connection.connection.driver_connection
