"""What an SMTP server's answer makes of an outgoing mail: left, put off, lightened, or told as failed (casework 8).

A refusal that means "too fast" slows the whole account; one that means "too large" leads to one more try without the
files; a recipient whose server hangs takes the other mails for that domain along.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from maild.domain.backoff import retry_at
from maild.domain.letter import Delivered, LetterKind
from maild.domain.throttle import pause_after, too_large
from maild.errors import Temporary
from maild.mail.lighten import file_names, without_files
from maild.workflow.again import again
from maild.workflow.arrival import answer_arrived
from maild.workflow.books import Books, Store
from maild.workflow.commit import commit
from maild.workflow.copies import NAMELESS, copy_line, role_name
from maild.workflow.freeze import Scribe
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Ready
from maild.workflow.ports import Now
from maild.workflow.returned import undeliverable

log = logging.getLogger("maild.deliver")
Answer = tuple[Ready, Delivered]
NEVER = datetime.min.replace(tzinfo=UTC)
PROBE = timedelta(seconds=90)
"""How much longer than the mail whose server hung the others of its domain wait: it is tried first, and alone."""


@dataclass
class Settler:
    """Writes the answers of one mailbox's mails down."""

    mailbox: str
    account: str
    """Names the SMTP account, which several mailboxes may share."""
    store: Store
    scribe: Scribe
    office: Callable[[], Office]
    now: Now
    hung: set[str] = field(default_factory=set)
    """Domains whose servers hung the last time: one mail at a time."""
    _pauses: int = 0
    _slow_until: datetime = NEVER

    def settle(self, answers: Sequence[Answer]) -> None:
        """Commit the answers together; when that fails, one by one. `Temporary`: nothing is written."""
        try:
            again(lambda: self._commit(answers))
        except Temporary:
            raise
        except Exception:
            log.exception("answers of %s could not be settled together", self.mailbox)
            for one in answers:
                self._commit_alone(one)

    def _commit(self, answers: Sequence[Answer]) -> None:
        with self.store.writing() as books:
            for mail, result in answers:
                self._settle(mail, result, books)

    def _commit_alone(self, one: Answer) -> None:
        """Settle one answer; where people cannot be told by mail that it failed, the digest tells them."""
        mail, result = one
        try:
            again(lambda: self._commit([one]))
        except Temporary:
            raise
        except Exception:
            log.exception("nobody could be told that mail %s failed", mail.maild_id)
            line = Line(kind="bounced", number=mail.number, data={"to": mail.recipient})
            with self.store.writing() as books:
                books.failed(mail.id, f"{result.code} {result.text}")
                books.save(Plan(lines=(line,)), (), mailbox=self.mailbox, now=self.now())

    def _settle(self, mail: Ready, result: Delivered, books: Books) -> None:
        now, domain = self.now(), domain_of(mail.recipient)
        answer = f"{result.code} {result.text}"
        if result.accepted:
            self._pauses = 0
            self.hung.discard(domain)
            books.sent_now(mail.id, now, answer)
            if mail.kind not in NAMELESS and books.kept_text(role_name(self.mailbox, "Sent")):
                line = copy_line(mail.maild_id, mail.number)
                books.save(Plan(lines=(line,)), (), mailbox=self.mailbox, now=now)
            if mail.kind == LetterKind.ANSWER.value:
                office = self.office()
                if (arrived := answer_arrived(mail, office, facts=books)) != Plan():
                    commit(arrived, office, books, self.scribe)
        elif too_large(result.code, result.text) and (names := file_names(mail.raw)):
            log.warning("mail %s was too large for the server; it goes once more without its files", mail.maild_id)
            books.set_raw(mail.id, without_files(mail.raw, self._note(names, mail.kind)), now, answer)
        else:
            self._try_again(mail, result, self._slowed_until(result, books), books)

    def _slowed_until(self, result: Delivered, books: Books) -> datetime | None:
        """Leave the account alone for a while when it is found too fast: the next mail would only make it worse."""
        now = self.now()
        pauses = self._pauses - 1 if self._slow_until > now else self._pauses
        pause = pause_after(result.code, result.text, pauses)
        if pause is None:
            return None
        self._pauses, self._slow_until = pauses + 1, now + pause
        log.warning("%s: the server finds us too fast (%s); nothing is sent for %s", self.mailbox, result.code, pause)
        books.mark_time(slow_mark(self.account), now + pause)
        return now + pause

    def _try_again(self, mail: Ready, result: Delivered, slow: datetime | None, books: Books) -> None:
        now = self.now()
        answer, first = f"{result.code} {result.text}", mail.first_try or now
        again = None if result.permanent and slow is None else retry_at(mail.attempts, first, now)
        if again is None:
            self._fail(mail, answer, books)
            return
        if result.hung:
            self.hung.add(domain_of(mail.recipient))
            books.put_off_domain(self.mailbox, domain_of(mail.recipient), again + PROBE)
        books.put_off(mail.id, until=max(again, slow or again), first_try=first, answer=answer)

    def _fail(self, mail: Ready, answer: str, books: Books) -> None:
        books.failed(mail.id, answer)
        office = self.office()
        sent = books.sent(maild_id=mail.maild_id)
        plan = undeliverable(sent, answer, office, facts=books) if sent else Plan()
        commit(plan, office, books, self.scribe)
        log.warning("mail %s could not be delivered: SMTP answered %s", mail.maild_id, answer.partition(" ")[0])

    def _note(self, names: Sequence[str], kind: str) -> str:
        """Both languages, as the mail's own is not known any more; who asked for the files need not ask again."""
        code = "file-too-large" if kind == LetterKind.FILES.value else "files-left-out"
        texts = (self.scribe.words(language)["delivery"][code] for language in ("zh", "en"))
        return "\n".join(text.format(files="; ".join(names)) for text in texts)


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case."""
    return address.rpartition("@")[2].lower()


def slow_mark(account: str) -> str:
    """Under which name the database keeps until when an account is left alone."""
    return f"slow {account}"
