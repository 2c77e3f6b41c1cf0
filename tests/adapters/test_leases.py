"""Leases on PostgreSQL: a mailbox has one daemon, the dead are replaced, the replaced write nothing; SQLite has one."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from maild.adapters.alone import alone_on
from maild.adapters.hints import Hints
from maild.adapters.leases import Leases
from maild.adapters.store import Store
from maild.errors import Permanent, Superseded
from maild.workflow.plan import Cursor
from tests.adapters.test_store import NOW, _frozen

GM, HR = "gm@corp.example", "hr@corp.example"
READ = Cursor(uidvalidity=1, last_uid=7, bound=None)


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[Store, Store]]:
    """Two daemons' stores over one PostgreSQL database."""
    pair = Store.open(postgres_url, Path()), Store.open(postgres_url, Path())
    yield pair
    for store in pair:
        store.close()


def dies(store: Store) -> None:
    """A daemon gives no sign of life for a while."""
    with store.engine.begin() as connection:
        connection.execute(
            text("update worker set until = until - interval '1 minute' where id = :id"), {"id": store.worker}
        )


def read_on(leases: Leases, mailbox: str) -> None:
    """The intake of this mailbox writes something."""
    with leases.of(mailbox).writing() as books:
        books.set_cursor(mailbox, "INBOX", READ)


def test_a_mailbox_has_one_daemon(stores: tuple[Store, Store]) -> None:
    """The second daemon gets what the first one does not have, and the place of the first can be named."""
    first, second = Leases(stores[0], [GM]), Leases(stores[1], [GM])

    assert (frozenset({GM}), frozenset()) == (first.beat(), second.beat())
    assert "process" in second.holder(GM)
    read_on(first, GM)
    with pytest.raises(Superseded):
        read_on(second, GM)


def test_two_daemons_share_two_mailboxes(stores: tuple[Store, Store]) -> None:
    """Who has two and sees one who has none gives one up."""
    first, second = Leases(stores[0], [GM, HR]), Leases(stores[1], [GM, HR])
    first.beat()
    second.beat()
    first.beat()

    assert (frozenset({HR}), frozenset({GM})) == (second.beat(), first.beat())


def test_the_dead_are_replaced_and_write_nothing_afterwards(stores: tuple[Store, Store]) -> None:
    """A daemon that was only asleep is refused inside its transaction, also when it has the mailbox once more."""
    first, second = Leases(stores[0], [GM]), Leases(stores[1], [GM])
    first.beat()
    dies(stores[0])
    assert frozenset({GM}) == second.beat()

    with pytest.raises(Superseded):
        read_on(first, GM)
    read_on(second, GM)
    second.end()
    old = first.of(GM)
    with stores[0].engine.begin() as connection:
        connection.execute(text("update lease set worker = :me, fence = fence + 1"), {"me": stores[0].worker})
    with pytest.raises(Superseded), old.writing():
        pass
    assert frozenset({GM}) == first.beat()
    read_on(first, GM)


def test_nobody_takes_over_while_a_transaction_holds_the_fence(stores: tuple[Store, Store]) -> None:
    """What a holder has begun it can commit: the take-over waits for it, or finds its lock."""
    first, second = Leases(stores[0], [GM]), Leases(stores[1], [GM])
    first.beat()
    dies(stores[0])
    with first.of(GM).writing() as books:
        books.set_cursor(GM, "INBOX", READ)
        with stores[1].engine.connect() as connection, pytest.raises(Exception, match="lock"):
            connection.execute(text("select 1 from lease where mailbox = :m for update nowait"), {"m": GM})

    assert frozenset({GM}) == second.beat()
    with stores[1].reading() as books:
        assert READ == books.cursor(GM, "INBOX")


def test_a_guest_is_given_nothing_and_takes_what_is_free(stores: tuple[Store, Store]) -> None:
    """A single pass beside a daemon leaves the daemon its mailboxes, and has them when no daemon is there."""
    daemon, guest = Leases(stores[0], [GM, HR]), Leases(stores[1], [GM, HR], guest=True)
    daemon.beat()
    assert frozenset() == guest.beat()
    assert frozenset({GM, HR}) == daemon.beat()
    daemon.end()

    assert frozenset({GM, HR}) == guest.beat()


def test_a_mail_that_one_daemon_is_sending_is_not_taken_by_another(stores: tuple[Store, Store]) -> None:
    """It can be neither taken nor withdrawn, until its daemon has settled it, let it go, or died."""
    first, second = stores
    for store in stores:
        Leases(store, [GM]).beat()
    with first.writing() as books:
        books.queue(GM, [_frozen("a"), _frozen("b")], NOW)
    with first.taking() as books:
        assert ["a"] == [mail.maild_id for mail in books.claim(GM, NOW, 1)]
    with second.taking() as books:
        assert ["b"] == [mail.maild_id for mail in books.claim(GM, NOW)]
        assert 1 == books.claimed_elsewhere([GM])
        books.set_sent_state(["a", "b"], "withdrawn")
        books.let_go(GM)
        assert ["b"] == [mail.maild_id for mail in books.claim(GM, NOW)]

    dies(first)

    with second.taking() as books:
        taken = books.claim(GM, NOW)
        assert {"a", "b"} == {mail.maild_id for mail in taken}
        books.sent_now(taken[0].id, NOW, "250 OK")
    with first.writing() as books:
        books.put_off(taken[0].id, until=NOW, first_try=NOW, answer="4xx")
        sent = books.sent(maild_id=taken[0].maild_id)
        assert sent
        assert "sent" == sent.state


def test_a_queued_mail_is_hinted_to_others(stores: tuple[Store, Store]) -> None:
    """Another process hears at once which mailbox has something to send, and nobody hears of himself."""
    first, second = stores
    others, own = Hints(second.engine, second.worker), Hints(first.engine, first.worker)
    assert ([], []) == (list(others.wait(0.01)), list(own.wait(0.01)))
    with first.writing() as books:
        books.queue(GM, [_frozen("a")], NOW)

    assert [GM] == list(others.wait(0.3))
    assert [] == list(own.wait(0.01))
    others.close()
    own.close()


def test_a_lost_connection_costs_a_hint_and_no_more(stores: tuple[Store, Store]) -> None:
    """The listener listens anew by itself."""
    hints = Hints(stores[0].engine, stores[0].worker)
    list(hints.wait(0.01))
    with stores[1].engine.begin() as connection:
        connection.execute(text("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'"))
    assert [] == list(hints.wait(0.05))
    list(hints.wait(0.01))
    with stores[1].writing() as books:
        books.queue(GM, [_frozen("a")], NOW)

    assert [GM] == list(hints.wait(0.3))
    hints.close()


def test_a_second_daemon_on_an_sqlite_file_is_refused(tmp_path: Path) -> None:
    """One sentence says what, where and how to mend it; when the first has ended the next may start."""
    database = tmp_path / "maild.db"
    with alone_on(database):
        with (
            pytest.raises(Permanent, match="another maild is working on this database; stop it first"),
            alone_on(database),
        ):
            pass
        sqlite3.connect(database).close()
    with alone_on(database):
        pass
