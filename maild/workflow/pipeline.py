"""One mail through the journey: parse, recognise, decide, commit everything at once (casework 1).

What is wrong with a mail never costs another one: it is quarantined with the reason and a person hears of it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from traceback import format_tb

from maild.domain.arrival import arrival
from maild.domain.case import Event
from maild.domain.message import Mail
from maild.domain.value import value
from maild.errors import MaildError, Temporary
from maild.workflow.again import again
from maild.workflow.arrivals import INBOX, place_of, plan_for
from maild.workflow.books import AGAIN, ERASED_MAIL, RELEASED, WAITED, Books, Store
from maild.workflow.budget import IsPublic, told, waits_until
from maild.workflow.commit import commit
from maild.workflow.deadly import Deadly, beware
from maild.workflow.freeze import Scribe
from maild.workflow.junk import JUNK
from maild.workflow.limits import within_limits
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Entry, Happening, Plan, Received
from maild.workflow.ports import Archive, Now
from maild.workflow.quarantine import quarantine
from maild.workflow.reappeared import seen_again
from maild.workflow.searchable import forget_sealed, keep_searchable
from maild.workflow.supervise import with_supervisors
from maild.workflow.triage import Triage
from maild.workflow.triageagain import triaged_again
from maild.workflow.watch import Watch, watch_over

log = logging.getLogger("maild.pipeline")
QUARANTINED = "quarantined"


@value
class Pipeline:
    """Handles the journal lines of one mailbox."""

    store: Store
    archive: Archive
    originals: Originals
    scribe: Scribe
    triage: Triage
    office: Callable[[], Office]
    """The office as it is now: rules, directory, and the time."""
    machine: Now
    parse: Callable[[bytes], Mail]
    parse_anyway: Callable[[bytes], Mail]
    """Reads what can be read of a mail that a person released from quarantine."""
    can_be_read: Callable[[bytes], bool]
    """Whether a process of its own comes to the end of reading the mail."""
    is_public: IsPublic
    """Whether a domain is a mail provider's, so that it says nothing of who writes."""
    committed: Callable[[], None]
    """Called after each commit that may have put mail into the outbox."""

    def handle(self, entry: Entry, raw: bytes | None) -> None:
        """Decide and commit one journal line; raises only `Temporary`, when the store or archive is away."""
        office = self.office()
        try:
            if entry.reason:
                raise MaildError(entry.reason)
            raw = raw if raw is not None else self.archive.get(entry.sha256)
            beware(entry, raw, self.can_be_read)
            mail = (self.parse_anyway if entry.disposition == RELEASED else self.parse)(raw)
            self.originals.keep(mail)
            again(lambda: self._commit(entry, mail, office))
        except Temporary:
            raise
        except Deadly as error:
            reason = error.sentence
            again(lambda: self._set_apart(entry, reason, office))
        except MaildError as error:
            sentence = error.sentence
            again(lambda: self._quarantine(entry, sentence, office))
        except Exception as error:  # noqa: BLE001  one mail's trouble is never another's
            # The message of an error may quote the mail, and a log must not.
            where = f"{type(error).__name__}\n{''.join(format_tb(error.__traceback__))}"
            log.error("mail %s of %s could not be handled: %s", entry.uid, entry.mailbox, where)
            sentence = f"{type(error).__name__} while it was handled"
            again(lambda: self._quarantine(entry, sentence, office))
        self.committed()

    def _commit(self, entry: Entry, mail: Mail, office: Office) -> None:
        received = arrival(entry.internal_date, now=office.now, machine=self.machine())
        with self.store.writing() as books:
            known = books.known(office.pack.id, mail.fingerprint)
            if known is not None and known.disposition == QUARANTINED:
                # It was set apart and nothing was done about it: a release is no second delivery.
                known = None
            if known is None and (held := self._held(entry, mail, office, books)):
                books.hold_entry(entry.id, held[0])
                commit(told(held[1], office, books), office, books, self.scribe)
                return
            if known is not None and entry.disposition != AGAIN:
                plan = self._known_already(known, entry, mail, office, books=books)
            elif known is not None and known.disposition == "new-case" and (case := books.case(known.number or "")):
                plan = triaged_again(mail, case, office, facts=books, triage=self.triage)
            else:
                plan = plan_for(entry, mail, office, facts=books, received=received, tools=self._tools())
                plan = _linked(plan, books.known_elsewhere(office.pack.id, mail.fingerprint))
                if plan.disposition == QUARANTINED:
                    plan += quarantine(replace(entry, reason=plan.reason), office, facts=books, mail=mail,
                                       watch=self._watch(mail, office))  # fmt: skip
                if plan.disposition not in {JUNK, QUARANTINED}:
                    books.remember(_received(mail, plan, received), mailbox=entry.mailbox, pack=office.pack.id,
                                   fingerprint=mail.fingerprint)  # fmt: skip
                    keep_searchable(plan, mail, books, pack=office.pack.id)
            forget_sealed(plan, books)
            state = QUARANTINED if plan.disposition == QUARANTINED else "done"
            self._save(books, entry, plan, office, state=state if place_of(entry, books) == INBOX else "filed")

    def _known_already(self, known: Received, entry: Entry, mail: Mail, office: Office, *, books: Books) -> Plan:
        """Nothing new; a second mailbox of the pack is noted on the case, processed mail in the inbox is told."""
        if known.disposition == ERASED_MAIL:
            return Plan(disposition=ERASED_MAIL, reason="a mail that was erased is there again")
        if books.filed_before(entry):
            return seen_again(entry, mail, number=known.number, watch=self._watch(mail, office))
        plan = Plan(disposition="duplicate", number=known.number, reason="the same mail was taken in before")
        if known.number is None or known.mailbox == entry.mailbox:
            return plan
        event = Event(kind="also-received", at=office.now, actor="maild", data={"mailbox": entry.mailbox})
        return replace(plan, happenings=(Happening(number=known.number, event=event),))

    def _held(self, entry: Entry, mail: Mail, office: Office, books: Books) -> tuple[datetime, str] | None:
        """Until when the mail waits its turn and who sends too many; None where it is handled now."""
        if entry.disposition in {RELEASED, WAITED, AGAIN}:
            return None
        received = arrival(entry.internal_date, now=office.now, machine=self.machine())
        return waits_until(mail, office, books, received=received, is_public=self.is_public)

    def _save(self, books: Books, entry: Entry, plan: Plan, office: Office, *, state: str) -> None:
        told = with_supervisors(within_limits(plan, office, books), office, books)
        commit(told, office, books, self.scribe)
        books.close_entry(entry.id, state=state, disposition=plan.disposition, reason=plan.reason, number=plan.number)

    def _quarantine(self, entry: Entry, reason: str, office: Office) -> None:
        mail = self._whatever_can_be_read(entry)
        with self.store.writing() as books:
            if place_of(entry, books) != INBOX:
                books.close_entry(entry.id, state="filed", disposition="unreadable", reason=reason, number=None)
                return
            plan = quarantine(replace(entry, reason=reason), office, facts=books, mail=mail,
                              watch=self._watch(mail, office) if mail else None)  # fmt: skip
            self._save(books, entry, plan, office, state="quarantined")

    def _whatever_can_be_read(self, entry: Entry) -> Mail | None:
        """The mail for a person to look at; None where its bytes are gone, which is no reason to stop here."""
        try:
            raw = self.archive.get(entry.sha256) if entry.size else b""
            return self.parse_anyway(raw) if raw else None
        except Temporary:
            raise
        except MaildError:
            return None

    def _set_apart(self, entry: Entry, reason: str, office: Office) -> None:
        """Quarantine a mail without reading it once more: reading it is what ended the program."""
        watch = Watch(reader=office.coordinator_person(), private=True)
        with self.store.writing() as books:
            plan = quarantine(replace(entry, reason=reason), office, facts=books, watch=watch)
            self._save(books, entry, plan, office, state="quarantined")

    def _watch(self, mail: Mail, office: Office) -> Watch:
        """Who hears of a quarantined mail; what cannot even be read is shown to nobody."""
        try:
            return watch_over(mail, office, self.triage)
        except Exception as error:  # noqa: BLE001  it may be in quarantine for that very trouble
            log.warning("a quarantined mail could not be judged: %s", type(error).__name__)
            return Watch(reader=office.coordinator_person(), private=True)

    def _tools(self) -> "tuple[Triage, Originals]":
        return self.triage, self.originals


def _linked(plan: Plan, elsewhere: Received | None) -> Plan:
    """Two packs that got the same mail have a case each, linked (casework 1)."""
    if elsewhere is None or not elsewhere.number or not plan.cases:
        return plan
    first = replace(plan.cases[0], links=(*plan.cases[0].links, elsewhere.number))
    return replace(plan, cases=(first, *plan.cases[1:]))


def _received(mail: Mail, plan: Plan, received: datetime) -> Received:
    return Received(
        message_id=mail.message_id, sha256=mail.sha256, number=plan.number, author=mail.author.address,
        subject=mail.subject[:500], received=received, disposition=plan.disposition,
    )  # fmt: skip
