"""Old mails from files into archive and database: each its own transaction, known ones left out, nothing ever sent."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from maild.adapters.mailstore import Place
from maild.domain.message import Mail
from maild.errors import MaildError, Temporary
from maild.workflow.books import Store
from maild.workflow.guard import kept_apart
from maild.workflow.history import Backfill
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Received
from maild.workflow.ports import Archive
from maild.workflow.searchable import keep_searchable

KNOWN, UNREADABLE = "known already", "unreadable"


class Importer:
    """Takes old mails in; interrupted and run again it goes on where it was."""

    def __init__(
        self, store: Store, archive: Archive, backfill: Backfill, *, office: Callable[[], Office],
        parse: Callable[[bytes], Mail],
    ) -> None:  # fmt: skip
        self._store, self._archive, self._backfill = store, archive, backfill
        self._office, self._parse = office, parse
        self.counts: Counter[str] = Counter()
        """How many mails became what."""
        self.troubles: list[str] = []
        """One sentence for each mail that could not be taken in."""

    def run(self, places: Iterable[Place]) -> None:
        """Take in every mail; raises `Temporary` alone, when database or archive is away."""
        for place in places:
            try:
                self.counts[self._one(place)] += 1
            except Temporary:
                raise
            except Exception as error:  # noqa: BLE001  one mail's trouble is never another's
                why = error.sentence if isinstance(error, MaildError) else type(error).__name__
                self.counts[UNREADABLE] += 1
                self.troubles.append(f"{place}: {why}")

    def _one(self, place: Place) -> str:
        raw = place.read()
        mail = self._parse(raw)
        office = self._office()
        with self._store.reading() as books:
            if books.known(office.pack.id, mail.fingerprint) is not None:
                return KNOWN
        self._archive.put(raw)
        received = min(place.at.astimezone(UTC), office.now)
        with self._store.writing() as books:
            if books.known(office.pack.id, mail.fingerprint) is not None:
                return KNOWN
            plan = self._backfill.plan(mail, office, facts=books, received=received)
            bare = Plan(cases=plan.cases, happenings=plan.happenings, lines=plan.lines)
            books.save(kept_apart(bare, office), (), mailbox=office.box.address, now=office.now)
            books.remember(_remembered(mail, plan, received), mailbox=office.box.address, pack=office.pack.id,
                           fingerprint=mail.fingerprint)  # fmt: skip
            keep_searchable(plan, mail, books, pack=office.pack.id)
        return plan.disposition


def _remembered(mail: Mail, plan: Plan, received: datetime) -> Received:
    return Received(
        message_id=mail.message_id, sha256=mail.sha256, number=plan.number, author=mail.author.address,
        subject=mail.subject[:500], received=received, disposition=plan.disposition,
    )  # fmt: skip
