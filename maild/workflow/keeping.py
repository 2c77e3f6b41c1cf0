"""Keeping house on the mail server: how full it is, and old processed mail whose archive copy agrees (casework 1)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from maild.errors import MaildError
from maild.settings import MailboxSettings
from maild.workflow.books import Store
from maild.workflow.plan import Line, Plan
from maild.workflow.ports import Archive, MailServer, Now, Waiting
from maild.workflow.sealedaway import SealedAway

log = logging.getLogger("maild.keeping")
DAY = timedelta(days=1)
FULL = 80
"""Per cent of the quota from which on the coordinator is warned."""
MOST = 200
"""Mails that are looked at for removal in one go."""


@dataclass
class Keeper:
    """Looks once a day; removing goes on each time until nothing old is left."""

    box: MailboxSettings
    server: MailServer
    store: Store
    archive: Archive
    now: Now
    machine: Now

    def look(self) -> int:
        """Whatever is due; what the server cannot do is left for another day. No mail is new by it."""
        self._once_a_day("quota", self._quota)
        if self.box.folders.keep_on_server is not None:
            self._once_a_day("removal", self._remove_old)
        if self.box.folders.sealed == "expunge":
            SealedAway(self.box, self.server, self.store, self.archive, self.now).look()
        return 0

    def _once_a_day(self, what: str, do: Callable[[], Sequence[Line] | None]) -> None:
        """Do it, put what it found into the digest, and not again for a day once it is done (not None)."""
        mark = f"{what}:{self.box.address}"
        with self.store.reading() as books:
            last = books.marked_time(mark)
        if last is not None and timedelta(0) <= self.now() - last < DAY:
            return
        try:
            found = do()
        except MaildError as error:
            log.warning("%s: %s", self.box.address, error.sentence)
            found = ()
        if found is not None:
            with self.store.writing() as books:
                books.mark_time(mark, self.now())
                if found:
                    books.save(Plan(lines=tuple(found)), (), mailbox=self.box.address, now=self.now())

    def _quota(self) -> Sequence[Line]:
        """A line for each quota that is nearly used."""
        shares = [(name, usage * 100 // limit) for name, usage, limit in self.server.quota() if limit]
        return [
            Line(kind="quota", data={"mailbox": self.box.address, "resource": name, "share": f"{share} %"})
            for name, share in shares
            if share >= FULL
        ]

    def _remove_old(self) -> Sequence[Line] | None:
        """Remove old processed mail; None while something is left to look at."""
        folders = self.box.folders
        names = [folders.processed] if folders.after == "move" else [*folders.inbox, folders.processed]
        length = folders.keep_on_server
        assert length is not None  # noqa: S101  asked before
        is_done = True
        for name in names:
            if self.server.exists(name):
                is_done = self._in_folder(name, length) and is_done
        return () if is_done else None

    def _in_folder(self, name: str, length: timedelta) -> bool:
        folder = self.server.select(name)
        if folder.read_only:
            return True
        mark = f"kept:{name}:{self.box.address}"
        with self.store.reading() as books:
            seen = int(books.kept_text(mark).partition(":")[2] or 0)
            seen = seen if books.kept_text(mark).startswith(f"{folder.uidvalidity}:") else 0
        old = [one for one in self.server.older(self.machine() - length) if one.uid > seen]
        some = old[:MOST]
        gone = [one.uid for one in some if self._agrees(one)]
        self.server.remove(gone)
        if gone:
            log.info("%s: %d old mails removed from %s, each in the archive", self.box.address, len(gone), name)
        is_done = len(some) == len(old)
        with self.store.writing() as books:
            last = 0 if is_done else some[-1].uid
            books.keep_text(mark, f"{folder.uidvalidity}:{last}")
        return is_done

    def _agrees(self, mail: Waiting) -> bool:
        """Whether it was processed, and its archive copy, read back, is the same to the byte."""
        fetched = next(iter(self.server.fetch([mail])), None)
        if fetched is None or fetched.error:
            return False
        digest = sha256(fetched.raw).hexdigest()
        with self.store.reading() as books:
            if not books.is_filed(self.box.address, digest):
                return False
        try:
            return self.archive.get(digest) == fetched.raw
        except MaildError:
            return False
