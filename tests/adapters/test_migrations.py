"""Migrations: a database of an earlier version comes forward with its data, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from sqlalchemy import Engine, text

from maild.adapters.engine import open_engine, transaction
from maild.adapters.migrate import _config, newest, upgrade, version
from maild.adapters.storecheck import check_database
from maild.settings import Settings, StoreSettings
from tests.postgres import Cluster

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        opened = open_engine("sqlite:///maild.db", tmp_path)
        yield opened
        opened.dispose()
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.empty_database() as url:
        opened = open_engine(url, tmp_path)
        yield opened
        opened.dispose()


def _to(engine: Engine, revision: str) -> None:
    config = _config()
    with transaction(engine, write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_clocks_of_an_earlier_version_learn_their_mailbox(engine: Engine) -> None:
    """A case's clock belongs to the case's mailbox, a quarantined mail's to the mailbox where it came in."""
    _to(engine, "0003")
    with transaction(engine, write=True) as connection:
        for statement in (
            """insert into "case" (number, pack, mailbox, type, state, urgency, requester, received, last_seq, last_hash,
               data) values ('GM-1', 'p', 'gm@corp.example', 't', 'assigned', 'normal', 'x', :now, 0, '', '{}')""",
            """insert into journal (id, mailbox, folder, uidvalidity, uid, sha256, size, internal_date, taken_at, state,
               disposition, reason) values (7, 'hr@corp.example', 'INBOX', 1, 1, 'a', 1, :now, :now, 'shelved', '', '')""",
            """insert into clock (number, kind, subject, start, due, state, provisional, reminded, rung, length)
               values ('GM-1', 'accept', '', :now, :now, 'open', false, false, 0, '')""",
            """insert into clock (number, kind, subject, start, due, state, provisional, reminded, rung, length)
               values ('', 'triage', 'entry:7', :now, :now, 'open', false, false, 0, '')""",
        ):
            connection.execute(
                text(statement), {"now": NOW} if engine.dialect.name == "postgresql" else {"now": "2026-11-24"}
            )

    assert upgrade(engine)

    with transaction(engine, write=False) as connection:
        found = connection.execute(text("select number, mailbox from clock order by number")).all()
    assert [("", "hr@corp.example"), ("GM-1", "gm@corp.example")] == [tuple(row) for row in found]


def test_daemons_that_start_at_once_migrate_once(engine: Engine) -> None:
    """One migrates; the others wait for it and find nothing left to do."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            upgrade(engine)
        except Exception as error:  # noqa: BLE001  whatever it is, the test names it
            failures.append(error)

    threads = [Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (newest(), []) == (version(engine), failures)


def test_doctor_says_how_a_database_that_does_not_answer_is_mended() -> None:
    """Where no PostgreSQL listens one line says so, and where its set-up is described."""
    settings = Settings(store=StoreSettings(url="postgresql+psycopg://maild@127.0.0.1:1/maild"))

    (found,) = check_database(settings, NOW)

    assert ("BAD", True) == (found.status, "refused" in found.text)
    assert "deploy/README.md" in found.mend
