"""Outgoing mail leaves after its commit: best lane first, within what the provider allows (casework 8).

The bytes and the Message-ID were frozen with their cause, so that a mail sent again after a crash is the same mail.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from maild.domain.lanes import slots
from maild.domain.letter import NO_LANE, Delivered, Lane, LetterKind
from maild.errors import MaildError, Temporary
from maild.workflow.allowance import DAY, Account, Allowance, allowance
from maild.workflow.books import Books, Store
from maild.workflow.plan import Line, Plan, Ready
from maild.workflow.ports import Now, Sender
from maild.workflow.settle import Answer, Settler, domain_of

log = logging.getLogger("maild.deliver")
BATCH = 20
LOOK_AGAIN = 1.0
"""Seconds after which what was read of the outbox is read anew: another process may have put a better mail there."""


@dataclass
class Courier:
    """Empties the outbox of one mailbox; a recipient whose server hangs holds nobody else back."""

    mailbox: str
    store: Store
    sender: Sender
    settler: Settler
    account: Account
    now: Now
    trouble: MaildError | None = None
    """Why the account could not be used the last time; None when it could."""
    closed: int = NO_LANE
    """Lanes from this one on must wait until `opens`, as the provider's limits are used up."""
    opens: datetime | None = None
    _waiting: deque[Ready] = field(default_factory=deque)
    _rooms: list[int] = field(default_factory=list)
    _read_at: float = 0.0
    _fresh: asyncio.Event = field(default_factory=asyncio.Event)
    _answered: deque[Answer] = field(default_factory=deque)
    _pen: asyncio.Lock = field(default_factory=asyncio.Lock)

    def look_again(self) -> None:
        """Something new was put into the outbox; it may be better than what waits here."""
        self._fresh.set()

    async def drain(self) -> int:
        """Send everything that is due, and return how many mails the server accepted."""
        accepted, flying = 0, dict[asyncio.Task[int], Ready]()
        self.trouble = None
        if self._answered:
            await asyncio.to_thread(self._write_down)
        self._waiting.clear()
        try:
            while True:
                for mail in await self._startable(flying.values()):
                    flying[asyncio.create_task(self._send(mail))] = mail
                if not flying:
                    return accepted
                accepted += await self._landed(flying)
        except asyncio.CancelledError:
            for task in flying:
                task.cancel()
            raise
        finally:
            # What is under way is finished first, or it would be in doubt.
            await asyncio.gather(*flying, return_exceptions=True)
            if (self._waiting or self.trouble is not None) and not self._answered:
                await asyncio.to_thread(self._let_go)

    async def _landed(self, flying: dict[asyncio.Task[int], Ready]) -> int:
        """Wait until a connection is free or a better mail may have come; how many mails were accepted meanwhile."""
        fresh = asyncio.create_task(self._fresh.wait())
        try:
            done, _ = await asyncio.wait({*flying, fresh}, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
        finally:
            fresh.cancel()
        landed = [task for task in flying if task in done]
        for task in landed:
            del flying[task]
        return sum(task.result() for task in landed)

    async def _startable(self, flying: Iterable[Ready]) -> list[Ready]:
        """The mails that may start now beside those under way."""
        under_way = list(flying)
        if self.trouble is not None or len(under_way) >= self.sender.connections:
            return []
        if not self._waiting or self._fresh.is_set() or self._is_stale(under_way):
            await self._read(under_way)
        return list(self._started(under_way))

    def _is_stale(self, under_way: list[Ready]) -> bool:
        """Whether what was read is too old, or too careful, as mails under way may have been counted twice."""
        spent = not under_way and self._rooms[self._waiting[0].lane] <= 0
        return spent or asyncio.get_running_loop().time() - self._read_at > LOOK_AGAIN

    def _started(self, under_way: list[Ready]) -> Iterator[Ready]:
        """From the best lane down: a mail that waits for a connection lets none of a lower lane pass."""
        most = self.sender.connections
        lanes, domains = Counter(m.lane for m in under_way), Counter(domain_of(m.recipient) for m in under_way)
        for mail in list(self._waiting):
            busy, domain = sum(lanes[lane] for lane in lanes if lane >= mail.lane), domain_of(mail.recipient)
            if lanes.total() >= most or busy >= slots(Lane(mail.lane), most):
                return
            if self._rooms[mail.lane] <= 0:
                return
            if domains[domain] and domain in self.settler.hung:
                continue
            self._waiting.remove(mail)
            self._rooms = [room - 1 for room in self._rooms]
            lanes[mail.lane] += 1
            domains[domain] += 1
            yield mail

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
        if not result.accepted:
            # Other mails may have been put off with this one.
            self._fresh.set()

    def _write_down(self) -> None:
        """Settle the answers; while the database takes none they are kept, so that no mail is sent for them again."""
        answers = [self._answered[number] for number in range(len(self._answered))]
        self.settler.settle(answers)
        for _ in answers:
            self._answered.popleft()

    # -- what waits, and what may leave

    async def _read(self, under_way: list[Ready]) -> None:
        self._fresh.clear()
        found, allowed = await asyncio.to_thread(self._look, len(under_way))
        flying = {mail.id for mail in under_way}
        self._waiting = deque(mail for mail in found if mail.id not in flying)
        self._rooms = list(allowed.rooms)
        self.closed, self.opens = allowed.closed, allowed.opens
        self._read_at = asyncio.get_running_loop().time()

    def _look(self, flying: int) -> tuple[list[Ready], Allowance]:
        now = self.now()
        with self.store.taking() as books:
            allowed = allowance(self.account, books, now, flying)
            ready = books.claim(self.mailbox, now, BATCH + flying, below=allowed.closed)
            behind = books.next_ready(self.mailbox) if allowed.day_used else None
        if behind is not None and behind <= now:
            with self.store.writing() as books:
                self._put_off(allowed, books, now)
        if self.settler.office().box.mode == "observe":
            ready = [mail for mail in ready if mail.kind == LetterKind.DIGEST.value]
        return list(ready), allowed

    def _let_go(self) -> None:
        """Another daemon may send what this one cannot; while the database is away it cannot know."""
        with suppress(Temporary), self.store.writing() as books:
            books.let_go(self.mailbox)

    def _put_off(self, allowed: Allowance, books: Books, now: datetime) -> None:
        """The day's budget is used: the lanes it closes wait, and people hear of it once a day."""
        waiting = books.put_off_lanes(self.mailbox, allowed.closed, allowed.opens or now)
        told = books.marked_time(f"budget {self.mailbox}")
        if not waiting or (told is not None and told > now - DAY):
            return
        log.warning(
            "%s: the day's budget of %s mails is used up for lane %s and below; %s mails wait until %s",
            self.mailbox, self.account.budget.per_day, allowed.closed, waiting, allowed.opens,
        )  # fmt: skip
        books.mark_time(f"budget {self.mailbox}", now)
        line = Line(kind="budget-used", data={"count": str(waiting)})
        books.save(Plan(lines=(line,)), (), mailbox=self.mailbox, now=now)
