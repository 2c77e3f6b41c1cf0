"""Disk and database fail: maild goes on by itself when they are back, nothing is lost (quality.md, "servers fail")."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url, text

from maild.adapters.store import Store
from maild.errors import Temporary
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail
from tests.journeys.varied import doubled, unaccounted
from tests.postgres import Cluster


def new_mail(number: int) -> bytes:
    """A mail of somebody new."""
    return mail(f"投诉：第 {number} 台机器坏了", sender=f"customer{number}@mail-a.example")


def back_to_work(desk: TestDesk, cases: int) -> None:
    """What the outage left undone is done at the next pass, whole and once."""
    desk.later(timedelta(minutes=10))
    desk.later(timedelta(hours=1))
    assert ([], cases, 0) == (unaccounted(desk), len(desk.cases()), doubled(desk))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation on SQLite, with one case."""
    with open_desk(tmp_path, database="sqlite:///var/maild.db") as opened:
        opened.receive(new_mail(0))
        yield opened


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"])
def test_an_archive_that_takes_nothing_leaves_mail_on_the_server(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Disk full, read-only or broken: no mail leaves the inbox, people are told why; with the disk all goes on."""

    def full(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    letters = desk.receive(new_mail(1), new_mail(2))
    said = desk.troubles
    monkeypatch.undo()

    assert ([], 2, 1) == (letters, len(desk.servers.inbox(GM)), len(desk.cases()))
    assert [os.strerror(code) in one for one in said] == [True]
    back_to_work(desk, 3)


def test_a_full_disk_under_the_database_loses_nothing(desk: TestDesk) -> None:
    """The database cannot grow by a page: at every size it stops at, mail waits, and is handled with room again."""
    pages = desk.rows("pragma page_count")[0][0]

    for number, room in enumerate((0, 1, 3, 6), 1):
        desk.servers.deliver(new_mail(number), GM)
        with limited(desk.workshop().store, pages + room):
            desk.one_pass()
            stopped = bool(desk.troubles)
        back_to_work(desk, number + 1)
        assert stopped or room
        pages = desk.rows("pragma page_count")[0][0]


@contextmanager
def limited(store: Store, pages: int) -> Iterator[None]:
    """No connection may let the file grow beyond so many pages: "database or disk is full"."""

    def limit(connection: Any) -> None:
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")

    def free(connection: Any) -> None:
        connection.exec_driver_sql("pragma max_page_count = 1000000")

    event.listen(store.engine, "begin", limit)
    yield
    event.remove(store.engine, "begin", limit)
    event.listen(store.engine, "begin", free)


@pytest.mark.postgres
def test_a_database_server_that_stops_and_starts_loses_nothing(
    postgres: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    """Sessions are ended and none is let in: maild names the trouble in one sentence, and goes on when it is back."""
    with open_desk(tmp_path, database=postgres_url) as desk:
        desk.receive(new_mail(0))
        desk.servers.deliver(new_mail(1), GM)
        name = make_url(postgres_url).database
        store = desk.workshop().store
        postgres.run(f'alter database "{name}" with allow_connections false')
        postgres.run(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")  # noqa: S608
        with pytest.raises(Temporary, match="database"):
            desk.one_pass()
        postgres.run(f'alter database "{name}" with allow_connections true')

        assert store is desk.workshop().store
        back_to_work(desk, 2)


@pytest.mark.postgres
@pytest.mark.parametrize("every", [3, 7])
def test_sessions_that_are_ended_in_the_midst_lose_nothing(
    postgres: Cluster, postgres_url: str, tmp_path: Path, every: int
) -> None:
    """The server ends every third or seventh session in the middle of its transaction: each mail is one case."""
    with open_desk(tmp_path, database=postgres_url) as desk:
        desk.receive(new_mail(0))
        store = desk.workshop().store
        begun = 0

        def end(connection: Any) -> None:
            nonlocal begun
            begun += 1
            if begun % every == 0:
                pid = connection.execute(text("select pg_backend_pid()")).scalar()
                postgres.run(f"select pg_terminate_backend({pid})")

        event.listen(store.engine, "begin", end)
        for number in range(1, 4):
            desk.servers.deliver(new_mail(number), GM)
            with suppress(Temporary):
                desk.one_pass()
        event.remove(store.engine, "begin", end)
        desk.later(timedelta(hours=1))

        assert begun > every
        assert ([], 4) == (unaccounted(desk), len(desk.cases()))
        assert doubled(desk) <= 4


@pytest.mark.postgres
def test_a_database_that_became_read_only_sets_no_mail_apart(
    postgres: Cluster, postgres_url: str, tmp_path: Path
) -> None:
    """A server that takes no writes (a standby after a failover) costs no mail its way: it waits, none is quarantined."""
    with open_desk(tmp_path, database=postgres_url) as desk:
        desk.receive(new_mail(0))
        desk.servers.deliver(new_mail(1), GM)
        name = make_url(postgres_url).database
        postgres.run(f'alter database "{name}" set default_transaction_read_only = on')
        desk.restart()
        with suppress(Temporary):
            desk.one_pass()
        postgres.run(f'alter database "{name}" set default_transaction_read_only = off')
        desk.restart()

        back_to_work(desk, 2)
        assert [] == desk.rows("select 1 from journal where disposition = 'quarantined'")
