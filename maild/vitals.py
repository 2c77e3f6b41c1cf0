"""The signs of life of one daemon: to the service manager, and to whoever asks `/healthz` and `/metrics`.

The event loop, the sweep and each intake must turn; sending is judged by how old the oldest waiting mail is, as one
round of it may take as long as a provider's rates make it.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence

from maild.adapters.healthserver import Health, HealthServer
from maild.adapters.pulse import Pulse
from maild.adapters.servicemanager import ServiceManager
from maild.assembly import Workshop
from maild.errors import MaildError
from maild.post import Post

TURN = 15.0
"""Seconds between two turns of the event loop that are looked at."""
_SLACK, _SWEEP, _INTAKE = 60.0, 600.0, 900.0
"""Seconds after which the event loop, the sweep and an intake without a finished mail are taken for stuck."""


class Vitals:
    """Begins with `run`, ends with it."""

    def __init__(self, workshop: Workshop, posts: Sequence[Post], manager: ServiceManager | None = None) -> None:
        self._workshop, self._posts = workshop, posts
        self._manager = manager or ServiceManager()
        self.pulse = Pulse()

    def intake(self, mailbox: str, *, rests: bool = False) -> None:
        """The intake of this mailbox turns, or waits because another daemon has it."""
        if rests:
            self.pulse.rest(f"intake of {self._place(mailbox)}")
        else:
            self.pulse.beat(f"intake of {self._place(mailbox)}", time.monotonic(), _INTAKE)

    def sweep(self) -> None:
        """The sweep turns."""
        self.pulse.beat("sweep", time.monotonic(), _SWEEP)

    async def run(self, stopping: asyncio.Event) -> None:
        """Say READY, give signs of life while every loop turns, say STOPPING; answer `/healthz` meanwhile."""
        listen = self._workshop.settings.health.listen
        server = HealthServer(listen, self.health) if listen else None
        self._manager.tell("READY=1", f"STATUS=watching {len(self._posts)} mailboxes")
        every = min(TURN, self._manager.every or TURN)
        try:
            while not stopping.is_set():
                self.pulse.beat("event loop", time.monotonic(), every + _SLACK)
                self._sign()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), every)
        finally:
            self._manager.tell("STOPPING=1", "STATUS=finishing what is under way")
            if server is not None:
                await asyncio.to_thread(server.close)

    def health(self) -> Health:
        """How the daemon is now."""
        faults = [f"stuck: {loop}" for loop in self.pulse.stuck(time.monotonic())]
        gauges = self._of_posts()
        try:
            gauges |= self._of_books()
        except MaildError:
            faults.append("the database cannot be used")
        return Health(faults=tuple(faults), gauges=gauges)

    def _sign(self) -> None:
        stuck = self.pulse.stuck(time.monotonic())
        if stuck:
            self._manager.tell(f"STATUS=stuck: {', '.join(stuck)}")
        elif self._manager.every is not None:
            self._manager.tell("WATCHDOG=1")

    def _place(self, mailbox: str) -> str:
        """A mailbox by its place in maild.toml: its address is nobody's business here."""
        at = next((n for n, post in enumerate(self._posts, 1) if post.box.address == mailbox), 0)
        return f"mailbox {at}"

    def _of_posts(self) -> dict[str, tuple[str, float]]:
        return {
            "maild_mailboxes": ("mailboxes in maild.toml", len(self._posts)),
            "maild_mailboxes_failing": (
                "mailboxes that could not be reached the last time", sum(p.reached is False for p in self._posts)
            ),
            "maild_accounts_failing": (
                "SMTP accounts that could not be used the last time", sum(p.sends is False for p in self._posts)
            ),
            "maild_loops_stuck": ("loops that do not turn", len(self.pulse.stuck(time.monotonic()))),
        }  # fmt: skip

    def _of_books(self) -> dict[str, tuple[str, float]]:
        now, machine = self._workshop.now(), self._workshop.machine()
        with self._workshop.store.reading() as books:
            boxes = [post.box.address for post in self._posts]
            kept = sum(books.kept(box)[0] for box in boxes)
            taken = [at for box in boxes if (at := books.oldest_unhandled(box))]
            due = [at for box in boxes if (at := books.oldest_due(box, now))]
        oldest = max((machine - at for at in taken), default=None)
        late = max((now - at for at in due), default=None)
        return {
            "maild_outgoing_waiting": ("outgoing mails that wait, held ones too", kept),
            "maild_outgoing_late_seconds": (
                "how long the oldest answer or echo could have left", late.total_seconds() if late else 0
            ),
            "maild_intake_late_seconds": (
                "how long the oldest mail that came in waits to be handled", oldest.total_seconds() if oldest else 0
            ),
        }  # fmt: skip
