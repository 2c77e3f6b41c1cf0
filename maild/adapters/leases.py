"""Several daemons on one PostgreSQL: which of them are alive, and which takes in the mail of which mailbox.

A daemon renews one row, its `worker`, every `BEAT` seconds, by the database's clock. Who is late by `ALIVE` seconds is
taken for dead and its mailboxes are taken over; mails that it was about to send are another's after twenty
seconds, as no fence protects the SMTP server from two daemons, and a machine may be slow. Each change of hands
raises the lease's fencing number, and every transaction of the intake holds the lease's row while it has the number
that it began with: what a daemon writes that was stopped, and has been replaced meanwhile, is refused (`Superseded`).
"""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, select, text

from maild.adapters.dialects import INSERTS
from maild.adapters.engine import transaction
from maild.adapters.store import Store, Writing
from maild.adapters.tables import METADATA
from maild.adapters.workertables import LeaseRow, WorkerRow
from maild.domain.sharing import Sharing
from maild.errors import MaildError, Superseded, Temporary

ALIVE, BEAT = 5.0, 1.5
"""Seconds a daemon lives without a sign, and between two signs: others take over within seven seconds."""
_WORKER, _LEASE = (METADATA.tables[str(row.__tablename__)] for row in (WorkerRow, LeaseRow))
_NOW = "clock_timestamp()"
_ALIVE = select(_WORKER.c.id, _WORKER.c.boxes).where(text(f"until > {_NOW}")).order_by(_WORKER.c.id)
_FORGOTTEN = text("delete from worker where until < clock_timestamp() - interval '1 hour'")
_SIGN: Any = INSERTS["postgresql"](_WORKER).values(until=text(f"{_NOW} + make_interval(secs => {ALIVE})"))
_SIGN = _SIGN.on_conflict_do_update(index_elements=["id"], set_={"until": _SIGN.excluded.until})
_TAKE = text(
    "insert into lease as held (mailbox, worker, fence) values (:mailbox, :me, 1) on conflict (mailbox) do update "
    "set worker = :me, fence = held.fence + 1 "
    "where not exists (select 1 from worker w where w.id = held.worker and w.until > clock_timestamp())"
)
_BRIEFLY = text("set local lock_timeout = '1s'")
_GIVE = text("update lease set worker = '' where worker = :me and mailbox = :mailbox")
_END = (text("update lease set worker = '' where worker = :me"), text("delete from worker where id = :me"))
_FENCE = text("select fence from lease where mailbox = :mailbox and worker = :me for share")
_WHERE = text(
    "select w.place from lease l join worker w on w.id = l.worker "
    "where l.mailbox = :mailbox and w.until > clock_timestamp()"
)


class Leases:
    """The mailboxes that this daemon holds; on SQLite, where it is alone, all of them."""

    def __init__(self, store: Store, boxes: Sequence[str], *, guest: bool = False) -> None:
        self._store, self._boxes = store, list(boxes)
        self._shown = [] if guest else self._boxes
        """What other daemons may give up for this one."""
        self._fences: dict[str, int] = {}

    def beat(self) -> frozenset[str]:
        """Give a sign of life, share the mailboxes out, and say which are held now."""
        if not self._store.worker:
            return frozenset(self._boxes)
        with transaction(self._store.engine, write=True) as connection:
            self._sign(connection)
            sharing = self._sharing(connection)
        # The sign stands by itself: a lease may be waited for, as a transaction of the intake holds its row.
        changes = [(_TAKE, box) for box in sharing.to_take()]
        changes += [(_GIVE, box) for box in (sharing.to_give(),) if box is not None]
        for statement, box in changes:
            with suppress(Temporary), transaction(self._store.engine, write=True) as connection:
                connection.execute(_BRIEFLY)
                connection.execute(statement, {"mailbox": box, "me": self._store.worker})
        with transaction(self._store.engine, write=False) as connection:
            self._fences = self._held(connection)
        return frozenset(self._fences)

    def end(self) -> None:
        """Give everything back: another daemon may take over at once."""
        self._fences = {}
        if self._store.worker:
            with suppress(MaildError), transaction(self._store.engine, write=True) as connection:
                for statement in _END:
                    connection.execute(statement, {"me": self._store.worker})

    def holder(self, mailbox: str) -> str:
        """Where the daemon runs that has this mailbox, as `process 17 on mail1`; "" where none has."""
        with transaction(self._store.engine, write=False) as connection:
            return str(connection.execute(_WHERE, {"mailbox": mailbox}).scalar() or "")

    def of(self, mailbox: str) -> "Leased":
        """The store as the intake of this mailbox may use it."""
        return Leased(self._store, self, mailbox)

    def check(self, connection: Connection, mailbox: str) -> None:
        """Until this transaction ends nobody can take the mailbox over; `Superseded` when somebody has."""
        if not self._store.worker:
            return
        fence = connection.execute(_FENCE, {"mailbox": mailbox, "me": self._store.worker}).scalar()
        if fence is None or fence != self._fences.get(mailbox):
            raise Superseded(f"{mailbox}: another maild has taken this mailbox over; nothing was written.")

    def _sign(self, connection: Connection) -> None:
        place = f"process {os.getpid()} on {socket.gethostname()}"
        connection.execute(_SIGN, {"id": self._store.worker, "place": place, "boxes": self._shown})
        connection.execute(_FORGOTTEN)

    def _sharing(self, connection: Connection) -> Sharing:
        me = self._store.worker
        workers = {row.id: list(row.boxes) for row in connection.execute(_ALIVE)}
        holders = {row.mailbox: row.worker for row in connection.execute(select(_LEASE.c.mailbox, _LEASE.c.worker))}
        return Sharing(me=me, workers=workers | {me: self._boxes}, holders=holders)

    def _held(self, connection: Connection) -> dict[str, int]:
        mine = select(_LEASE.c.mailbox, _LEASE.c.fence).where(_LEASE.c.worker == self._store.worker)
        return {row.mailbox: row.fence for row in connection.execute(mine) if row.mailbox in self._boxes}


class Leased:
    """The store for one mailbox's intake: it writes only while the daemon holds the mailbox."""

    def __init__(self, store: Store, leases: Leases, mailbox: str) -> None:
        self._store, self._leases, self._mailbox = store, leases, mailbox

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """As `Store.writing`; `Superseded` when another daemon has taken the mailbox over."""
        with self._store.writing() as books:
            self._leases.check(books.connection, self._mailbox)
            yield books

    @contextmanager
    def reading(self) -> Iterator[Writing]:
        """As `Store.reading`."""
        with self._store.reading() as books:
            yield books

    @contextmanager
    def taking(self) -> Iterator[Writing]:
        """As `Store.taking`."""
        with self._store.taking() as books:
            yield books
