"""Every question asked at each pass goes through its own index, on PostgreSQL also by a plan made for any values."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from maild.adapters.store import Store, Writing
from maild.domain.period import parse_period
from maild.workflow.plan import Entry

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GM = "gm@corp.example"
ENTRY = Entry(id=9, mailbox=GM, folder="INBOX", uidvalidity=1, uid=9, sha256="0" * 64, size=1, internal_date=NOW,
              state="archived")  # fmt: skip
OCTOBER, SHANGHAI = parse_period("2026-10"), ZoneInfo("Asia/Shanghai")
QUESTIONS: dict[str, tuple[str, Callable[[Writing], object]]] = {
    "due clocks": ("ix_clock_due", lambda books: books.due_clocks(GM, NOW, 10)),
    "next due": ("ix_clock_due", lambda books: books.next_due(GM)),
    "ready mail": ("ix_outbox_ready", lambda books: books.ready(GM, NOW)),
    "next ready": ("ix_outbox_ready", lambda books: books.next_ready(GM)),
    "waiting entries": ("ix_journal_waiting", lambda books: books.entries(GM, ["archived"])),
    "mail that waits its turn": ("ix_journal_held", lambda books: books.next_held(GM)),
    "mail that was filed before": ("ix_journal_sha256", lambda books: books.filed_before(ENTRY)),
    "open cases": ("ix_case_open", lambda books: books.open_cases(GM)),
    "untold lines": ("ix_line_waiting", lambda books: books.lines(GM, "quarantined")),
    "rates": ("ix_tally_kind_who_at", lambda books: books.count("echo", GM, NOW)),
    "mail by Message-ID": ("ix_mail_message_id", lambda books: books.received("<a@b>")),
    "cases of a person": ("ix_case_handler", lambda books: books.cases_with(GM, ["a@b.example"])),
    "cases that a person has a key of": (
        "ix_reply_key_recipient", lambda books: books.cases_known_to(GM, ["a@b.example"])
    ),
    "mail that waits for a person": ("ix_outbox_ready", lambda books: books.waiting_for(GM, ["a@b.example"])),
    "events that a report counts": ("ix_event_counted", lambda books: books.happened(NOW, NOW)),
    "clocks that ended in a report's period": ("ix_clock_ended", lambda books: books.ended(GM, NOW, NOW)),
    "cases that came in a report's period": ("ix_case_received", lambda books: books.recorded(GM, OCTOBER, SHANGHAI)),
    "key by digest": ("ix_reply_key_digest", lambda books: books.key("k1")),
}  # fmt: skip


@pytest.fixture
def store(each_database: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database."""
    opened = Store.open(each_database, tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_goes_through_its_index(question: str, store: Store) -> None:
    """The index that was made for a question can be used for it, whatever its values are."""
    index, ask = QUESTIONS[question]

    assert index in _plan(store, ask)


def _plan(store: Store, ask: Callable[[Writing], object]) -> str:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with store.reading() as books:
        event.listen(store.engine, "before_cursor_execute", note)
        ask(books)
        event.remove(store.engine, "before_cursor_execute", note)
    statement = next(one for one in asked if one.startswith("SELECT"))
    return _sqlite_plan(store, statement) if store.engine.dialect.name == "sqlite" else _postgres_plan(store, statement)


def _sqlite_plan(store: Store, statement: str) -> str:
    with store.reading() as books:
        values = ("2026-01-01",) * statement.count("?")
        return str(books.connection.exec_driver_sql(f"explain query plan {statement}", values).all())


def _postgres_plan(store: Store, statement: str) -> str:
    """The generic plan, with reading the whole table made dear: an empty table is always read whole."""
    count = 0

    def numbered(_match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${count}"

    prepared = re.sub(r"%\(\w+\)s", numbered, statement)
    with store.reading() as books:
        run = books.connection.exec_driver_sql
        run("set local enable_seqscan = off")
        run("set local enable_bitmapscan = off")
        run("set local plan_cache_mode = force_generic_plan")
        run(f"prepare asked as {prepared}")
        plan = str(
            run(f"explain execute asked({', '.join(['null'] * count)})" if count else "explain execute asked").all()
        )
        run("deallocate asked")
        return plan
