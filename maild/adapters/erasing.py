"""Erasure: a case and all that is one with it, from the database, the search and the archive (security.md).

What can be read is read first; then one transaction takes the words out of every row and writes down that it did, and
the raw mails follow. A death in between leaves raw mails that no row names; the next erasure or night takes them.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from maild.adapters import erasedtable
from maild.adapters.erasedrows import blank_journal, erase_case, name_raws
from maild.adapters.erasedtraces import NOTHING, MailId, RawMails, Taken, Traces, erase_traces, related_to
from maild.adapters.reading import TABLES
from maild.adapters.resealing import PAGES, forget_pages
from maild.adapters.store import Store, Writing
from maild.adapters.tables import METADATA
from maild.domain.case import Case, KnownBy
from maild.domain.erasure import HELD, OPEN, Order, Words, family, hindrance
from maild.domain.message import Mail
from maild.domain.value import value
from maild.errors import MaildError, Permanent, Temporary
from maild.mail.knownby import joined, known_by
from maild.workflow.books import ERASED_MAIL
from maild.workflow.takenout import EXPORTED, UNMASKED

_CASE, _MAIL, _JOURNAL = (TABLES[name] for name in ("case", "mail", "journal"))
_ERASED = METADATA.tables[str(erasedtable.ErasedRow.__tablename__)]
_CASES = select(_CASE.c.number, _CASE.c.data).order_by(_CASE.c.number)
_LEFT = select(_JOURNAL.c.id, _JOURNAL.c.sha256).where(
    _JOURNAL.c.disposition == ERASED_MAIL, _JOURNAL.c.sha256 != ""
)  # fmt: skip
log = logging.getLogger("maild.erasing")
Progress = Callable[[Iterator[MailId], int], Iterator[MailId]]
Also = Callable[[Writing, "Erased"], None]
"""What is written in the transaction of an erasure, once nothing of the cases is left."""


class Hindered(Permanent):
    """A case is open or held, so that it may not be erased."""


@value
class Erased:
    """What an erasure took."""

    cases: int
    mails: int
    """Raw mails that lie in no archive any more."""
    traces: int
    """Rows of lists and of other cases that told of it."""
    words: Words = Words()
    """By what it was found: for whoever must look elsewhere."""
    taken: Taken = NOTHING
    """What told of it elsewhere, of which the mail server may have copies."""


@dataclass
class Eraser:
    """Erases; `inside` says whether an address is one of the directory's, who stand in other cases by right."""

    store: Store
    archive: RawMails
    parse: Callable[[bytes], Mail]
    inside: Callable[[str], bool]
    progress: Progress = lambda items, _total: items

    def cases(self) -> list[Case]:
        """Every case."""
        with self.store.reading() as books:
            return [books.case_of(row) for row in books.connection.execute(_CASES).mappings().all()]

    def erase(self, order: Order, also: Also | None = None) -> Erased:
        """Erase them in one transaction, then their raw mails; `Hindered` at an open case or one that is held.

        `also` writes in the same transaction, once they are erased.
        """
        cases = {case.number: case for case in self.cases()}
        ours = [cases[number] for number in sorted(order.numbers) if number in cases]
        for case in ours if not order.again else ():
            _refuse(case)
        known = {case.number: self._known(case) for case in ours}
        words = _words(order, ours, known.values(), self.inside)
        near = related_to(ours, cases.values())
        since = min((case.received for case in ours), default=order.at)
        traces = Traces(words=words, related=near, since=since, parse=self.parse)
        quoting = list(traces.quoting(self.store, self.archive, self.progress, order.authors))
        apart = {mail.message_id: False for ident, sha256 in quoting if not ident and (mail := self._read(sha256))}
        with self.store.writing() as books:
            raws = set[str]()
            for case in ours if not order.again else ():
                # It may have been opened again, or held, while its traces were looked for.
                _refuse(books.case(case.number) or case)
            for case in ours:
                own = Words(numbers=words.numbers, known=known[case.number])
                raws |= erase_case(books, case, order, own)
            taken = erase_traces(books, traces, order, quoting)
            taken = replace(taken, ids={**apart, **taken.ids})
            gone = name_raws(books, raws | taken.raws, order)
            done = Erased(cases=len(ours), mails=len(gone), traces=taken.rows, words=words, taken=taken)
            if also is not None:
                also(books, done)
        self._drop(gone)
        self._clean()
        log.info("%d cases erased, %d raw mails, %d rows elsewhere", len(ours), len(gone), taken.rows)
        return done

    def finish(self, since: datetime | None = None) -> int:
        """Take away raw mails of erased cases that came in once more, or that a death left behind; how many.

        `since`: those alone that were erased after it. What the database's file still keeps is cleaned, too: of a case
        that was sealed late, and of an erased one where somebody was in the way of it.
        """
        with self.store.writing() as books:
            found = books.connection.execute(_LEFT).all()
            blank_journal(books.connection, _JOURNAL.c.id.in_([row.id for row in found]))
            named = select(_ERASED.c.digest)
            named = named.where(_ERASED.c.at >= since) if since else named
            left = {*(row.sha256 for row in found), *books.connection.execute(named).scalars()}
            for table in (_MAIL, _JOURNAL):
                left -= set(books.connection.execute(select(table.c.sha256).where(table.c.sha256.in_(left))).scalars())
            is_dirty = bool(books.kept_text(PAGES))
        self._drop(left)
        if is_dirty:
            self._clean()
        return len(found)

    def _clean(self) -> None:
        """Let no page of the database's file hold what was erased; another night where somebody is in the way."""
        try:
            forget_pages(self.store.engine)
            said = ""
        except sqlite3.OperationalError as error:
            log.warning("the database is in use (%s): its free pages are cleaned at night", error)
            said = "due"
        with self.store.writing() as books:
            if books.kept_text(PAGES) != said:
                books.keep_text(PAGES, said)

    def exported(self, numbers: Iterable[str]) -> list[str]:
        """Which copies of these cases were taken out, when, by whom and why."""
        with self.store.reading() as books:
            every = [(n, event) for n in sorted(numbers) for event in books.events(n)]
        taken = [(n, event) for n, event in every if event.kind in {EXPORTED, UNMASKED} and event.actor]
        return [f"{number}, {e.at:%Y-%m-%d}, {e.actor}, {e.data.get('reason', '')}" for number, e in taken]

    def family_of(self, number: str) -> frozenset[str]:
        """This case and those that are one with it; empty where there is none of this number."""
        cases = self.cases()
        return family(number, cases) if any(case.number == number for case in cases) else frozenset()

    def numbers_of(self, address: str) -> frozenset[str]:
        """The cases that somebody wrote from this address."""
        wanted, cases = address.strip().lower(), self.cases()
        own = [c.number for c in cases if wanted in {c.requester.address, *c.requester.earlier} and not c.erased]
        return frozenset(one for number in own for one in family(number, cases))

    def _drop(self, hashes: Iterable[str]) -> None:
        for sha256 in hashes:
            self.archive.drop(sha256)

    def _known(self, case: Case) -> KnownBy:
        """By what the requester could be known: from the case and from every letter of theirs that can be read."""
        own = {case.requester.address, *case.requester.earlier} - {""}
        known = joined(case.known_by, KnownBy(names=(case.requester.name,) if case.requester.name else (),
                                              addresses=tuple(sorted(own))))  # fmt: skip
        with self.store.reading() as books:
            mails = [mail for mail in books.mails(case.number) if mail.author in own and mail.sha256]
        for mail in mails:
            if (read := self._read(mail.sha256)) is not None:
                known = joined(known, known_by(read))
        return known

    def _read(self, sha256: str) -> Mail | None:
        try:
            return self.parse(self.archive.get(sha256))
        except Temporary:
            raise
        except MaildError:
            return None


def _refuse(case: Case) -> None:
    why = hindrance(case)
    if why == OPEN:
        raise Hindered(f"{case.number} is still open; let its handler close it first.")
    if why == HELD:
        raise Hindered(f"{case.number} is held: {case.hold}; lift it first with maild retain lift {case.number}.")


def _words(order: Order, cases: list[Case], known: Iterable[KnownBy], inside: Callable[[str], bool]) -> Words:
    """By what traces elsewhere are found; people of the directory stand in other cases by right."""
    whole = KnownBy(addresses=order.authors)
    for case, one in zip(cases, known, strict=True):
        whole = joined(whole, KnownBy(numbers=one.numbers) if inside(case.requester.address) else one)
    return Words(numbers=tuple(sorted(order.numbers)), known=whole)
