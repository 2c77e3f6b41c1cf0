"""The daemon: one loop a mailbox to take mail in, one to send, one sweep over due clocks, digests by the calendar.

A mailbox that cannot be reached stops no other. SIGTERM finishes the mail under way and stops; SIGHUP reads rules,
templates and the directory again and keeps the old ones when the new are wrong.
"""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from maild.assembly import Workshop
from maild.domain.backoff import next_try
from maild.errors import MaildError, Superseded
from maild.forgetting import Forgetting
from maild.inforce import RulesInForce
from maild.post import TOKEN_TROUBLE, Post, has_tokens, keep_signed_in, open_post, renew, take_in
from maild.settings import MailboxSettings
from maild.speaking import Speaker, is_servers
from maild.tenure import Tenure
from maild.vitals import Vitals

log = logging.getLogger("maild")
T = TypeVar("T")
LONGEST_SLEEP = 30.0
TICK_SECONDS = 20
BUSY_WAIT, IDLE_WAIT = 0.05, 1.0
"""Seconds at least between two looks into the outbox that nobody asks for: behind one that sent, and one that did not
because what waits is another process's just now."""
HINT_WAIT = 0.2
"""Seconds that a process has to send by itself what it queued, before others look for it."""
LIVELY_SECONDS, LIVELY_WAIT = 2.0, 0.1
"""How long after a mail the folder is looked at often: servers tell an idling client of the next one half a second
late, to tell of several at once."""


def machine_clock() -> datetime:
    """The machine's clock, aware UTC."""
    return datetime.now(UTC)


class Daemon:
    """`maild run`."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.stopping = asyncio.Event()
        self._woken = asyncio.Event()
        self._ended = threading.Event()
        self._rules = RulesInForce(workshop)
        self._loop = asyncio.get_running_loop()
        boxes = workshop.settings.mailbox
        self._threads = ThreadPoolExecutor(max_workers=2 * len(boxes) + 8, thread_name_prefix="maild")
        self._loop.set_default_executor(self._threads)
        self.tenure = Tenure(workshop, changed=self._shared_out, heard=self._heard)
        self.posts = [open_post(workshop, box, self._committed, self.tenure.leases) for box in boxes]
        self.speaker = Speaker(
            workshop, self.posts, holds=self.tenure.holds, stopping=self.stopping, wake=self.look_again_soon
        )
        self.vitals = Vitals(workshop, self.posts)
        self._hinted = set[str]()

    async def run(self) -> None:
        """Work until `stop`; what is under way is finished first. `Permanent` where another daemon has the database."""
        with self.tenure:
            await self._run()

    async def _run(self) -> None:
        self._signals()
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS)
        scheduler.start()
        tasks = [asyncio.create_task(work) for post in self.posts for work in (self._intake(post), self._deliver(post))]
        tasks += map(asyncio.create_task, (self._sweep(), self.speaker.tell(), self.speaker.look()))
        forgetting = Forgetting(self.workshop, self._committed).run(self.posts, self.tenure.holds, self.stopping)
        tasks += map(asyncio.create_task, (self.vitals.run(self.stopping), forgetting))
        tasks += [asyncio.create_task(self._signed_in(post)) for post in self.posts if has_tokens(post.box)]
        await self.stopping.wait()
        scheduler.shutdown(wait=False)
        await asyncio.gather(*tasks)
        for post in self.posts:
            await asyncio.to_thread(post.server.close)
            await post.courier.sender.close()

    def stop(self) -> None:
        """Finish what is under way, then end `run`."""
        log.info("stopping: what is under way is finished first")
        self._ended.set()
        self.stopping.set()
        for post in self.posts:
            post.server.wake()
            post.turn.set()
        self.look_again()

    def look_again(self) -> None:
        """Look at clocks and outbox now: the clock was moved, or the daemon stops."""
        self._woken.set()
        self.speaker.awaken.set()
        for post in self.posts:
            post.outgoing.set()

    def stop_soon(self) -> None:
        """`stop`, from another thread."""
        self._loop.call_soon_threadsafe(self.stop)

    def look_again_soon(self) -> None:
        """`look_again`, from another thread."""
        self._loop.call_soon_threadsafe(self.look_again)

    def reload(self) -> None:
        """Read rules, templates, directory and modes again; the old ones stay where the new are wrong."""
        if not self._rules.reload([(post.box, post.ticker) for post in self.posts]):
            return
        for post, box in zip(self.posts, self.workshop.settings.mailbox, strict=True):
            if post.box.mode != box.mode:
                log.info("%s: the mode is %s from now on", box.address, box.mode)
            post.box = box
            renew(post, self.workshop, self._committed_for(post))

    def _signals(self) -> None:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            for name in ("SIGTERM", "SIGINT"):
                self._loop.add_signal_handler(getattr(signal, name), self.stop)
            self._loop.add_signal_handler(signal.SIGHUP, self.reload)

    async def _intake(self, post: Post) -> None:
        while not self.stopping.is_set():
            post.turn.clear()
            holds = self.tenure.holds(post.box.address)
            self.vitals.intake(post.box.address, rests=not holds)
            if not holds:
                await asyncio.to_thread(post.server.close)
                await post.turn.wait()
                continue
            pause = await asyncio.to_thread(self._one_pass, post)
            if pause and not self.stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), pause)

    def _one_pass(self, post: Post) -> float:
        """Take in what there is, then wait for more; returns how long to leave the server alone."""
        try:
            new = take_in(post)
            post.failures, post.heard, post.reached, post.takes_in = 0, "", True, True
            if new:
                log.info("%s: %d new", post.box.address, new)
                post.lively_until = time.monotonic() + LIVELY_SECONDS
            if not self._ended.is_set():
                post.server.wait(LIVELY_WAIT if time.monotonic() < post.lively_until else post.box.poll_seconds)
            return 0.0
        except Superseded as error:
            log.info("%s", error.sentence)
            return LIVELY_WAIT
        except MaildError as error:
            return self._note(post, error)
        except Exception as error:
            log.exception("%s: intake failed", post.box.address)
            return self._note(post, MaildError(f"{post.box.address}: {type(error).__name__} during intake."))

    def _note(self, post: Post, error: MaildError) -> float:
        pause = next_try(post.failures).total_seconds()
        post.failures += 1
        if is_servers(error):
            post.reached = False
        else:
            post.takes_in = False
        if error.sentence != post.heard:
            log.error("%s (next try in %.0f s)", error.sentence, pause)
            post.heard = error.sentence
        return pause

    async def _deliver(self, post: Post) -> None:
        failures = 0
        while not self.stopping.is_set():
            post.outgoing.clear()
            sent = 0
            try:
                sent = await post.courier.drain()
                trouble = post.courier.trouble
            except MaildError as error:
                trouble = error
            except Exception as error:
                log.exception("%s: delivery failed", post.box.address)
                trouble = MaildError(f"{post.box.address}: {type(error).__name__} during delivery.")
            post.sends = post.sends if trouble and not is_servers(trouble) else trouble is None
            if trouble is not None and not failures:
                log.error("%s", trouble.sentence)
            failures = failures + 1 if trouble is not None else 0
            pause = next_try(failures).total_seconds()
            if not failures:
                pause = await asyncio.to_thread(self._until_ready, post, BUSY_WAIT if sent else IDLE_WAIT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(post.outgoing.wait() if not failures else self.stopping.wait(), pause)

    def _until_ready(self, post: Post, least: float) -> float:
        """Seconds until a mail may leave; the mailbox of another daemon is its business, until that one is dead."""
        if not self.tenure.holds(post.box.address):
            return LONGEST_SLEEP
        with self.workshop.store.reading() as books:
            at = books.next_ready(post.box.address, below=post.courier.closed)
        at = min(filter(None, (at, post.courier.opens)), default=None)
        wait = LONGEST_SLEEP if at is None else (at - self.workshop.now()).total_seconds()
        return max(least, min(LONGEST_SLEEP, wait))

    async def _signed_in(self, post: Post) -> None:
        while not self.stopping.is_set():
            try:
                pause = await asyncio.to_thread(keep_signed_in, post)
            except MaildError as error:
                log.error("%s", error.sentence)
                pause = TOKEN_TROUBLE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)

    async def _sweep(self) -> None:
        while not self.stopping.is_set():
            self._woken.clear()
            pause = await asyncio.to_thread(self._tick_once)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    async def _tick(self) -> None:
        await asyncio.to_thread(self._tick_once)
        if await asyncio.to_thread(self._rules.changed):
            await asyncio.to_thread(self.reload)

    def _tick_once(self) -> float:
        """Every due clock, owed acknowledgement and digest; returns the seconds until the next may be due."""
        pauses = [LONGEST_SLEEP]
        self.vitals.sweep()
        for post in self.posts:
            try:
                pauses.append(post.ticker.tick())
                post.sweeps = True
                continue
            except MaildError as error:
                log.error("%s", error.sentence)
            except Exception:
                log.exception("%s: the sweep failed", post.box.address)
            post.sweeps = False
        return max(0.05, min(pauses))

    def _shared_out(self) -> None:
        """Mailboxes changed hands: who waits for one looks, and who waits for mail in one that is gone stops."""
        for post in self.posts:
            holds = self.tenure.holds(post.box.address)
            for event in (post.turn, post.outgoing) if holds else (post.turn,):
                if not self._loop.is_closed():
                    self._loop.call_soon_threadsafe(event.set)
            if not holds:
                post.server.wake()

    def _heard(self, mailbox: str) -> None:
        """Another process put mail into the outbox of a mailbox of ours: look, when it has had a moment to send it."""
        if not self.tenure.holds(mailbox):
            return
        if mailbox not in self._hinted and not self._loop.is_closed():
            self._hinted.add(mailbox)
            self._loop.call_soon_threadsafe(self._loop.call_later, HINT_WAIT, self._look_for, mailbox)

    def _look_for(self, mailbox: str) -> None:
        self._hinted.discard(mailbox)
        for post in self.posts:
            if post.box.address == mailbox:
                post.outgoing.set()
                post.courier.look_again()

    def _committed_for(self, post: Post) -> Callable[[], None]:
        return lambda: self._committed(post.box)

    def _committed(self, box: MailboxSettings) -> None:
        self.vitals.intake(box.address)
        post = next((p for p in self.posts if p.box.address == box.address), None)
        if post is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(post.outgoing.set)
            self._loop.call_soon_threadsafe(post.courier.look_again)
            self._loop.call_soon_threadsafe(self.speaker.awaken.set)


def run(workshop: Workshop, *, started: Callable[[Daemon], None] | None = None) -> None:
    """Run the daemon until it is stopped."""

    async def main() -> None:
        daemon = Daemon(workshop)
        if started is not None:
            started(daemon)
        await daemon.run()

    asyncio.run(main())
