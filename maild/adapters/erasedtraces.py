"""What tells of an erased case elsewhere: digests and lists, lines that wait, answers that quote it, linked cases."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from maild.adapters import rows
from maild.adapters.erasedrows import NO_MAIL, blank_journal, note, without_words, write_chain
from maild.adapters.reading import TABLES, TALLIED
from maild.adapters.store import Store, Writing
from maild.domain.audit import ERASED
from maild.domain.case import Case
from maild.domain.erasure import Order, Words
from maild.domain.message import Mail
from maild.errors import Permanent
from maild.workflow.filedrecords import RECORD
from maild.workflow.freeze import LIST

_EVENT, _MAIL, _JOURNAL, _CLOCK = (TABLES[name] for name in ("event", "mail", "journal", "clock"))
_KEY, _LINE, _TALLY, _OUTBOX, _COUNTER = (TABLES[name] for name in ("reply_key", "line", "tally", "outbox", "counter"))
_RECORDS = f"record:{RECORD}-"
MailId = tuple[int, str]
"""The row of a mail and the hash of its bytes."""
_NO_ROW = 0


class RawMails(Protocol):
    """The archive, as far as an erasure needs it."""

    def get(self, sha256: str) -> bytes:
        """The bytes; `Permanent` where they are gone."""
        ...

    def drop(self, sha256: str) -> None:
        """Take one away; one that is not there is no error."""
        ...


@dataclass(frozen=True)
class Taken:
    """The traces that were taken out."""

    rows: int
    raws: frozenset[str]
    """Hashes of mails of no case and of linked cases that quoted what was erased."""
    ids: Mapping[str, bool]
    """Message-IDs of these, and of letters of ours that did; whether a mail is ours."""


NOTHING = Taken(rows=0, raws=frozenset(), ids={})
"""Nothing was."""


@dataclass(frozen=True)
class Traces:
    """Where to look, and for what."""

    words: Words
    related: frozenset[str]
    since: datetime
    parse: Callable[[bytes], Mail]

    def of_no_case(self, table: Table) -> ColumnElement[bool]:
        """Rows of no case, and of lists."""
        return or_(table.c.number.is_(None), table.c.number.startswith(f"{LIST}-"))

    def near(self, table: Table) -> ColumnElement[bool]:
        """These, and rows of the cases that are linked with the erased ones."""
        return or_(self.of_no_case(table), table.c.number.in_(sorted(self.related)))

    def told(self, number: str | None, text: str) -> bool:
        """Whether a row speaks of the erased; in a linked case their bare number may stay."""
        return self.words.tells(text) if number in self.related else self.words.told(text)

    def quoting(
        self, store: Store, archive: RawMails, progress: Callable[[Iterator[MailId], int], Iterator[MailId]],
        authors: Sequence[str],
    ) -> Iterator[MailId]:  # fmt: skip
        """Mails of no case and of linked cases that quote what is erased, or that its person wrote."""
        query = select(_MAIL).where(_MAIL.c.sha256 != "", self.near(_MAIL))
        with store.reading() as books:
            found = [books.seals.open("mail", row) for row in books.connection.execute(query).mappings().all()]
        known = {row["id"]: row for row in found if row["received"] >= self.since or row["author"] in authors}
        for ident, sha256 in progress(iter([(row["id"], row["sha256"]) for row in known.values()]), len(known)):
            number, author = known[ident]["number"], known[ident]["author"]
            if (author in authors and not number) or self.told(number, self._text(archive, sha256)):
                yield ident, sha256
        yield from self._set_apart(store, archive)

    def _set_apart(self, store: Store, archive: RawMails) -> Iterator[MailId]:
        """Mails that stand in the journal alone: quarantined ones, and what lay among the junk."""
        known = select(_MAIL.c.sha256)
        query = select(_JOURNAL.c.sha256).distinct().where(
            _JOURNAL.c.sha256 != "", _JOURNAL.c.number.is_(None), _JOURNAL.c.sha256.not_in(known)
        )  # fmt: skip
        with store.reading() as books:
            hashes = list(books.connection.execute(query).scalars())
        yield from ((_NO_ROW, one) for one in hashes if self.words.told(self._text(archive, one)))

    def _text(self, archive: RawMails, sha256: str) -> str:
        try:
            return text_of(archive.get(sha256), self.parse)
        except Permanent:
            return ""


def text_of(raw: bytes, parse: Callable[[bytes], Mail]) -> str:
    """Everything of a mail that a person can read."""
    mail = parse(raw)
    people = (mail.author, *mail.to, *mail.cc)
    return "\n".join((mail.subject, mail.text, mail.fresh_text, mail.html or "", *map(str, people)))


def related_to(cases: Sequence[Case], others: Iterable[Case]) -> frozenset[str]:
    """The cases that are linked with these, or with which these are linked, on one matter or by hand."""
    own = {case.number for case in cases}
    near = {number for case in cases for number in (*case.links, *case.members, case.led_by)}
    near |= {case.number for case in others if own & {*case.links, *case.members, case.led_by}}
    return frozenset(near - own - {""})


def erase_traces(books: Writing, traces: Traces, order: Order, quoting: Sequence[MailId]) -> Taken:
    """Take the traces out in this transaction."""
    ids: dict[str, bool] = {}
    count = _letters(books, traces, ids) + _notes(books, traces) + _counted(books, traces)
    cut = [number for number in sorted(traces.related) if _events(books, number, traces)]
    gone = _mails(books, quoting, ids)
    for number in dict.fromkeys((*cut, *gone)):
        if number and number in traces.related:
            note(books, number, order, whole=False)
    return Taken(rows=count + len(cut) + len(quoting), raws=frozenset(sha256 for _, sha256 in quoting), ids=ids)


def _letters(books: Writing, traces: Traces, ids: dict[str, bool]) -> int:
    """Digests and lists that were sent, and letters of linked cases that name the person."""
    query = select(_OUTBOX).where(traces.near(_OUTBOX), _OUTBOX.c.queued_at >= traces.since)
    found = 0
    for row in _opened(books, "outbox", query):
        if row["raw"] and traces.told(row["number"], text_of(bytes(row["raw"]), traces.parse)):
            state = "withdrawn" if row["state"] == "ready" else row["state"]
            left = {"subject": "", "raw": b"", "state": state}
            ids |= {row["message_id"]: True} if row["state"] == "sent" else {}
            books.connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == row["id"]).values(**left))
            found += 1
    return found


def _notes(books: Writing, traces: Traces) -> int:
    """Lines of digests, keys of lists and what they remember, and reasons in the journal."""
    found = 0
    for row in _opened(books, "line", select(_LINE).where(traces.near(_LINE))):
        if traces.told(row["number"], _json(row["data"], row["who"])):
            books.connection.execute(delete(_LINE).where(_LINE.c.id == row["id"]))
            found += 1
    for row in _opened(books, "reply_key", select(_KEY).where(traces.near(_KEY))):
        if row["data"] and traces.told(None, _json(row["data"])):
            books.connection.execute(update(_KEY).where(_KEY.c.id == row["id"]).values(data={}))
            found += 1
    for row in _opened(books, "journal", select(_JOURNAL).where(_JOURNAL.c.reason != "", traces.near(_JOURNAL))):
        if traces.told(row["number"], row["reason"]):
            books.connection.execute(update(_JOURNAL).where(_JOURNAL.c.id == row["id"]).values(reason=""))
            found += 1
    return found


def _counted(books: Writing, traces: Traces) -> int:
    """What was counted under an address, a sender who was blocked, and records that speak of the case."""
    found = 0
    for address in traces.words.known.addresses:
        who = _TALLY.c.who.in_([address, books.seals.blind(address, TALLIED)])
        named = _COUNTER.c.name.contains(address, autoescape=True)
        found += sum(books.connection.execute(delete(table).where(where)).rowcount
                     for table, where in ((_TALLY, who), (_COUNTER, named)))  # fmt: skip
    for name, text in books.connection.execute(
        select(_COUNTER.c.name, _COUNTER.c.text).where(_COUNTER.c.name.startswith(_RECORDS))
    ).all():
        if traces.words.told(str(books.seals.opened("counter", "text", text))):
            books.connection.execute(delete(_COUNTER).where(_COUNTER.c.name == name))
            found += 1
    return found


def _events(books: Writing, number: str, traces: Traces) -> bool:
    """Take the words out of a linked case's events that name the person; whether there were any."""
    query = select(_EVENT).where(_EVENT.c.number == number).order_by(_EVENT.c.seq)
    chain = [rows.chained_value(row) for row in _opened(books, "event", query)]
    told = {one.seq for one in chain
            if one.event.kind != ERASED and traces.words.tells(_json(one.event.data, one.event.actor))}  # fmt: skip
    if told:
        books.case(number)
        write_chain(books, number, without_words(chain, lambda one: one.seq in told))
    return bool(told)


def _mails(books: Writing, quoting: Sequence[MailId], ids: dict[str, bool]) -> list[str | None]:
    """Take these mails out; the cases that they belong to."""
    connection, idents = books.connection, [ident for ident, _ in quoting]
    found = _opened(books, "mail", select(_MAIL).where(_MAIL.c.id.in_(idents)))
    ids |= {row["message_id"]: False for row in found if row["message_id"]}
    connection.execute(update(_MAIL).where(_MAIL.c.id.in_(idents)).values(**NO_MAIL))
    books.forget_words_of(idents)
    hashes = [sha256 for _, sha256 in quoting]
    entries = connection.execute(select(_JOURNAL.c.id).where(_JOURNAL.c.sha256.in_(hashes))).scalars()
    waiting = _CLOCK.c.subject.in_([f"entry:{ident}" for ident in entries]) & (_CLOCK.c.state == "open")
    connection.execute(update(_CLOCK).where(waiting).values(state="dropped", next_at=None))
    blank_journal(connection, _JOURNAL.c.sha256.in_(hashes))
    return [row["number"] for row in found]


def _opened(books: Writing, table: str, query: Any) -> list[Mapping[Any, Any]]:
    return [books.seals.open(table, row) for row in books.connection.execute(query).mappings().all()]


def _json(data: Any, *more: str) -> str:
    return "\n".join((json.dumps(data, ensure_ascii=False), *more))
