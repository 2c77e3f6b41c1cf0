"""Everything that can be derived, derived again from the archive; shown as differences, and written only on demand."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import select, update

from maild.adapters.reading import TABLES
from maild.adapters.rows import received_value
from maild.adapters.store import Store, Writing
from maild.domain.alias import hidden
from maild.domain.case import Case
from maild.domain.masks import masked
from maild.domain.message import Mail
from maild.errors import MaildError
from maild.workflow.office import Office
from maild.workflow.plan import Received
from maild.workflow.ports import Archive
from maild.workflow.rederive import Change, rederived, thread_of
from maild.workflow.triage import Triage

_MAIL = TABLES["mail"]
_PAGE = 500


class Reprocess:
    """One mailbox's mails, derived again. It never sends, and never touches events, clocks, state or handler."""

    def __init__(
        self, store: Store, archive: Archive, triage: Triage, *, office: Office, parse: Callable[[bytes], Mail]
    ) -> None:
        self._store, self._archive, self._triage = store, archive, triage
        self._office, self._parse = office, parse
        self.seen = 0
        self.troubles: list[str] = []
        """Mails whose archive copy is gone or damaged, a sentence each."""

    def run(self, *, write: bool) -> Iterator[Change]:
        """Every difference in the order in which the mails came; with `write` what is not kept is written."""
        after = 0
        while page := self._page(after):
            for ident, received in page:
                after = ident
                self.seen += 1
                yield from self._one(ident, received, write=write)

    def _page(self, after: int) -> list[tuple[int, Received]]:
        query = select(_MAIL).where(
            _MAIL.c.id > after, _MAIL.c.sha256 != "", _MAIL.c.mailbox == self._office.box.address
        )
        with self._store.reading() as books:
            rows = books.connection.execute(query.order_by(_MAIL.c.id).limit(_PAGE)).mappings().all()
            return [(int(row["id"]), received_value(books.seals.open("mail", row))) for row in rows]

    def _one(self, ident: int, received: Received, *, write: bool) -> list[Change]:
        try:
            mail = self._parse(self._archive.get(received.sha256))
        except MaildError as error:
            self.troubles.append(f"mail {received.sha256[:12]}: {error.sentence}")
            return []
        # Without --write it is a transaction that only reads, so that a running daemon never waits for it.
        with self._store.writing() if write else self._store.reading() as books:
            changes = [
                *self._mail(ident, received, mail, books, write=write),
                *self._thread(ident, received, mail, books, write=write),
            ]
            changes += self._case(received, mail, books, write=write)
            case = books.case(received.number) if received.number else None
        return [self._shown(change, case) for change in changes]

    def _shown(self, change: Change, case: Case | None) -> Change:
        """As the command line may tell it: no name of who wrote a confidential letter, no number of a person."""
        look = self._office.pack.masks.for_nobody()
        said = (masked(hidden(text, case) if case else text, look) for text in (change.was, change.now))
        return replace(change, was=next(said), now=next(said))

    def _mail(self, ident: int, received: Received, mail: Mail, books: Writing, *, write: bool) -> list[Change]:
        """The words by which a mail is known."""
        new = {"message_id": mail.message_id, "author": mail.author.address, "subject": mail.subject[:500]}
        old = {name: getattr(received, name) for name in new}
        if write and new != old:
            closed = books.seals.close("mail", {**new, "number": received.number})
            books.connection.execute(update(_MAIL).where(_MAIL.c.id == ident).values(**closed))
        return [_change(received, name, old[name], new[name]) for name in new if new[name] != old[name]]

    def _thread(self, ident: int, received: Received, mail: Mail, books: Writing, *, write: bool) -> list[Change]:
        """A mail of no case that its references lead to one joins it; one that stands in a case stays there."""
        now = thread_of(mail, received, books)
        if now is None or now == received.number or received.disposition == "new-case":
            return []
        if received.number is not None:
            return [_change(received, "case", received.number, now, why="it was decided when it came")]
        if write:
            books.connection.execute(update(_MAIL).where(_MAIL.c.id == ident).values(number=now))
        return [_change(received, "case", "", now)]

    def _case(self, received: Received, mail: Mail, books: Writing, *, write: bool) -> list[Change]:
        case = books.case(received.number) if received.number and received.disposition == "new-case" else None
        if case is None:
            return []
        new, changes = rederived(case, mail, books.events(case.number), office=self._office, triage=self._triage)
        if write and new != case:
            books.save_case(new)
        return changes


def _change(received: Received, what: str, was: str, now: str, *, why: str = "") -> Change:
    return Change(where=f"mail {received.sha256[:12]}", what=what, was=was, now=now, kept_because=why)
