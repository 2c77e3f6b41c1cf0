"""The store: transactions over the database, each of them whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select, text, update

from maild.adapters import rows
from maild.adapters.dialects import INSERTS
from maild.adapters.engine import open_engine, transaction
from maild.adapters.migrate import upgrade
from maild.adapters.reading import TABLES, TALLIED, digest, given
from maild.adapters.reportbook import ReportBook
from maild.adapters.resealing import PAGES, Sealed, forget_pages, seal_database, seal_rows
from maild.adapters.sealring import Ring
from maild.adapters.seals import Seals
from maild.adapters.tables import OPEN_CASE
from maild.adapters.vault import Vault, open_vault
from maild.domain.alias import new_code
from maild.domain.audit import FIRST, Chained, link
from maild.domain.case import Case, Event
from maild.workflow.books import AGAIN
from maild.workflow.plan import Frozen, Key, Line, Plan

_CASE, _EVENT, _KEY = (TABLES[name] for name in ("case", "event", "reply_key"))
_TALLY, _LINE, _COUNTER = (TABLES[name] for name in ("tally", "line", "counter"))
_KEPT_AS = select(_COUNTER.c.text).where(given(_COUNTER.c.name))
_NEW_EVENTS, _NEW_TALLIES, _NEW_LINES = map(insert, (_EVENT, _TALLY, _LINE))
_SEALED = "database sealed"
"""Under which name is remembered that nothing confidential lies in clear any more."""
_CHAIN = ("last_seq", "last_hash")
_MOVED_HEAD = update(_CASE).where(given(_CASE.c.number))
_HEAD = select(_CASE.c.last_seq, _CASE.c.last_hash).where(given(_CASE.c.number)).with_for_update()


def _saved_case(dialect: Any) -> Any:
    """A new case, or an old one written over, with the head of its chain, which stays."""
    statement = dialect(_CASE)
    over = {c.name: statement.excluded[c.name] for c in _CASE.c if c.name not in {"number", *_CHAIN}}
    done = statement.on_conflict_do_update(index_elements=["number"], set_=over)
    return done.returning(_CASE.c.last_seq, _CASE.c.last_hash)


def _kept_key(dialect: Any) -> Any:
    """A key, once: what it is for never changes.

    After a change of secrets its digest is the new one's; who had left and has the case again has the key again.
    """
    statement = dialect(_KEY)
    unique = ["number", "recipient", "purpose", "serial"]
    over = {"digest": statement.excluded.digest, "role": statement.excluded.role}
    return statement.on_conflict_do_update(index_elements=unique, set_=over)


def _kept(dialect: Any, column: str) -> Any:
    """A time or a small fact under a name, first or once more."""
    statement = dialect(_COUNTER).values({"value": 0} if column == "text" else {"value": 0, "text": ""})
    return statement.on_conflict_do_update(index_elements=["name"], set_={column: statement.excluded[column]})


_SAVED_CASE = {name: _saved_case(dialect) for name, dialect in INSERTS.items()}
_MARKED_AT = select(_COUNTER.c.at).where(given(_COUNTER.c.name))
_KEPT_KEY = {name: _kept_key(dialect) for name, dialect in INSERTS.items()}
_MARKED = {name: _kept(dialect, "at") for name, dialect in INSERTS.items()}
_KEPT_TEXT = {name: _kept(dialect, "text") for name, dialect in INSERTS.items()}


class Writing(ReportBook):
    """Everything a transaction may write."""

    def __init__(
        self, connection: Connection, *, decides: bool = False, worker: str = "", vault: Vault | None = None
    ) -> None:
        super().__init__(connection, decides=decides, worker=worker, vault=vault)
        self._heads: dict[str, tuple[int, str]] = {}
        """Heads of the chains of cases that were saved in this transaction."""
        self._dialect = connection.dialect.name

    def save(self, plan: Plan, mails: Sequence[Frozen], *, mailbox: str, now: datetime) -> None:
        """Commit a plan's values and the mails that its letters became."""
        for case in plan.cases:
            self.save_case(case)
        for number in dict.fromkeys(happening.number for happening in plan.happenings):
            self.add_events(number, [h.event for h in plan.happenings if h.number == number])
        self.save_clocks(plan.clocks, mailbox, now)
        self.queue(mailbox, mails, now)
        self.queue_instants(plan.instants, mailbox, now)
        self.write_ledger(plan.entries, mailbox)
        self.write_returns(plan.returns)
        self.write_publications(plan.publications, mailbox)
        self.set_sent_state(plan.withdrawn, "withdrawn")
        self.set_sent_state(plan.bounced, "bounced")
        self.kill_keys(plan.dead_keys, mailbox)
        self.release(plan.released)
        self.release(plan.again, AGAIN)
        self.lines_told(plan.settled, now)
        for name, words in plan.texts:
            self.keep_text(name, words)
        for tally in plan.tallies:
            who = self.seals.blind(tally.who, TALLIED)
            counted = {"kind": tally.kind, "who": who, "at": now, "number": tally.number}
            self.connection.execute(_NEW_TALLIES, counted)
        for line in plan.lines:
            told = {"kind": line.kind, "who": line.who, "at": now, "number": line.number, "data": line.data}
            self.connection.execute(_NEW_LINES, self.seals.close("line", {"mailbox": mailbox, **told}))

    def save_case(self, case: Case) -> None:
        """Insert a new case or write an old one over; its chain head stays. A confidential one is sealed."""
        if case.confidential and not case.alias:
            before = self.case(case.number)
            case = replace(case, alias=before.alias if before and before.alias else new_code(os.urandom(4)))
        sealed_now = case.confidential and self.seals.admit(case.number)
        values = self.seals.close("case", rows.case_row(case)) | {"last_seq": 0, "last_hash": FIRST}
        seq, last = self.connection.execute(_SAVED_CASE[self._dialect], values).one()
        self._heads[case.number] = seq, self.seals.opened("case", "last_hash", last, case.number)
        if sealed_now:
            seal_rows(self.connection, self.seals, case.number)
            if seq:
                self.keep_text(PAGES, "due")
        self._cases[case.number] = case

    def add_events(self, number: str, events: Sequence[Event]) -> None:
        """Append events to the case's chain."""
        seq, last = self._heads.get(number) or self._head(number)
        written = []
        for seq, event in enumerate(events, seq + 1):  # noqa: B020  counts on from the head
            salt = token_hex(16)
            one = Chained(number=number, seq=seq, event=event, previous=last, salt=salt,
                          hash=link(last, number, seq, event, salt=salt))  # fmt: skip
            written.append(self.seals.close("event", rows.chained_row(one)))
            last = one.hash
        self.connection.execute(_NEW_EVENTS, written)
        self.set_head(number, seq, last)

    def set_head(self, number: str, seq: int, last: str) -> None:
        """Where the chain of a case ends now that it was written anew."""
        kept = self.seals.close("case", {"number": number, "last_hash": last})["last_hash"]
        self.connection.execute(_MOVED_HEAD, {"of_number": number, "last_seq": seq, "last_hash": kept})
        self._heads[number] = seq, last

    def _head(self, number: str) -> tuple[int, str]:
        seq, last = self.connection.execute(_HEAD, {"of_number": number}).one()
        return seq, self.seals.opened("case", "last_hash", last, number)

    def add_key(self, key: Key, long: str, now: datetime) -> None:
        """Remember a key by the digest of its long form."""
        names = ("number", "recipient", "purpose", "role", "serial", "expires", "data")
        values = {name: getattr(key, name) for name in names}
        row = self.seals.close("reply_key", {**values, "digest": digest(long), "created": now})
        self.connection.execute(_KEPT_KEY[self._dialect], row)

    def open_cases(self, mailbox: str, limit: int | None = 500) -> Sequence[Case]:
        """Cases that somebody still works on, oldest first; all where `limit` is None; read through a partial index."""
        query = select(_CASE.c.number, _CASE.c.data).where(text(OPEN_CASE), _CASE.c.mailbox == mailbox)
        return [self.case_of(row) for row in self._all(query.order_by(_CASE.c.received).limit(limit))]

    def lines(self, mailbox: str, kind: str = "", *, who: str | None = None) -> Sequence[tuple[int, datetime, Line]]:
        """Lines that no digest has told yet, oldest first; of one kind, for one reader.

        Where something is decided they are this transaction's alone: who comes second finds them told.
        """
        query = select(_LINE).where(_LINE.c.told_at.is_(None), _LINE.c.mailbox == mailbox)
        if kind:
            query = query.where(_LINE.c.kind == kind)
        if who is not None:
            query = query.where(_LINE.c.who.in_([who, self.seals.alike("line", "who", who)]))
        query = query.order_by(_LINE.c.id).limit(1000)
        found = self._opened("line", query.with_for_update() if self._decides else query)
        return [
            (r["id"], r["at"], Line(kind=r["kind"], who=r["who"], number=r["number"], data=dict(r["data"])))
            for r in found
        ]

    def lines_told(self, idents: Sequence[int], now: datetime) -> None:
        """A mail tells these lines."""
        if idents:
            self.connection.execute(update(_LINE).where(_LINE.c.id.in_(idents)).values(told_at=now))

    def mark_time(self, name: str, at: datetime) -> None:
        """Remember when something regular was done last, such as a digest."""
        self.connection.execute(_MARKED[self._dialect], {"name": self.seals.name(name), "at": at})

    def marked_time(self, name: str) -> datetime | None:
        """When something regular was done last; where it is decided whether to do it again, by one at a time."""
        self._alone("mark", name)
        return self.connection.execute(_MARKED_AT, {"of_name": self.seals.name(name)}).scalar()

    def keep_text(self, name: str, text: str) -> None:
        """Remember a small fact between runs, such as the mode of a mailbox."""
        kept = self.seals.text("counter", "text", text) if "@" in text else text
        self.connection.execute(_KEPT_TEXT[self._dialect], {"name": self.seals.name(name), "text": kept})

    def kept_text(self, name: str) -> str:
        """The small fact of this name; "" where none was kept. Who decides by it does so alone."""
        self._alone("text", name)
        found = self.connection.execute(_KEPT_AS, {"of_name": self.seals.name(name)}).scalar()
        return str(self.seals.opened("counter", "text", found or ""))


class Store:
    """The database of one installation."""

    def __init__(self, engine: Engine, vault: Vault | None = None) -> None:
        self.engine, self.vault = engine, vault
        self.worker = "" if engine.dialect.name == "sqlite" else uuid4().hex
        """Who this process is among those that share the database; "" on SQLite, where it is alone."""
        # SQLite lets one write at a time, and waits for its turn by sleeping ever longer; a lock is passed on at once.
        self._turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, base: Path, seal: Ring | None = None) -> "Store":
        """Open the database and bring its tables up to date; `Misconfigured` or `Temporary` with one sentence.

        With a `seal` what is confidential is encrypted in it from now on; `seal` does so with what lies there already.
        """
        engine = open_engine(url, base)
        try:
            upgrade(engine)
            return cls(engine, open_vault(engine, seal))
        except BaseException:
            engine.dispose()
            raise

    def seal(self) -> Sealed:
        """Seal what was confidential before there was a key; what was done once is not looked at again."""
        with self.reading() as books:
            if self.vault is None or books.kept_text(_SEALED):
                return Sealed(cases=0, rows=0)
        done = seal_database(self._unsealed)
        if done.cases or done.rows:
            forget_pages(self.engine)
        with self.writing() as books:
            books.keep_text(_SEALED, "done")
        return done

    @contextmanager
    def _unsealed(self) -> Iterator[tuple[Connection, Seals]]:
        with self.writing() as books:
            yield books.connection, books.seals

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction that writes; the only one at a time on SQLite."""
        with self._turn, transaction(self.engine, write=True) as connection:
            yield Writing(connection, decides=True, worker=self.worker, vault=self.vault)

    @contextmanager
    def taking(self) -> Iterator[Writing]:
        """One transaction that takes outgoing mail, so that no other daemon does; alone, there is nothing to write."""
        with self.writing() if self.worker else self.reading() as books:
            yield books

    @contextmanager
    def reading(self) -> Iterator[Writing]:
        """One transaction that reads a consistent state, and waits for nobody; nothing may be written in it."""
        with transaction(self.engine, write=False) as connection:
            yield Writing(connection, worker=self.worker, vault=self.vault)

    def chain(self, number: str) -> Sequence[Chained]:
        """The events of a case as they were written down."""
        query = select(_EVENT).where(_EVENT.c.number == number).order_by(_EVENT.c.seq)
        with self.reading() as books:
            found = [books.seals.open("event", row) for row in books.connection.execute(query).mappings()]
        return [rows.chained_value(row) for row in found]

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
