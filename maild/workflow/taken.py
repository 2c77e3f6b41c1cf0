"""One line of the journal for each mail that a server hands over; what was erased comes in as nothing but a line."""

from collections.abc import Iterable
from hashlib import sha256

from maild.workflow.books import ERASED_MAIL, Store
from maild.workflow.plan import Entry
from maild.workflow.ports import Archive, Fetched, Folder


class Taking:
    """Archives the mails of one batch and enters them; a mail whose bytes were erased is not archived again."""

    def __init__(self, mailbox: str, folder: Folder, archive: Archive) -> None:
        self._mailbox, self._folder, self._archive = mailbox, folder, archive
        self._erased: frozenset[str] = frozenset()

    def known(self, mails: Iterable[Fetched], store: Store) -> None:
        """Ask which of them were erased."""
        with store.reading() as books:
            digests = {sha256(mail.raw).hexdigest() for mail in mails}
            self._erased = frozenset(one for one in digests if books.is_erased(one))

    def entry(self, mail: Fetched) -> Entry:
        """The line of one mail, whose bytes are in the archive once it is there."""
        digest = sha256(mail.raw).hexdigest()
        if digest in self._erased:
            return self._line(mail, "", state="done", disposition=ERASED_MAIL)
        if not mail.error:
            self._archive.put(mail.raw)
        return self._line(mail, digest, reason=mail.error)

    def _line(
        self, mail: Fetched, digest: str, *, state: str = "archived", disposition: str = "", reason: str = ""
    ) -> Entry:
        return Entry(
            id=0, mailbox=self._mailbox, folder=self._folder.name, uidvalidity=self._folder.uidvalidity, uid=mail.uid,
            sha256=digest, size=len(mail.raw) if digest else 0, internal_date=mail.internal_date, state=state,
            disposition=disposition, reason=reason,
        )  # fmt: skip
