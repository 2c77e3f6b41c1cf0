"""Erasures that were ordered by mail are carried out beside the mail's journey, each whole or not at all.

What can be known of copies elsewhere is found first, then one transaction takes the rows, the order and all, and
queues the letter that says so; a death before it leaves the order, and it is carried out at the next start.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from maild.adapters.erasing import Erased, Hindered
from maild.adapters.erasures import BACKUPS, keep_beside
from maild.adapters.examplefile import examples_that_tell
from maild.adapters.servercopies import ServerCopies
from maild.adapters.store import Writing
from maild.assembly import Workshop
from maild.domain.case import Case
from maild.domain.erasure import Order, family, hindrance
from maild.domain.retention import Goes
from maild.errors import MaildError
from maild.post import Post
from maild.settings import MailboxSettings
from maild.workflow.books import Books
from maild.workflow.commit import commit
from maild.workflow.erased import ORDERED, Ordered, Outcome, letters, ordered_by
from maild.workflow.plan import Plan

log = logging.getLogger("maild.forgetting")
LOOK_SECONDS = 10.0
_FILING = timedelta(minutes=10)
"""So long an erasure waits until the mails that ordered it lie in their folder, from which they can be removed."""
_LATE = "erase-changed"


class Forgetting:
    """Looks for what was ordered, and erases it; `committed` is told when there is mail to send."""

    def __init__(self, workshop: Workshop, committed: Callable[[MailboxSettings], None] = lambda _box: None) -> None:
        self.workshop, self.committed = workshop, committed
        self._heard: dict[str, str] = {}

    async def run(self, posts: Sequence[Post], holds: Callable[[str], bool], stopping: asyncio.Event) -> None:
        """Look every ten seconds, until the end; mail goes on meanwhile."""
        while not stopping.is_set():
            for post in posts:
                if holds(post.box.address):
                    await asyncio.to_thread(self._noted, post.box)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)

    def carry_out(self, box: MailboxSettings) -> int:
        """Everything that was ordered in this mailbox; how many orders came to their end."""
        with self.workshop.store.reading() as books:
            waiting = [(ident, ordered_by(line)) for ident, at, line in books.lines(box.address, ORDERED)
                       if not self._is_filing(line.number, at, box, books)]  # fmt: skip
        for ident, ordered in waiting:
            self._one(ident, ordered, box)
            self.committed(box)
        return len(waiting)

    def _noted(self, box: MailboxSettings) -> None:
        """The orders of one mailbox; a trouble that lasts is logged once."""
        trouble = ""
        try:
            self.carry_out(box)
        except MaildError as error:
            trouble = error.sentence
        except Exception as error:  # noqa: BLE001  its message may quote what is to be erased
            trouble = f"{box.address}: an erasure failed: {type(error).__name__}"
        if trouble and trouble != self._heard.get(box.address):
            log.error("%s", trouble)
        self._heard[box.address] = trouble

    def _is_filing(self, number: str | None, at: datetime, box: MailboxSettings, books: Books) -> bool:
        recent = self.workshop.now() - at < _FILING
        return recent and any(entry.number == number for entry in books.entries(box.address, ("done",)))

    def _one(self, ident: int, ordered: Ordered, box: MailboxSettings) -> None:
        eraser, office = self.workshop.eraser(), self.workshop.office(box)
        cases = {case.number: case for case in eraser.cases()}
        numbers = family(ordered.number, cases.values())
        own = [cases[number] for number in sorted(numbers) if number in cases]
        before = cases.get(ordered.number)
        why = "" if numbers <= {*ordered.numbers} else _LATE
        why = why or next(filter(None, map(hindrance, own)), "")
        if before is None or why:
            self._refused(ident, ordered, box, before=before, why=why)
            return
        left = tuple(self._copies(numbers))

        def tell(books: Writing, done: Erased) -> None:
            quoted = examples_that_tell(self.workshop.settings.rules, done.words.tells)
            outcome = Outcome(mails=done.mails, left=(*left, *(("example", place) for place in quoted)))
            commit(Plan(letters=letters(before, ordered, outcome, office)), office, books, self.workshop.scribe(box))

        order = Order(numbers=numbers, goes=Goes.PERSON, by=ordered.by, reason=ordered.reason, at=office.now)
        try:
            taken = eraser.erase(order, also=tell).taken
        except Hindered:
            self._refused(ident, ordered, box, before=before, why="")
            return
        if taken.ids:
            ServerCopies(self.workshop.settings.mailbox, self.workshop.store).remove_known(taken.ids, taken.raws)
        self._keep_beside_backups()

    def _refused(
        self, ident: int, ordered: Ordered, box: MailboxSettings, *, before: Case | None, why: str
    ) -> None:  # fmt: skip
        """The order is over, and who gave it hears why; asked anew where it came to light at the last moment."""
        office = self.workshop.office(box)
        with self.workshop.store.writing() as books:
            cases = filter(None, map(books.case, ordered.numbers))
            outcome = Outcome(why_not=why or next(filter(None, map(hindrance, cases)), _LATE))
            told = letters(before, ordered, outcome, office) if before else ()
            commit(Plan(settled=(ident,), letters=told), office, books, self.workshop.scribe(box))

    def _copies(self, numbers: frozenset[str]) -> Iterator[tuple[str, str]]:
        """What maild cannot take away, which kind and where; what it may take from the mail server goes here."""
        _, troubles = ServerCopies(self.workshop.settings.mailbox, self.workshop.store).remove(numbers)
        if troubles:
            yield "server", ""
        with self.workshop.store.reading() as books:
            kept = books.kept_text(BACKUPS)
            taken = [(number, event.at) for number in sorted(numbers) for event in books.events(number)
                     if event.kind == "exported" and event.actor]  # fmt: skip
        if kept:
            yield "backups" if Path(kept).is_dir() else "backups-away", ""
        if self.workshop.store.engine.dialect.name == "postgresql":
            yield "pages", ""
        for number, at in taken:
            yield "export", f"{number}, {at:%Y-%m-%d}"

    def _keep_beside_backups(self) -> None:
        with self.workshop.store.reading() as books:
            kept = books.kept_text(BACKUPS)
        if kept and Path(kept).is_dir():
            keep_beside(self.workshop.store, Path(kept))
