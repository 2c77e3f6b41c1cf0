"""How long this process may work on its mailboxes: alone on an SQLite file, by leases among several on PostgreSQL."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

from maild.adapters.alone import alone_on
from maild.adapters.hints import Hints
from maild.adapters.leases import ALIVE, BEAT, Leases
from maild.adapters.storecheck import database_path
from maild.assembly import Workshop
from maild.errors import MaildError

log = logging.getLogger("maild")
_SLICE = 0.3
"""Seconds after which a thread that listens looks whether it is to end."""


class Tenure:
    """Gives signs of life in a thread of its own, so that nothing slow costs a mailbox; `with` ends it."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        guest: bool = False,
        changed: Callable[[], None] | None = None,
        heard: Callable[[str], None] | None = None,
    ) -> None:
        """`guest`: only for a pass, so that no daemon gives a mailbox up for it; the callbacks come from the thread."""
        self._store, self._file = workshop.store, database_path(workshop.settings)
        self.leases = Leases(self._store, [box.address for box in workshop.settings.mailbox], guest=guest)
        self._held: frozenset[str] = frozenset()
        self._changed = changed or (lambda: None)
        self._heard = heard
        self._ended = threading.Event()
        self._stack = ExitStack()
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        """`Permanent` where an SQLite file is another's already."""
        with ExitStack() as stack:
            stack.enter_context(alone_on(self._file))
            stack.callback(self.leases.end)
            self._held = self.leases.beat()
            if self._store.worker:
                thread = threading.Thread(target=self._keep, name="maild-leases", daemon=True)
                thread.start()
                stack.callback(thread.join)
                stack.callback(self._ended.set)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def holds(self, mailbox: str) -> bool:
        """Whether this process takes in the mail of this mailbox."""
        return mailbox in self._held

    def wait_for(self, mailbox: str) -> bool:
        """Whether the mailbox is held, when a daemon that died with it has had time to be missed."""
        while not self.holds(mailbox) and time.monotonic() < self._begun + ALIVE + 2 * BEAT:
            self._ended.wait(BEAT / 5)
        return self.holds(mailbox)

    def _keep(self) -> None:
        hints = Hints(self._store.engine, self._store.worker) if self._heard is not None else None
        while not self._ended.is_set():
            self._pause(hints)
            if not self._ended.is_set():
                self._beat()
        if hints is not None:
            hints.close()

    def _pause(self, hints: Hints | None) -> None:
        if hints is None or self._heard is None:
            self._ended.wait(BEAT)
            return
        end = time.monotonic() + BEAT
        while not self._ended.is_set() and (left := end - time.monotonic()) > 0:
            for mailbox in hints.wait(min(left, _SLICE)):
                self._heard(mailbox)

    def _beat(self) -> None:
        before = self._held
        try:
            self._held = self.leases.beat()
        except MaildError as error:
            # What was held is held until another takes it; while the database is away nobody can.
            log.warning("no sign of life could be given: %s", error.sentence)
            return
        for word, boxes in (("taken over", self._held - before), ("left to another daemon", before - self._held)):
            if boxes:
                log.info("%s: %s", word, ", ".join(sorted(boxes)))
        if self._held != before:
            self._changed()
