"""The rows of one case, without the people in it: what an erasure leaves in each table."""

from collections.abc import Callable, Collection, Sequence
from secrets import token_hex

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from maild.adapters import erasedtable, formtable, ledgertable, publicationtable, rows
from maild.adapters.dialects import INSERTS
from maild.adapters.reading import TABLES
from maild.adapters.store import Writing
from maild.adapters.tables import METADATA
from maild.domain.audit import ERASED, FIRST, Chained, digest_of, linked
from maild.domain.case import Case, Event
from maild.domain.erasure import QUOTED, Order, Words, erased
from maild.domain.retention import Goes
from maild.workflow.books import ERASED_MAIL

_CASE, _EVENT, _MAIL, _JOURNAL = (TABLES[name] for name in ("case", "event", "mail", "journal"))
_CLOCK, _KEY, _LINE, _TALLY = (TABLES[name] for name in ("clock", "reply_key", "line", "tally"))
_OUTBOX = TABLES["outbox"]
_LEDGER = METADATA.tables[str(ledgertable.LedgerRow.__tablename__)]
_PUBLICATION = METADATA.tables[str(publicationtable.PublicationRow.__tablename__)]
_RETURN = METADATA.tables[str(formtable.FormReturnRow.__tablename__)]
_ERASED = METADATA.tables[str(erasedtable.ErasedRow.__tablename__)]
NO_MAIL = {"message_id": "", "sha256": "", "author": "", "subject": "", "disposition": ERASED_MAIL}
"""What is left of a mail: the digest of its content, by which it is known when it comes once more."""
NO_LETTER = {"recipient": "", "fallback": "", "subject": "", "raw": b"", "answer": ""}


def erase_case(books: Writing, case: Case, order: Order, words: Words) -> set[str]:
    """Erase one case in this transaction; the hashes of the raw mails that were its own."""
    connection, number = books.connection, case.number
    chain = [rows.chained_value(books.seals.open("event", row)) for row in connection.execute(
        select(_EVENT).where(_EVENT.c.number == number).order_by(_EVENT.c.seq)).mappings().all()]  # fmt: skip
    _ledger(books, case, order)
    raws = _mails(books, number)
    for table in (_KEY, _LINE, _TALLY, _RETURN, _PUBLICATION):
        connection.execute(delete(table).where(table.c.number == number))
    running = (_CLOCK.c.number == number, _CLOCK.c.state == "open")
    connection.execute(update(_CLOCK).where(*running).values(state="dropped", next_at=None))
    if order.goes is Goes.EVERYTHING:
        connection.execute(update(_CLOCK).where(_CLOCK.c.number == number).values(subject=""))
    connection.execute(update(_OUTBOX).where(_OUTBOX.c.number == number).values(**NO_LETTER))
    waiting = (_OUTBOX.c.number == number, _OUTBOX.c.state == "ready")
    connection.execute(update(_OUTBOX).where(*waiting).values(state="withdrawn"))
    # With its key every copy of its rows is gone that lies in a file or a log of the database.
    books.seals.shred(number)
    write_chain(books, number, without_words(chain, lambda item: item.event.kind != ERASED))
    books.save_case(erased(case, order.goes, words, order.at))
    closed_anew = any(not item.salt and not item.digest for item in chain)
    note(books, number, order, whole=True, closed_anew=closed_anew)
    return raws


def note(books: Writing, number: str, order: Order, *, whole: bool, closed_anew: bool = False) -> None:
    """The event that says what was erased, by whom and why; `whole`: the case, else words in it of another one."""
    data: dict[str, object] = {"reason": order.reason, "goes": order.goes.value if whole else QUOTED}
    data |= {"rule": order.rule} if order.rule else {}
    data |= {"closed_anew": True} if closed_anew else {}
    books.add_events(number, [Event(kind=ERASED, at=order.at, actor=order.by, human=True, data=data)])


def without_words(chain: Sequence[Chained], cut: Callable[[Chained], bool]) -> list[Chained]:
    """The chain with these events without actor, data and salt; its hashes stay, but where one had no salt.

    A hash over words alone would let whoever knows the rest try name after name: such a chain is closed anew.
    """
    done: list[Chained] = []
    previous = FIRST
    for item in chain:
        salt, digest, event = item.salt, item.digest, item.event
        if not salt and not digest:
            salt = token_hex(16)
        if cut(item) and not digest:
            digest, salt = digest_of(salt, event), ""
            event = Event(kind=event.kind, at=event.at, actor="", data={}, human=event.human)
        said = digest or digest_of(salt, event)
        one = Chained(number=item.number, seq=item.seq, event=event, previous=previous, salt=salt, digest=digest,
                      hash=linked(previous, item.number, item.seq, event, said=said))  # fmt: skip
        previous = one.hash
        done.append(one)
    return done


def write_chain(books: Writing, number: str, chain: Sequence[Chained]) -> None:
    """Put this chain in the place of the one that is there, with its head."""
    connection = books.connection
    connection.execute(delete(_EVENT).where(_EVENT.c.number == number))
    if chain:
        connection.execute(insert(_EVENT), [books.seals.close("event", rows.chained_row(one)) for one in chain])
    books.set_head(number, len(chain), chain[-1].hash if chain else FIRST)


def blank_journal(connection: Connection, where: ColumnElement[bool]) -> None:
    """Let these lines of the journal name no bytes any more."""
    gone = {"sha256": "", "size": 0, "reason": "", "disposition": ERASED_MAIL}
    connection.execute(update(_JOURNAL).where(where).values(**gone))


def name_raws(books: Writing, raws: Collection[str], order: Order) -> set[str]:
    """Remember these raw mails as erased, but those that a row of somebody else still names; returns the erased."""
    connection, gone = books.connection, set(raws) - {""}
    for table in (_MAIL, _JOURNAL):
        gone -= set(connection.execute(select(table.c.sha256).where(table.c.sha256.in_(gone))).scalars())
    new = [{"digest": one, "number": min(order.numbers, default=""), "at": order.at} for one in sorted(gone)]
    if new:
        connection.execute(INSERTS[connection.dialect.name](_ERASED).on_conflict_do_nothing(), new)
    return gone


def _mails(books: Writing, number: str) -> set[str]:
    """Take the case's mails out of the tables of mails; returns their hashes."""
    connection = books.connection
    queries = (select(table.c.sha256).where(table.c.number == number) for table in (_MAIL, _JOURNAL))
    raws = {sha256 for query in queries for sha256 in connection.execute(query).scalars()}
    books.forget_words(number)
    connection.execute(update(_MAIL).where(_MAIL.c.number == number).values(**NO_MAIL))
    blank_journal(connection, _JOURNAL.c.number == number)
    blank_journal(connection, _JOURNAL.c.number.is_(None) & _JOURNAL.c.sha256.in_(raws - {""}))
    return raws


def _ledger(books: Writing, case: Case, order: Order) -> None:
    """Points and sums stay with their dates; who wrote, and with everything whom they concern, goes."""
    own = {case.requester.address, *case.requester.earlier}
    for row in books.connection.execute(select(_LEDGER).where(_LEDGER.c.number == case.number)).mappings().all():
        opened = books.seals.open("ledger", row)
        is_gone = order.goes is Goes.EVERYTHING or opened["person"] in own
        left = {"who": "" if is_gone or opened["who"] in own else opened["who"], "note": "", "mail": "",
                "person": "" if is_gone else opened["person"], "origin": f"erased:{row['id']}"}  # fmt: skip
        books.connection.execute(update(_LEDGER).where(_LEDGER.c.id == row["id"]).values(**left))
