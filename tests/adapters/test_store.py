"""The store: transactions, the journal, cases with their chains, the outbox, due clocks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from alembic import command

from maild.adapters.chains import broken_chains
from maild.adapters.migrate import _config, newest, version
from maild.adapters.store import Store
from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, Requester, State
from maild.errors import MaildError, Misconfigured
from maild.workflow.plan import Cursor, Entry, Frozen, Happening, Key, Line, Plan, Received, Tally

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GM = "gm@corp.example"


@pytest.fixture
def store(each_database: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database."""
    opened = Store.open(each_database, tmp_path)
    yield opened
    opened.close()


def _case(number: str = "GM-2026-000001", **facts: object) -> Case:
    case = Case(
        number=number, pack="gm-mailbox", mailbox=GM, type="customer-complaint", state=State.ASSIGNED,
        requester=Requester(address="song@mail-gm.example", name="宋慧"), received=NOW, last_human_event=NOW,
    )  # fmt: skip
    return replace(case, **facts)  # type: ignore[arg-type]


def _plan(case: Case, **more: object) -> Plan:
    event = Event(kind="opened", at=NOW, actor="requester", data={"词": "甲"}, human=True)
    return replace(Plan(cases=(case,), happenings=(Happening(number=case.number, event=event),)), **more)  # type: ignore[arg-type]


def _clock(due: datetime, number: str = "GM-2026-000001") -> Clock:
    return Clock(case=number, kind=ClockKind.ACCEPT, start=NOW, due=due, next_at=due)


def _frozen(ident: str, **more: object) -> Frozen:
    mail = Frozen(
        maild_id=ident, message_id=f"<{ident}@corp.example>", number="GM-2026-000001", kind="requester.acknowledgement",
        recipient="song@mail-gm.example", fallback="", lane=1, subject="回执", raw=b"x", next_at=NOW,
    )  # fmt: skip
    return replace(mail, **more)  # type: ignore[arg-type]


def _entry(uid: int) -> Entry:
    return Entry(
        id=0, mailbox=GM, folder="INBOX", uidvalidity=4_294_967_295, uid=uid, sha256="a" * 64, size=1,
        internal_date=NOW, state="archived",
    )  # fmt: skip


def test_a_case_is_read_as_it_was_written(store: Store) -> None:
    """Nothing of a case is lost or changed by the database."""
    case = _case(excluded=("li.jun@corp.example",), names=("采购部主管黎军",), summary="𠮷野 陈䶮")
    with store.writing() as books:
        books.save(_plan(case), (), mailbox=GM, now=NOW)

    with store.reading() as facts:
        assert case == facts.case(case.number)
        assert [event.kind for event in facts.events(case.number)] == ["opened"]


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    """An error in the middle leaves nothing behind, not even the number that was taken."""

    def interrupted() -> None:
        with store.writing() as books:
            number = books.new_number("GM", 2026)
            books.save(_plan(_case(number)), [_frozen("m1")], mailbox=GM, now=NOW)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        interrupted()

    with store.writing() as books:
        assert books.case("GM-2026-000001") is None
        assert books.new_number("GM", 2026) == "GM-2026-000001"
        assert books.ready(GM, NOW) == []


def test_numbers_are_never_given_twice(store: Store) -> None:
    """Four writers at once take a hundred different numbers."""
    taken: list[str] = []

    def take() -> None:
        for _ in range(25):
            with store.writing() as books:
                taken.append(books.new_number("GM", 2026))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(taken)) == 100


def test_the_journal_takes_a_uid_once(store: Store) -> None:
    """A UID that is entered again stays as it was, whatever became of it."""
    with store.writing() as books:
        books.take([_entry(1), _entry(2)], NOW)
        first = books.entries(GM, ["archived"])[0]
        books.close_entry(first.id, state="done", disposition="new-case", reason="", number="GM-2026-000001")
        books.take([_entry(1), _entry(3)], NOW)

        assert [entry.uid for entry in books.entries(GM, ["archived"])] == [2, 3]
        assert [entry.disposition for entry in books.entries(GM, ["done"])] == ["new-case"]


def test_a_cursor_is_kept(store: Store) -> None:
    """How far a folder was read, and what was left behind, survives."""
    cursor = Cursor(uidvalidity=4_294_967_295, last_uid=17, bound=NOW, left=3)
    with store.writing() as books:
        books.set_cursor(GM, "INBOX", replace(cursor, last_uid=1))
        books.set_cursor(GM, "INBOX", cursor)

        assert cursor == books.cursor(GM, "INBOX")
        assert books.cursor(GM, "客户/投诉") is None


def test_one_content_is_one_mail_in_a_pack(store: Store) -> None:
    """Triaged again it is the same mail with another case; another pack has its own."""
    received = Received(message_id="<a@b>", sha256="a", number=None, author="x@y", subject="s", received=NOW)
    with store.writing() as books:
        for pack, number in (("gm-mailbox", "GM-1"), ("school", "S-1"), ("gm-mailbox", "GM-2")):
            books.remember(replace(received, number=number), mailbox=GM, pack=pack, fingerprint="f")

        known = [books.known(pack, "f") for pack in ("gm-mailbox", "school")]
        assert ["GM-2", "S-1"] == [mail.number for mail in known if mail]
        assert [(2,)] == [tuple(row) for row in books.connection.exec_driver_sql("select count(*) from mail")]


def test_the_outbox_serves_the_better_lane_first(store: Store) -> None:
    """Echoes leave before acknowledgements, these before assignments; what is held waits."""
    later = NOW + timedelta(minutes=10)
    mails = [_frozen("work", lane=2), _frozen("echo", lane=0), _frozen("ack"), _frozen("held", lane=0, next_at=later)]
    with store.writing() as books:
        books.queue(GM, mails, NOW)

        assert [mail.maild_id for mail in books.ready(GM, NOW)] == ["echo", "ack", "work"]
        assert (4, later) == books.kept(GM)


def test_a_sent_mail_is_never_withdrawn(store: Store) -> None:
    """Only what still waits can be stopped."""
    with store.writing() as books:
        books.queue(GM, [_frozen("gone"), _frozen("waits")], NOW)
        books.sent_now(next(m.id for m in books.ready(GM, NOW) if m.maild_id == "gone"), NOW, "250 OK")
        books.set_sent_state(["gone", "waits"], "withdrawn")

        states = {ident: sent.state for ident in ("gone", "waits") if (sent := books.sent(maild_id=ident))}
        assert states == {"gone": "sent", "waits": "withdrawn"}


def test_the_sweep_finds_due_clocks(store: Store) -> None:
    """Only open clocks whose time has come are found, earliest first."""
    with store.writing() as books:
        hours = (1, -1, -2)
        books.save(Plan(clocks=tuple(_clock(NOW + timedelta(hours=h)) for h in hours)), (), mailbox=GM, now=NOW)
        due = books.due_clocks(GM, NOW, 10)
        books.save_clocks([replace(due[0], state=ClockState.MET)], GM, NOW)

        assert [NOW - timedelta(hours=2), NOW - timedelta(hours=1)] == [clock.due for clock in due]
        assert len(books.due_clocks(GM, NOW, 10)) == 1


def test_keys_are_remembered_by_digest_alone(store: Store) -> None:
    """The long key opens its row, and stands nowhere in the database."""
    key = Key(
        number="GM-2026-000001", recipient="song@mail-gm.example", purpose="requester.acknowledgement", role="requester"
    )
    with store.writing() as books:
        books.add_key(key, "k1secretsecretsecretsecret", NOW)

        assert key == books.key("k1secretsecretsecretsecret")
        dump = books.connection.exec_driver_sql("select * from reply_key").all()
        assert "k1secretsecretsecretsecret" not in str(dump)


def test_tallies_and_lines_are_counted_and_told(store: Store) -> None:
    """Rates count what happened since; a digest tells each line once."""
    plan = Plan(tallies=(Tally(kind="echo", who="a@b"),) * 3, lines=(Line(kind="machine", data={"why": "x"}),))
    with store.writing() as books:
        books.save(plan, (), mailbox=GM, now=NOW)

        assert books.count("echo", "a@b", NOW - timedelta(hours=1)) == 3
        assert books.count("echo", "a@b", NOW) == 0
        assert books.last("echo", "a@b") == NOW
        books.lines_told([ident for ident, _, _ in books.lines(GM)], NOW)
        assert books.lines(GM) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("update event set data = '{}' where seq = 1", "changed"),
        ("delete from event where seq = 2", "cut off"),
        ("delete from event where seq = 1", "changed"),
        ("delete from event", "gone"),
        ('delete from "case"', "case is gone"),
    ],
)
def test_every_damage_to_the_history_is_found(store: Store, damage: str, expected: str) -> None:
    """Changed, removed, cut off or orphaned events are named by case."""
    with store.writing() as books:
        books.save(_plan(_case()), (), mailbox=GM, now=NOW)
        books.save(_plan(_case()), (), mailbox=GM, now=NOW)
    assert broken_chains(store) == (1, 2, [])

    with store.engine.begin() as connection:
        connection.exec_driver_sql(damage)

    _, _, broken = broken_chains(store)
    assert len(broken) == 1
    assert expected in broken[0][2]


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    """A database made by the migrations differs in nothing from the tables in code."""
    assert newest() == version(store.engine)
    with store.engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.check(config)


def test_a_database_of_a_later_maild_is_refused(store: Store, each_database: str, tmp_path: Path) -> None:
    """An older program never touches a newer database."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")

    with pytest.raises(Misconfigured, match="newer maild"):
        Store.open(each_database, tmp_path)


@pytest.mark.parametrize("url", ["nonsense", "oracle://x", "sqlite:////proc/none/maild.db"])
def test_a_wrong_url_is_one_sentence(url: str, tmp_path: Path) -> None:
    """A database that cannot be used is told with the mend."""
    with pytest.raises(MaildError) as caught:
        Store.open(url, tmp_path)

    assert "\n" not in caught.value.sentence
