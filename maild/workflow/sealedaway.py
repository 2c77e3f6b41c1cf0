"""The originals of sealed mail on the mail server: removed once the archive copy was read back and agrees by hash.

Whoever has the mailbox's password reads past every seal. With `sealed = "expunge"` each mail of a sealed case goes, in
whatever folder it lies: what the writer sent, answers that quote it, and the copies of our own mails in Sent, which are
kept in the database as they left. UID EXPUNGE alone is used (RFC 4315): a plain EXPUNGE would take along what people
have marked; where the server has no UIDPLUS nothing is removed, and `maild doctor` says so.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from maild.domain.value import value
from maild.errors import MaildError, Temporary
from maild.settings import MailboxSettings
from maild.workflow.books import Books, Store
from maild.workflow.copies import role_name
from maild.workflow.ports import Archive, Fetched, Folder, MailServer, Mark, Now, Waiting

log = logging.getLogger("maild.sealedaway")
MOST = 500
"""Mails that are looked at in one go."""
_AGAIN = timedelta(days=1)


@value
class _Walk:
    """One look through a folder: what remembers it, behind which UID it goes on, and whether it is the daily one."""

    name: str
    after: int
    is_whole: bool


@dataclass
class SealedAway:
    """Looks at what is new in each folder, and once a day at everything: a case may have been sealed since."""

    box: MailboxSettings
    server: MailServer
    store: Store
    archive: Archive
    now: Now

    def look(self) -> None:
        """Remove what is sealed and safe in the archive; a folder that cannot be read is left for the next time."""
        for name in self._folders():
            try:
                if self.server.exists(name):
                    self._in_folder(name)
            except Temporary:
                raise
            except MaildError as error:
                log.warning("%s: %s", self.box.address, error.sentence)

    def _folders(self) -> list[str]:
        folders = self.box.folders
        with self.store.reading() as books:
            others = [books.kept_text(role_name(self.box.address, use)) for use in ("Sent", "Junk")]
        return list(dict.fromkeys(filter(None, (folders.processed, folders.quarantine, *others, *folders.inbox))))

    def _in_folder(self, name: str) -> None:
        folder = self.server.select(name)
        if folder.read_only:
            return
        with self.store.reading() as books:
            walk = self._walk(books, folder)
            below = self._below(books, folder)
            is_sent = name == books.kept_text(role_name(self.box.address, "Sent"))
        waiting = self.server.waiting(walk.after, below)[:MOST] if below > walk.after + 1 else ()
        marks = self.server.marks([mail.uid for mail in waiting]) if waiting else {}
        with self.store.reading() as books:
            suspected = [mail for mail in waiting if mail.uid in marks and self._may_be_sealed(marks[mail.uid], books)]
        gone = [mail.uid for mail in self._agreeing(suspected, marks if is_sent else {})]
        self.server.remove(gone)
        if gone:
            log.info("%s: %d sealed mails removed from %s, each in the archive", self.box.address, len(gone), name)
        if waiting or walk.is_whole:
            self._passed(walk, folder, waiting)

    def _walk(self, books: Books, folder: Folder) -> "_Walk":
        """Where to go on: with what is new, or once a day, and where the folder was numbered anew, from the start."""
        name = f"sealed:{folder.name}:{self.box.address}"
        valid, _, rest = books.kept_text(name).partition(":")
        uid, _, whole = rest.partition(":")
        last = books.marked_time(name)
        is_due = last is None or not timedelta(0) <= self.now() - last < _AGAIN or valid != str(folder.uidvalidity)
        if is_due and not (whole and valid == str(folder.uidvalidity)):
            return _Walk(name=name, after=0, is_whole=True)
        return _Walk(name=name, after=int(uid or 0), is_whole=bool(whole))

    def _passed(self, walk: "_Walk", folder: Folder, waiting: Sequence[Waiting]) -> None:
        goes_on = walk.is_whole and len(waiting) == MOST
        last = max((mail.uid for mail in waiting), default=walk.after)
        with self.store.writing() as books:
            books.keep_text(walk.name, f"{folder.uidvalidity}:{last}:{'whole' if goes_on else ''}")
            if walk.is_whole and not goes_on:
                books.mark_time(walk.name, self.now())

    def _below(self, books: Books, folder: Folder) -> int:
        """Where a folder is read as mail, what was not read yet is left alone."""
        cursor = books.cursor(self.box.address, folder.name)
        known = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        return min(folder.uidnext, cursor.last_uid + 1) if cursor is not None and known else folder.uidnext

    def _may_be_sealed(self, mark: Mark, books: Books) -> bool:
        """By its ids; one without any is looked at."""
        if mark.maild_id and (sent := books.sent(maild_id=mark.maild_id)):
            return self._is_sealed(sent.number, books)
        if not mark.message_id:
            return True
        known = books.received(mark.message_id)
        return known is not None and self._is_sealed(known.number, books)

    def _agreeing(self, suspected: Sequence[Waiting], sent: Mapping[int, Mark]) -> Iterator[Fetched]:
        """Those that are sealed, and lie in the archive, or in Sent with what left, to the byte."""
        for mail in self.server.fetch(suspected) if suspected else ():
            ident = sent[mail.uid].maild_id if mail.uid in sent else ""
            if not mail.error and (self._is_ours(ident) if ident else self._agrees(mail.raw)):
                yield mail

    def _is_ours(self, ident: str) -> bool:
        """Whether the bytes of one of our own mails are kept, encrypted where there is a key."""
        with self.store.reading() as books:
            return bool(books.raw_of(ident))

    def _agrees(self, raw: bytes) -> bool:
        digest = sha256(raw).hexdigest()
        with self.store.reading() as books:
            if not books.is_filed(self.box.address, digest):
                return False
            if not self._is_sealed(books.number_of(self.box.address, digest), books):
                return False
        try:
            return self.archive.get(digest) == raw
        except Temporary:
            raise
        except MaildError:
            return False

    def _is_sealed(self, number: str | None, books: Books) -> bool:
        case = books.case(number) if number else None
        return case is not None and case.confidential
