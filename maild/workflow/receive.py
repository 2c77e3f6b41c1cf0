"""Intake: every UID is archived and entered in the journal before anything is thought about it (casework 1).

The cursor is UIDVALIDITY and UID, never a flag, a sequence number or a date window. Mail is read oldest first in
batches bounded by bytes; it moves on the server only after its case and every effect are committed.
"""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

from maild.domain.arrival import since_bound
from maild.domain.value import value
from maild.errors import Temporary
from maild.settings import MailboxSettings
from maild.workflow.books import Books, Store
from maild.workflow.eachfolder import each_folder
from maild.workflow.plan import Cursor, Entry
from maild.workflow.ports import Archive, Fetched, Folder, MailServer, Now, Waiting
from maild.workflow.taken import Taking

BATCH_BYTES, BATCH_MAILS, WRITERS = 8 << 20, 50, 8
Handle = Callable[[Entry, bytes | None], None]


@value
class Receiver:
    """Takes in the mail of one mailbox; `machine` is the machine's clock, never a moved one."""

    box: MailboxSettings
    zone: ZoneInfo
    server: MailServer
    store: Store
    archive: Archive
    machine: Now
    now: Now
    """The office's clock: by it a mail that waits has its turn."""
    handle: Handle
    """Decides and commits one journal line; never raises for what is wrong with the mail."""

    def one_pass(self) -> int:
        """Finish what was begun, take in what is new, file what is done; returns how many mails were new."""
        self._free_held()
        self.finish_begun()
        # The first inbox comes last, so that it is the one that is listened to.
        return each_folder(reversed(self.box.folders.inbox), self.one_folder)

    def _free_held(self) -> None:
        with self.store.reading() as books:
            due = books.next_held(self.box.address)
        if due is not None and due <= self.now():
            with self.store.writing() as books:
                books.free_held(self.box.address, self.now())

    def finish_begun(self) -> None:
        """Handle mails that were archived when the last run ended; what ended it may be one of them."""
        while begun := self._entries("archived"):
            for entry in sorted(begun, key=lambda one: one.starts):
                self._again(entry)

    def _again(self, entry: Entry) -> None:
        """Count this beginning, committed, before the mail is touched: one that kills the process shall not for ever.

        A database or archive that was away is no fault of the mail's.
        """
        with self.store.writing() as books:
            books.count_start(entry.id, 1)
        try:
            self.handle(replace(entry, starts=entry.starts + 1), None)
        except Temporary:
            with suppress(Temporary), self.store.writing() as books:
                books.count_start(entry.id, -1)
            raise

    def one_folder(self, name: str) -> int:
        """Take in what is new in one folder; returns how many mails were."""
        folder = self.server.select(name)
        self._file_done(folder)
        return self.take_all(folder, *self.wanted(self.begin(folder), folder))

    def take_all(self, folder: Folder, mails: Iterable[Waiting], old: Sequence[Waiting] = ()) -> int:
        """Take these mails of the selected folder in, batch by batch, and leave the old ones, which are counted.

        The cursor never passes a mail that is not in the journal yet, whatever lies behind it.
        """
        new = 0
        for batch in _batches(mails):
            passed = bisect(old, batch[-1].uid, key=lambda mail: mail.uid)
            new += self._take(folder, batch, old[:passed])
            old = old[passed:]
            self._file_done(folder)
        if old:
            with self.store.writing() as books:
                self.advance(folder, old, books, left=len(old))
        return new

    def wanted(self, cursor: Cursor, folder: Folder) -> tuple[list[Waiting], list[Waiting]]:
        """The mails behind the cursor, and those of them that are older than `since`; lowest UID first."""
        mails: tuple[list[Waiting], list[Waiting]] = ([], [])
        for mail in self.server.waiting(cursor.last_uid, folder.uidnext):
            mails[cursor.bound is not None and mail.internal_date < cursor.bound].append(mail)
        return mails

    def begin(self, folder: Folder) -> Cursor:
        """How far the folder has been read; at its first sight, from `since` on."""
        with self.store.writing() as books:
            known = cursor = books.cursor(self.box.address, folder.name)
            if cursor is None:
                bound = since_bound(self.box.since, machine=self.machine(), zone=self.zone)
                cursor = Cursor(uidvalidity=folder.uidvalidity, last_uid=0, bound=bound)
            elif cursor.uidvalidity != folder.uidvalidity:
                cursor = replace(cursor, uidvalidity=folder.uidvalidity, last_uid=0)
            if cursor != known:
                books.set_cursor(self.box.address, folder.name, cursor)
        return cursor

    def advance(self, folder: Folder, mails: Sequence[Waiting], books: Books, *, left: int = 0) -> None:
        """The folder is read up to here; so many more mails were left."""
        cursor = books.cursor(self.box.address, folder.name)
        if cursor is not None:
            last = max([cursor.last_uid, *(mail.uid for mail in mails)])
            books.set_cursor(self.box.address, folder.name, replace(cursor, last_uid=last, left=cursor.left + left))

    def _take(self, folder: Folder, batch: Sequence[Waiting], old: Sequence[Waiting]) -> int:
        fetched = list(self.server.fetch(batch))
        raws = {mail.uid: mail.raw for mail in fetched}
        fetched += self._withheld(batch, set(raws))
        taking = Taking(self.box.address, folder, self.archive)
        taking.known(fetched, self.store)
        # A disk syncs many files at once in hardly more time than one.
        with ThreadPoolExecutor(WRITERS) as writers:
            entries = list(writers.map(taking.entry, fetched))
        with self.store.writing() as books:
            books.take(entries, self.machine())
            self.advance(folder, batch, books, left=len(old))
        for entry in self._entries("archived"):
            known = entry.folder == folder.name and entry.uidvalidity == folder.uidvalidity
            self.handle(entry, raws.get(entry.uid) if known else None)
        return len(entries)

    def _withheld(self, batch: Sequence[Waiting], fetched: set[int]) -> Iterator[Fetched]:
        """Mails that the server lists and yet did not hand over; what vanished meanwhile is none of them."""
        if missing := {mail.uid for mail in batch} - fetched:
            for mail in self.server.waiting(min(missing) - 1, max(missing) + 1):
                if mail.uid in missing:
                    why = "the server lists this mail but does not hand it over"
                    yield Fetched(uid=mail.uid, raw=b"", internal_date=mail.internal_date, error=why)

    def _file_done(self, folder: Folder) -> None:
        targets = {"done": self.box.folders.processed, "quarantined": self.box.folders.quarantine}
        while waiting := [e for e in self._entries(*targets) if e.folder == folder.name]:
            for state, target in targets.items():
                own = [e for e in waiting if e.state == state]
                if here := [e.uid for e in own if e.uidvalidity == folder.uidvalidity]:
                    self._file(here, target, read_only=folder.read_only)
                if own:
                    with self.store.writing() as books:
                        books.set_entry_state([e.id for e in own], "filed" if state == "done" else "shelved")

    def _file(self, uids: Sequence[int], target: str, *, read_only: bool) -> None:
        after = self.box.folders.after
        if read_only or after == "leave":
            return
        if after == "move":
            self.server.file(uids, target)
        else:
            self.server.flag(uids, "$maild")

    def _entries(self, *states: str) -> Sequence[Entry]:
        with self.store.reading() as books:
            return books.entries(self.box.address, states)


def _batches(mails: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    batch: list[Waiting] = []
    size = 0
    for mail in mails:
        if batch and (size + mail.size > BATCH_BYTES or len(batch) >= BATCH_MAILS):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch
