"""How a daemon speaks up: it tells by the second channel what was committed for it, and watches its own health.

What is looked at is what the loops last found (logins, sending), how old the oldest waiting mail is, disk, archive,
calendar data and clock (casework 6, P8.6.1).
"""

import asyncio
import contextlib
import logging
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from maild.adapters.storecheck import archive_path, database_path
from maild.assembly import Workshop
from maild.errors import LoginRefused, MaildError, Misconfigured, ProtocolTrouble, ServerGone
from maild.nightly import reconcile_at_night
from maild.post import Post
from maild.workflow.selfwatch import Report, SelfWatch

log = logging.getLogger("maild")
TELL_SECONDS, WATCH_SECONDS = 10.0, 20.0
"""Seconds between looks for instant messages that came without a mail, and between looks at ourselves."""
JUMP, WAITS = timedelta(minutes=5), timedelta(minutes=1)
"""How far a clock must jump, and how long mail must wait, to be looked at."""
_JUMP_LASTS = 3600.0
_DISK = frozenset({"disk-full", "archive-unwritable"})
_OF_A_SERVER = (LoginRefused, Misconfigured, ProtocolTrouble, ServerGone)


def is_servers(error: MaildError) -> bool:
    """Whether the trouble is a mail server's or an account's, not the database's or the disk's."""
    return isinstance(error, _OF_A_SERVER)


@dataclass
class Speaker:
    """The second channel and the self-watch of one daemon; mail waits for neither."""

    workshop: Workshop
    posts: Sequence[Post]
    holds: Callable[[str], bool]
    """Whether this daemon takes in the mail of a mailbox; another one's is not ours to judge."""
    stopping: asyncio.Event
    wake: Callable[[], None]
    """Called from a thread when there is mail to send."""
    awaken: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something may be there to tell."""
    _clock: tuple[datetime, float] | None = None
    _jumped: float | None = None

    def __post_init__(self) -> None:
        boxes = self.workshop.settings.mailbox
        self.herald = self.workshop.herald()
        self.watch = SelfWatch(
            store=self.workshop.store, scribe=self.workshop.scribe, herald=self.herald,
            offices=lambda: [self.workshop.office(box) for box in boxes],
            after=self.workshop.settings.notify.trouble_after,
        )  # fmt: skip

    async def tell(self) -> None:
        """Tell what is committed, until the end."""
        while not self.stopping.is_set():
            self.awaken.clear()
            await asyncio.to_thread(self._noted, self.herald.tell_all)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.awaken.wait(), TELL_SECONDS)

    async def look(self) -> None:
        """Look at ourselves, until the end."""
        while not self.stopping.is_set():
            await asyncio.to_thread(self._noted, self.look_once)
            await asyncio.to_thread(self._noted, self._compare_books)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), WATCH_SECONDS)

    def look_once(self) -> int:
        """One look; how many things were told."""
        told = self.watch.look(self._reports(), self.workshop.now())
        if told:
            self.wake()
        return told

    def _compare_books(self) -> None:
        for post in self.posts:
            if self.holds(post.box.address):
                reconcile_at_night(self.workshop, post.box)

    def _noted(self, work: Callable[[], object]) -> None:
        try:
            work()
        except MaildError as error:
            log.error("%s", error.sentence)
        except Exception:
            log.exception("speaking up failed")

    def _reports(self) -> list[Report]:
        machine = list(self._of_machine())
        # Where a disk is at fault people hear of it, and not of all that it stops.
        room = not any(one.wrong and one.kind in _DISK for one in machine)
        return [*machine, *(one for post in self.posts for one in self._of_post(post, room=room))]

    def _of_post(self, post: Post, *, room: bool) -> Iterator[Report]:
        box, after = post.box.address, self.workshop.settings.notify.trouble_after
        if post.sends is not None:
            yield Report(kind="smtp-unusable", subject=box, wrong=not post.sends, after=after)
        if post.signed_in is not None:
            yield Report(kind="login-lost", subject=box, wrong=not post.signed_in)
        if post.sweeps is not None:
            yield Report(kind="sweep-failing", subject=box, wrong=not post.sweeps, after=after)
        if not self.holds(box):
            return
        if post.takes_in is not None:
            yield Report(kind="intake-failing", subject=box, wrong=room and not post.takes_in, after=after)
        if post.reached is not None:
            yield Report(kind="login-failed", subject=box, wrong=not post.reached, after=after)
        with contextlib.suppress(MaildError):
            yield from self._of_books(box, is_sending=post.box.mode != "observe" and post.sends is not False)

    def _of_books(self, box: str, *, is_sending: bool) -> Iterator[Report]:
        """What waits for a minute and goes on waiting; what gathered while nobody ran is done first."""
        now, machine = self.workshop.now(), self.workshop.machine()
        after = max(self.workshop.settings.notify.trouble_after - WAITS, timedelta())
        with self.workshop.store.reading() as books:
            taken, due = books.oldest_unhandled(box), books.oldest_due(box, now)
        late = is_sending and due is not None and now - due >= WAITS
        yield Report(kind="intake-old", subject=box, wrong=taken is not None and machine - taken >= WAITS, after=after)
        yield Report(kind="outgoing-old", subject=box, wrong=late, after=after)

    def _of_machine(self) -> Iterator[Report]:
        here, settings = socket.gethostname(), self.workshop.settings
        folder = archive_path(settings)
        database = database_path(settings)
        places = [place for place in (database and database.parent, folder) if place is not None]
        yield Report(
            kind="disk-full", subject=here, wrong=any(_is_full(p, settings.notify.disk_percent) for p in places)
        )
        yield Report(
            kind="archive-unwritable",
            subject=here,
            wrong=folder is not None and not _is_writable(folder),
            after=timedelta(minutes=1),
        )
        yield Report(kind="calendar-data", subject=here, wrong=self._calendar_ends())
        yield Report(kind="clock-jumped", subject=here, wrong=self._has_jumped())

    def _calendar_ends(self) -> bool:
        """Whether some office's working days are not known far enough ahead."""
        ahead = timedelta(days=self.workshop.settings.notify.calendar_days)
        calendars = [desk.calendar for desk in self.workshop.house.desks.values()]
        return any(not one.is_known(one.local(self.workshop.now() + ahead).date()) for one in calendars)

    def _has_jumped(self) -> bool:
        """Whether the machine's clock and its count of seconds parted within the last hour."""
        wall, steady = self.workshop.machine(), time.monotonic()
        if self._clock is not None:
            parted = (wall - self._clock[0]) - timedelta(seconds=steady - self._clock[1])
            if abs(parted) >= JUMP:
                self._jumped = steady
        self._clock = wall, steady
        return self._jumped is not None and steady - self._jumped < _JUMP_LASTS


def _is_full(place: Path, percent: int) -> bool:
    there = next(one for one in (place, *place.absolute().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return usage.free * 100 < usage.total * percent


def _is_writable(folder: Path) -> bool:
    """Whether a file can be made and kept there; a folder that is not there yet will be made with the first mail."""
    if not folder.exists():
        return True
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"maild")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True
