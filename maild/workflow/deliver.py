"""Outgoing mail leaves after its commit: best lane first, 4xx tried again, 5xx told to people (casework 8).

The bytes and the Message-ID were frozen with their cause, so that a mail sent again after a crash is the same mail.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from maild.domain.backoff import retry_at
from maild.domain.letter import Delivered, LetterKind
from maild.errors import MaildError, Temporary
from maild.workflow.books import Books, Store
from maild.workflow.commit import commit
from maild.workflow.freeze import Scribe
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Ready
from maild.workflow.ports import Now, Sender
from maild.workflow.returned import undeliverable

log = logging.getLogger("maild.deliver")
BATCH = 50


@dataclass
class Courier:
    """Empties the outbox of one mailbox; a recipient whose server hangs holds nobody else back."""

    mailbox: str
    store: Store
    sender: Sender
    scribe: Scribe
    office: Callable[[], Office]
    now: Now
    connections: int = 4
    trouble: MaildError | None = None
    """Why the account could not be used the last time; None when it could."""
    _answered: deque[tuple[Ready, Delivered]] = field(default_factory=deque)
    _pen: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def drain(self) -> int:
        """Send everything that is due, and return how many mails the server accepted."""
        accepted = 0
        if self._answered:
            await asyncio.to_thread(self._write_down)
        while batch := await asyncio.to_thread(self._ready):
            accepted += await self._send_all(batch)
            if self.trouble is not None:
                break
        return accepted

    async def _send_all(self, batch: list[Ready]) -> int:
        self.trouble = None
        waiting = iter(batch)
        results = await asyncio.gather(*(self._work(waiting) for _ in range(min(self.connections, len(batch)))))
        return sum(results)

    async def _work(self, waiting: Iterator[Ready]) -> int:
        accepted = 0
        for mail in waiting:
            if self.trouble is not None:
                break
            accepted += await self._send(mail)
        return accepted

    async def _send(self, mail: Ready) -> int:
        try:
            result = (await self.sender.send(self.mailbox, [mail.recipient], mail.raw))[0]
        except MaildError as error:
            self.trouble = error
            return 0
        try:
            await self._settled(mail, result)
        except Temporary as error:
            self.trouble = error
        return int(result.accepted)

    async def _settled(self, mail: Ready, result: Delivered) -> None:
        """Return once the answer is committed: one commit for all that came in while the last one was written.

        A connection sends no further mail before, so that at most one mail a connection is in doubt after a crash.
        """
        self._answered.append((mail, result))
        async with self._pen:
            if self._answered:
                await asyncio.to_thread(self._write_down)

    def _ready(self) -> list[Ready]:
        with self.store.reading() as books:
            ready = list(books.ready(self.mailbox, self.now(), BATCH))
        if self.office().box.mode != "observe":
            return ready
        return [mail for mail in ready if mail.kind == LetterKind.DIGEST.value]

    def _write_down(self) -> None:
        """Commit the answers; while the database takes none they are kept, so that no mail is sent for them again."""
        answers = [self._answered[number] for number in range(len(self._answered))]
        try:
            self._commit(answers)
        except Temporary:
            raise
        except Exception:
            log.exception("answers of %s could not be settled together", self.mailbox)
            for one in answers:
                self._commit_alone(one)
        for _ in answers:
            self._answered.popleft()

    def _commit(self, answers: Sequence[tuple[Ready, Delivered]]) -> None:
        with self.store.writing() as books:
            for mail, result in answers:
                self._settle(mail, result, books)

    def _commit_alone(self, one: tuple[Ready, Delivered]) -> None:
        """Settle one answer; where people cannot be told by mail that it failed, the digest tells them."""
        mail, result = one
        try:
            self._commit([one])
        except Temporary:
            raise
        except Exception:
            log.exception("nobody could be told that mail %s failed", mail.maild_id)
            line = Line(kind="bounced", number=mail.number, data={"to": mail.recipient})
            with self.store.writing() as books:
                books.failed(mail.id, f"{result.code} {result.text}")
                books.save(Plan(lines=(line,)), (), mailbox=self.mailbox, now=self.now())

    def _settle(self, mail: Ready, result: Delivered, books: Books) -> None:
        now = self.now()
        answer = f"{result.code} {result.text}"
        first = mail.first_try or now
        again = None if result.permanent else retry_at(mail.attempts, first, now)
        if result.accepted:
            books.sent_now(mail.id, now, answer)
        elif again is not None:
            books.put_off(mail.id, until=again, first_try=first, answer=answer)
        else:
            books.failed(mail.id, answer)
            office = self.office()
            sent = books.sent(maild_id=mail.maild_id)
            plan = undeliverable(sent, answer, office, facts=books) if sent else Plan()
            commit(plan, office, books, self.scribe)
            log.warning("mail %s could not be delivered: SMTP answered %s", mail.maild_id, result.code)


def next_try(failures: int) -> timedelta:
    """How long an account that cannot be used is left alone: 5 s doubling to 5 minutes."""
    return timedelta(seconds=min(300, 5 * 2 ** min(failures, 6)))
