"""Hostile hands on the database itself: what was changed, removed, swapped, cut off or set back is found and named."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.adapters.anchors import FILE
from maild.adapters.erasedrows import write_chain
from maild.adapters.store import Writing
from maild.cli.main import main
from maild.domain.audit import FIRST, Chained, digest_of, link
from tests.journeys.desk import PASSWORD, TestDesk, open_desk
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
FIRST_CASE, SECOND_CASE = "GM-2026-000001", "GM-2026-000002"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, each_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    """Two cases whose history was verified once, so that its heads stand outside the database."""
    with open_desk(tmp_path, database=each_database) as opened:
        monkeypatch.setenv("GM_PASSWORD", PASSWORD)
        monkeypatch.setenv("MAILD_STORE__URL", opened.environ["MAILD_STORE__URL"])
        opened.now = MORNING
        opened.receive(mail("投诉：物流9天没动静"), mail("搅拌机漏油", sender="wu@mail-w.example"))
        opened.later(timedelta(hours=30))
        assert 0 == verified(opened)
        yield opened


def verified(desk: TestDesk) -> int:
    """`maild audit verify`."""
    return main(["audit", "verify", "-c", str(desk.folder / "maild.toml")])


def run(books: Writing, statement: str, **values: Any) -> None:
    """One statement by hand."""
    books.connection.execute(text(statement), {"n": FIRST_CASE, **values})


def chain_of(books: Writing) -> list[Chained]:
    """The first case's history as it was written."""
    return [
        Chained(number=FIRST_CASE, seq=row.seq, previous=row.previous, hash=row.hash, salt=row.salt, digest=row.digest,
                event=books.events(FIRST_CASE)[row.seq - 1])
        for row in books.connection.execute(text("select * from event where number = :n order by seq"), {"n": FIRST_CASE})
    ]  # fmt: skip


def last_removed(books: Writing) -> None:
    """Cut the last event off."""
    run(books, "delete from event where number = :n and seq = (select max(seq) from event where number = :n)")


def set_back(books: Writing) -> None:
    """Cut the last event off and move the head of the chain, as if it had never been."""
    last_removed(books)
    chain = chain_of(books)
    books.set_head(FIRST_CASE, len(chain), chain[-1].hash)


def swapped(books: Writing) -> None:
    """Let the second and the third event change places."""
    run(books, "update event set seq = 999 where number = :n and seq = 2")
    run(books, "update event set seq = 2 where number = :n and seq = 3")
    run(books, "update event set seq = 3 where number = :n and seq = 999")


def case_removed(books: Writing) -> None:
    """Take a whole case away, with all that speaks of it."""
    for table in ("event", "clock", "reply_key", "outbox", "mail", "journal", "line", "tally"):
        run(books, f"delete from {table} where number = :n")  # noqa: S608
    run(books, 'delete from "case" where number = :n')


def rewritten(books: Writing) -> None:
    """Change an event and close the whole chain anew over it, as somebody can who knows how."""
    chain, last, made = chain_of(books), FIRST, list[Chained]()
    for one in chain:
        event = replace(one.event, data={"text": "不是这样的"}) if one.seq == 2 else one.event
        closed = link(last, FIRST_CASE, one.seq, event, salt=one.salt)
        made.append(replace(one, event=event, previous=last, hash=closed))
        last = closed
    write_chain(books, FIRST_CASE, made)


def words_taken(books: Writing) -> None:
    """Take the words out of an event as an erasure does, and say so nowhere."""
    one = chain_of(books)[1]
    said = digest_of(one.salt, one.event)
    run(
        books,
        "update event set actor = '', data = '{}', salt = '', digest = :said where number = :n and seq = 2",
        said=said,
    )


HANDS: dict[str, tuple[Callable[[Writing], None], str]] = {
    "words": (lambda b: run(b, "update event set data = '{\"text\": \"x\"}' where number = :n and seq = 2"), "event 2"),
    "kind": (lambda b: run(b, "update event set kind = 'note' where number = :n and seq = 2"), "event 2"),
    "who": (lambda b: run(b, "update event set actor = 'x@corp.example' where number = :n and seq = 2"), "event 2"),
    "removed": (lambda b: run(b, "delete from event where number = :n and seq = 2"), "event 3"),
    "first-removed": (lambda b: run(b, "delete from event where number = :n and seq = 1"), "event 2"),
    "last-removed": (last_removed, "cut off"),
    "last-removed-and-head-moved": (set_back, "cut off or set back"),
    "swapped": (swapped, "event 2"),
    "head": (lambda b: run(b, 'update "case" set last_hash = :h where number = :n', h="0" * 64), "cut off"),
    "case-removed": (case_removed, "gone"),
    "events-removed": (lambda b: run(b, "delete from event where number = :n"), "its events are gone"),
    "rewritten": (rewritten, "not what it was"),
    "words-taken": (words_taken, "no erasure is recorded"),
}  # fmt: skip


@pytest.mark.parametrize("hand", sorted(HANDS))
def test_a_hostile_hand_is_found(desk: TestDesk, hand: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By raw SQL, on both databases: exit status 1, with the case and what is wrong with it."""
    act, said = HANDS[hand]
    with desk.workshop().store.writing() as books:
        act(books)
    desk.restart()
    capsys.readouterr()

    assert 1 == verified(desk)

    told = capsys.readouterr().err
    assert FIRST_CASE in told
    assert said in told
    assert SECOND_CASE not in told


def test_an_older_database_in_its_place_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file of yesterday put back: events and numbers that had been there are missed."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        desk.now = MORNING
        desk.receive(mail("投诉：物流9天没动静"))
        desk.restart()
        shutil.copy(tmp_path / "var" / "maild.db", tmp_path / "yesterday.db")
        desk.receive(mail("搅拌机漏油", sender="wu@mail-w.example"))
        desk.later(timedelta(hours=30))
        assert 0 == verified(desk)
        desk.restart()
        for path in (tmp_path / "var").glob("maild.db*"):
            path.unlink()
        shutil.copy(tmp_path / "yesterday.db", tmp_path / "var" / "maild.db")
        capsys.readouterr()

        assert 1 == verified(desk)

        told = capsys.readouterr().err
        assert f"{SECOND_CASE}: event 1: the case was there on" in told
        assert "GM:2026: 2 numbers had been given" in told
        assert f"{FIRST_CASE}: event" in told


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_the_list_of_heads_is_watched_itself(desk: TestDesk, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who takes the file outside the database away, or writes another, is told of too."""
    path = desk.folder / "var" / FILE
    if what == "gone":
        path.unlink()
    else:
        path.write_text(
            path.read_text("utf-8").replace('"heads": {', '"heads": {"GM-2026-000009": [1, "00"], '), "utf-8"
        )
    capsys.readouterr()

    assert 1 == verified(desk)

    assert f"{FILE} " in capsys.readouterr().err


def test_what_goes_on_is_no_hostile_hand(desk: TestDesk) -> None:
    """New events, new cases and a daemon that was started anew: everything holds, and the heads move on."""
    before = (desk.folder / "var" / FILE).read_text("utf-8")
    desk.receive(mail("补充", In_Reply_To="<none@x.example>", sender="li@mail-l.example"))
    desk.restart()
    desk.later(timedelta(hours=30))

    assert 0 == verified(desk)

    assert before != (desk.folder / "var" / FILE).read_text("utf-8")
