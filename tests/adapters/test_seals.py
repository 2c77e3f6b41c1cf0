"""What lies in the database of a confidential case: nothing of it in clear, everything to be found and read with the key."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import inspect, text

from maild.adapters import resealing
from maild.adapters.chains import broken_chains
from maild.adapters.erasing import Eraser
from maild.adapters.sealring import Ring, ring_of
from maild.adapters.store import Store
from maild.adapters.tables import METADATA
from maild.adapters.vault import behind, rewrap
from maild.domain.case import Requester
from maild.errors import Misconfigured, Permanent
from maild.mail.parse import parse
from maild.workflow.plan import Key, Line, Received, Tally
from tests.adapters.test_store import GM, NOW, _case, _entry, _frozen, _plan

FIRST, SECOND = (ring_of(f"k{n}:{base64.b64encode(bytes([n]) * 32).decode()}", "test") for n in (1, 2))
BOTH = Ring(keys={**FIRST.keys, **SECOND.keys}, current="k2")
NUMBER = "GM-2026-000001"
WHO = "song@mail-gm.example"
TELLING = (WHO, "宋慧", "mail-gm", "铁柜", "甲")


@pytest.fixture
def store(each_database: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database with a seal."""
    opened = Store.open(each_database, tmp_path, FIRST)
    yield opened
    opened.close()


def everything(store: Store) -> str:
    """Every value of every table, as it lies there."""
    with store.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) & set(METADATA.tables)
        rows = [row for name in names for row in connection.execute(METADATA.tables[name].select()).all()]
    return "\n".join(str([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in rows)


def fill(store: Store, *, confidential: bool = True) -> None:
    """A case with all that can belong to one, and a mail and a line of no case."""
    case = replace(_case(), confidential=confidential, subject="铁柜里的事", handler="you.jia@corp.example")
    key = Key(number=NUMBER, recipient=WHO, purpose="requester.acknowledgement", role="requester", data={"w": "铁柜"})
    lines = (
        Line(kind="ack-owed", who=WHO, number=NUMBER, data={"name": "宋慧"}),
        Line(kind="junk", data={"from": WHO}),
    )
    with store.writing() as books:
        books.take([_entry(1)], NOW)
        received = Received(
            message_id=f"<1.{WHO}>", sha256="a" * 64, number=NUMBER, author=WHO, subject="铁柜", received=NOW
        )
        books.remember(received, mailbox=GM, pack="gm-mailbox", fingerprint="f")
        mails = [_frozen("a", recipient=WHO, subject="铁柜", raw="铁柜".encode(), fallback=WHO),
                 _frozen("b", number=None, recipient=WHO, raw=b"to song@mail-gm.example")]  # fmt: skip
        tallies = (Tally(kind="acknowledged", who=WHO, number=NUMBER),)
        books.save(_plan(case, lines=lines, tallies=tallies), mails, mailbox=GM, now=NOW)
        books.add_key(key, "long", NOW)
        books.mark_time(f"intake:{GM}:{WHO}", NOW)
        books.keep_text("absences", f"{WHO} is away")
        books.next_count(f"key:{NUMBER}:{WHO}:x")
        books.close_entry(1, state="done", disposition="new-case", reason=f"from {WHO}", number=NUMBER)
        books.failed(1, f"550 <{WHO}> unknown")


def read_back(store: Store) -> dict[str, Any]:
    """The same, as the workflow asks for it."""
    with store.reading() as books:
        case = books.case(NUMBER)
        assert case is not None
        return {
            "case": case, "of": [one.number for one in books.cases_of(WHO, NOW - timedelta(days=1))],
            "open": list(books.open_cases(GM)), "near": list(books.cases_near(GM, ["you.jia@corp.example"], [])),
            "events": [event.data for event in books.events(NUMBER)], "keys": [k.recipient for k in books.keys(NUMBER)],
            "key": books.key("long"), "mails": [one.author for one in books.mails(NUMBER)],
            "received": books.received(f"<1.{WHO}>"), "sent": [one.maild_id for one in books.sent_for(NUMBER, WHO)],
            "waiting": [one.maild_id for one in books.waiting(WHO)], "raw": books.raw_of("a"),
            "ready": [(one.recipient, one.raw) for one in books.ready(GM, NOW)],
            "lines": [line.data for _, _, line in books.lines(GM)],
            "own": [line.data for _, _, line in books.lines(GM, "ack-owed", who=WHO)],
            "counted": books.count("acknowledged", WHO, NOW - timedelta(days=1)), "last": books.last("acknowledged", WHO),
            "mark": books.marked_time(f"intake:{GM}:{WHO}"), "text": books.kept_text("absences"),
            "entry": [one.reason for one in books.entries(GM, ["done"])],
        }  # fmt: skip


def test_nothing_of_a_confidential_case_lies_in_clear(store: Store) -> None:
    """No name, address or word of it in any column of any table; the workflow reads all of it as before."""
    fill(store)

    lying, back = everything(store), read_back(store)

    assert [] == [word for word in TELLING if word in lying]
    assert ("宋慧", "铁柜里的事") == (back["case"].requester.name, back["case"].subject)
    assert [NUMBER] == back["of"]
    assert [back["case"]] == back["open"] == back["near"]
    assert ([{"词": "甲"}], [WHO], {"w": "铁柜"}) == (back["events"], back["keys"], back["key"].data)
    assert ([WHO], "铁柜", ["a"], ["b"]) == (back["mails"], back["received"].subject, back["sent"], back["waiting"])
    assert ("铁柜".encode(), [(WHO, b"to song@mail-gm.example")]) == (back["raw"], back["ready"])
    assert [{"name": "宋慧"}, {"from": WHO}] == back["lines"]
    assert [{"name": "宋慧"}] == back["own"]
    assert (1, NOW, NOW, f"{WHO} is away", [f"from {WHO}"]) == (
        back["counted"], back["last"], back["mark"], back["text"], back["entry"]
    )  # fmt: skip
    assert (1, 1, []) == broken_chains(store)


def test_other_cases_lie_as_they_always_have(store: Store) -> None:
    """Of a case that is not confidential its rows are not sealed; mails and lines of no case are."""
    fill(store, confidential=False)

    lying = everything(store)

    assert WHO in lying
    assert "to song@" not in lying


def test_a_case_that_becomes_confidential_is_sealed_whole(store: Store) -> None:
    """What was written before lies sealed too, reads the same, and its history still holds."""
    fill(store, confidential=False)
    before = read_back(store)
    with store.writing() as books:
        case = replace(before["case"], confidential=True)
        books.save(_plan(case), (), mailbox=GM, now=NOW)

    lying, after = everything(store), read_back(store)

    assert [] == [word for word in TELLING if word in lying]
    assert replace(case, alias=after["case"].alias) == after["case"]
    assert 4 == len(after["case"].alias)
    assert [{"词": "甲"}, {"词": "甲"}] == after["events"]
    assert {name: before[name] for name in ("keys", "key", "mails", "received", "sent", "raw", "own")} == {
        name: after[name] for name in ("keys", "key", "mails", "received", "sent", "raw", "own")
    }
    assert (1, 2, []) == broken_chains(store)


class NoRaws:
    """An archive in which nothing lies."""

    def get(self, sha256: str) -> bytes:
        """Never there."""
        raise Permanent(f"There is no {sha256}.")

    def drop(self, sha256: str) -> None:
        """Nothing to take away."""


def test_a_night_later_no_file_holds_what_a_case_was_before_it_was_sealed(
    store: Store, each_database: str, tmp_path: Path
) -> None:
    """Pages, log and search index of SQLite's files are clean; on both databases no word is found any more."""
    fill(store, confidential=False)
    with store.writing() as books:
        books.keep_words("铁柜里的事 song mail-gm", fingerprint="f", pack="gm-mailbox")
    before = read_back(store)["case"]
    assert (NUMBER,) == tuple(_found(store))
    with store.writing() as books:
        books.save(_plan(replace(before, confidential=True)), (), mailbox=GM, now=NOW)
        books.forget_words(NUMBER)
    Eraser(store, NoRaws(), parse, lambda _: False).finish()

    assert () == tuple(_found(store))
    with store.engine.connect() as connection:
        words = "words" if each_database.startswith("postgresql") else "*"
        assert [] == connection.execute(text(f"select {words} from search_text")).all()  # noqa: S608
    files = [
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and b"SQLite" in path.read_bytes()[:16]
    ]
    files += [path.read_bytes() for path in tmp_path.rglob("*-wal")]
    assert bool(files) == each_database.startswith("sqlite")
    assert [] == [word for word in TELLING for lying in files if word.encode() in lying and len(word) > 1]


def _found(store: Store) -> Sequence[str]:
    with store.reading() as books:
        return books.found("铁柜", [GM])


def test_a_database_without_a_seal_gets_one(each_database: str, tmp_path: Path) -> None:
    """Confidential cases of before are sealed once, open and closed, also after a run that was broken off."""
    plain = Store.open(each_database, tmp_path)
    fill(plain)
    with plain.writing() as books:
        other = replace(_case("GM-2026-000002"), confidential=True, received=NOW + timedelta(1),
                        requester=Requester(address=WHO, name="宋慧"))  # fmt: skip
        books.save(_plan(other), (), mailbox=GM, now=NOW)
    before = read_back(plain)
    plain.close()
    store = Store.open(each_database, tmp_path, FIRST)
    seal_rows, dead = resealing.seal_rows, list[str]()

    def dies(connection: Any, seals: Any, number: str) -> None:
        seal_rows(connection, seals, number)
        if not dead and number == "GM-2026-000002":
            dead.append(number)
            raise KeyboardInterrupt

    with patch("maild.adapters.resealing.seal_rows", dies), pytest.raises(KeyboardInterrupt):
        store.seal()
    first = store.seal()
    again = store.seal()

    assert (1, 0) == (first.cases, again.cases)
    assert [] == [word for word in TELLING if word in everything(store)]
    assert before | {"of": ["GM-2026-000001", "GM-2026-000002"]} == read_back(store) | {
        "of": sorted(read_back(store)["of"])
    }
    assert (2, 2, []) == broken_chains(store)
    if store.engine.dialect.name == "sqlite":
        files = [path for path in tmp_path.iterdir() if path.name.startswith("maild")]
        assert [] == [word for word in TELLING for path in files if word.encode() in path.read_bytes()]
    store.close()


def test_a_rolled_back_key_closes_nothing(store: Store, each_database: str, tmp_path: Path) -> None:
    """A case whose first transaction fails is sealed by the key of the second, which is kept."""
    with suppress(Permanent), store.writing() as books:
        books.save(_plan(replace(_case(), confidential=True)), (), mailbox=GM, now=NOW)
        raise Permanent("broken off")

    fill(store)

    fresh = Store.open(each_database, tmp_path, FIRST)
    assert "宋慧" == read_back(fresh)["case"].requester.name
    fresh.close()


@pytest.mark.parametrize(("seal", "why"), [(None, "sealed with key k1"), (SECOND, "does not open this database")])
def test_another_key_or_none_is_refused(each_database: str, tmp_path: Path, seal: Ring | None, why: str) -> None:
    """The store does not open, one sentence says why, and nothing was written over."""
    store = Store.open(each_database, tmp_path, FIRST)
    fill(store)
    store.close()

    with pytest.raises(Misconfigured, match=why):
        Store.open(each_database, tmp_path, seal)

    store = Store.open(each_database, tmp_path, FIRST)
    assert "宋慧" == read_back(store)["case"].requester.name
    store.close()


def test_a_new_master_key_wraps_the_data_keys_anew(store: Store, each_database: str, tmp_path: Path) -> None:
    """Afterwards the old one is of no use; no row but the keys was written."""
    fill(store)

    assert (2, 2, 0) == (
        behind(store.engine, BOTH),
        rewrap(store.engine, BOTH),
        rewrap(store.engine, BOTH),
    )

    with pytest.raises(Misconfigured):
        Store.open(each_database, tmp_path, FIRST)
    after = Store.open(each_database, tmp_path, SECOND)
    assert "宋慧" == read_back(after)["case"].requester.name
    after.close()


def test_without_its_key_a_case_is_gone(store: Store) -> None:
    """Once the row of its key is removed nothing of the case can be read, and a value put elsewhere does not open."""
    fill(store)
    with store.writing() as books:
        books.connection.execute(text("update outbox set fallback = subject where maild_id = 'a'"))
    with store.reading() as books, pytest.raises(Permanent, match=r"outbox\.fallback was changed from outside"):
        books.sent(maild_id="a")
    with store.writing() as books:
        books.connection.execute(text("delete from seal where number <> ''"))

    with store.reading() as books, pytest.raises(Permanent, match="its key is gone"):
        books.case(NUMBER)


def test_a_hung_domain_is_put_off_although_recipients_lie_sealed(store: Store) -> None:
    """Mails to it wait, those to another do not."""
    fill(store)

    with store.writing() as books:
        moved = books.put_off_domain(GM, "mail-gm.example", NOW + timedelta(hours=1))

    assert 1 == moved
