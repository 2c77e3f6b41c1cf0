"""The port `MailServer` over IMAPClient: one account, one connection, errors translated once.

After any error the connection is dropped; the next call connects, logs in and selects anew.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from imapclient.exceptions import IMAPClientReadOnlyError

from maild.adapters import imap_fetch, imap_filing, imap_keeping
from maild.adapters.imap_connect import connected, hang_up
from maild.adapters.imap_errors import LIBRARY, Place, translated
from maild.adapters.imap_folders import FolderNames
from maild.adapters.imap_idle import Count, Waker, idle, sleep
from maild.errors import MaildError, ProtocolTrouble
from maild.settings import Login
from maild.workflow.ports import Fetched, Folder, Mark, Waiting


class ImapServer:
    """One IMAP account. Not for two threads at once; only `wake` may be called from another one."""

    def __init__(self, login: Login, *, account: str = "") -> None:
        self._place = Place(login=login, account=account or login.username)
        self._waker = Waker()
        self._client: Any = None
        self._names: FolderNames | None = None
        self._folder: Folder | None = None
        self._is_selected = False
        self._exists = 0
        self._count = Count(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the port

    def select(self, folder: str) -> Folder:
        with self._translating():
            self._connect()
            self._folder = self._select(folder)
            self._is_selected = True
            return self._folder

    def waiting(self, after_uid: int, until_uid: int) -> Sequence[Waiting]:
        with self._translating():
            client = self._selected()
            uids = list(imap_fetch.uids_between(client, after_uid, until_uid, self._exists))
        found: list[Waiting] = []
        for some in imap_fetch.chunks(uids):
            found += self._sizes(some)
        return found

    def fetch(self, mails: Sequence[Waiting]) -> Iterator[Fetched]:
        for batch in imap_fetch.batches(sorted(mails, key=lambda mail: mail.uid)):
            yield from self._batch(batch)

    def file(self, uids: Sequence[int], folder: str) -> None:
        for some in imap_fetch.chunks(uids):
            with self._translating():
                imap_filing.move(self._selected(), self._folder_names(), some, folder)

    def flag(self, uids: Sequence[int], keyword: str) -> None:
        for some in imap_fetch.chunks(uids):
            with self._translating():
                self._selected().add_flags(list(some), [keyword], silent=True)

    def append(self, folder: str, raw: bytes, at: datetime) -> None:
        with self._translating():
            imap_filing.append(self._connect(), self._folder_names(), folder, (raw, at))

    def marks(self, uids: Sequence[int]) -> dict[int, Mark]:
        with self._translating():
            return imap_keeping.marks(self._selected(), uids)

    def exists(self, folder: str) -> bool:
        with self._translating():
            client = self._connect()
            return bool(client.folder_exists(self._folder_names().server_name(folder)))

    def older(self, before: datetime) -> Sequence[Waiting]:
        with self._translating():
            uids = imap_keeping.older(self._selected(), before)
        return [mail for some in imap_fetch.chunks(uids) for mail in self._sizes(some)]

    def remove(self, uids: Sequence[int]) -> None:
        with self._translating():
            imap_keeping.remove(self._selected(), uids)

    def quota(self) -> Sequence[tuple[str, int, int]]:
        with self._translating():
            return imap_keeping.quotas(self._connect())

    def special(self, use: str) -> str | None:
        with self._translating():
            self._connect()
            return self._folder_names().special(use)

    def wait(self, seconds: float) -> bool:
        with self._translating():
            if self._folder is None:
                return sleep(self._waker, seconds)
            client = self._selected()
            if not client.has_capability("IDLE"):
                return sleep(self._waker, seconds)
            return idle(client, self._count, self._waker, seconds)

    def close(self) -> None:
        if self._client is not None:
            with contextlib.suppress(*LIBRARY):
                self._client.socket().settimeout(5.0)
                self._client.logout()
        self._drop()
        self._waker.close()

    # -- beside the port

    def wake(self) -> None:
        """End the present `wait` soon, or the next one at once; from any thread."""
        self._waker.set()

    def with_id(self, message_id: str) -> Sequence[Waiting]:
        """The mails of the selected folder with this Message-ID."""
        with self._translating():
            uids = imap_keeping.with_id(self._selected(), message_id)
        return self._sizes(uids) if uids else ()

    def capabilities(self) -> frozenset[str]:
        """What the server says it can do after the login."""
        with self._translating():
            return frozenset(word.decode("ascii", "replace") for word in self._connect().capabilities())

    # -- the connection

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except (MaildError, *LIBRARY) as error:
            self._drop()
            mine = translated(error, self._place)
            if mine is error:
                raise
            raise mine from error

    def _connect(self) -> Any:
        if self._client is None:
            self._client = connected(self._place)
        return self._client

    def _drop(self) -> None:
        if self._client is not None:
            hang_up(self._client)
        self._client = self._names = None
        self._is_selected = False

    def _folder_names(self) -> FolderNames:
        if self._names is None:
            self._names = FolderNames(self._connect())
        return self._names

    def _selected(self) -> Any:
        """The client with the folder selected, anew after a lost connection; numbered anew is an error."""
        if self._folder is None:
            raise ProtocolTrouble(f"{self._place}: no folder is selected")
        client = self._connect()
        if not self._is_selected:
            now = self._select(self._folder.name)
            if now.uidvalidity != self._folder.uidvalidity:
                raise ProtocolTrouble(f"{self._place} numbered the mails in {now.name} anew; it is read again")
            self._is_selected = True
        return client

    def _select(self, name: str) -> Folder:
        """SELECT, or EXAMINE where the server says READ-ONLY (imaplib takes that for an error)."""
        own = self._folder_names().server_name(name)
        try:
            answer, read_only = self._client.select_folder(own), False
        except IMAPClientReadOnlyError:
            answer, read_only = self._client.select_folder(own, readonly=True), True
        if b"UIDVALIDITY" not in answer:
            raise ProtocolTrouble(f"{self._place} gives no UIDVALIDITY for {name}, so that mails cannot be told apart")
        self._exists = answer.get(b"EXISTS", 0)
        self._count = Count(self._exists)
        self._client._imap.untagged_responses.pop("EXISTS", None)
        uidnext = answer.get(b"UIDNEXT") or imap_fetch.highest_uid(self._client) + 1
        return Folder(name=name, uidvalidity=_unsigned(answer[b"UIDVALIDITY"]), uidnext=uidnext, read_only=read_only)

    # -- reading

    def _sizes(self, uids: Sequence[int]) -> list[Waiting]:
        """Size and date of some mails; one whose answer is garbage is still listed, so that `fetch` names it."""
        try:
            with self._translating():
                return imap_fetch.waiting(self._selected(), uids)
        except MaildError:
            self._again()
        if len(uids) == 1:
            return [Waiting(uid=uids[0], size=0, internal_date=datetime.now(UTC))]
        half = len(uids) // 2
        return self._sizes(uids[:half]) + self._sizes(uids[half:])

    def _batch(self, batch: Sequence[Waiting]) -> Iterator[Fetched]:
        """The mails of one batch; when it fails as a whole, each is asked for by itself."""
        try:
            found, there = self._bodies(batch)
        except MaildError:
            self._again()
            found, there = {}, [mail.uid for mail in batch]
        for mail in batch:
            got = found.pop(mail.uid, None)
            if got is None and mail.uid in there:
                got = self._alone(mail)
            if got is not None:
                yield got

    def _alone(self, mail: Waiting) -> Fetched | None:
        """One mail by itself, asked for twice; then it is the mail, not the server, and the others go on."""
        trouble = ""
        for _ in range(2):
            try:
                found, there = self._bodies([mail])
            except MaildError as error:
                self._again()
                trouble = error.sentence
            else:
                if found or not there:
                    return found.get(mail.uid)
                trouble = f"{self._place} lists UID {mail.uid} but gives no content for it"
        return Fetched(uid=mail.uid, raw=b"", internal_date=mail.internal_date, error=trouble)

    def _bodies(self, batch: Sequence[Waiting]) -> tuple[dict[int, Fetched], list[int]]:
        """What the server gave, and which of the others it still lists."""
        with self._translating():
            client = self._selected()
            found = imap_fetch.bodies(client, batch)
            return found, imap_fetch.still_there(client, [mail.uid for mail in batch if mail.uid not in found])

    def _again(self) -> None:
        """Connect and select anew; raises when it is the server that is gone, not one mail that is bad."""
        with self._translating():
            self._selected()


def _unsigned(uidvalidity: int) -> int:
    """UIDVALIDITY as the unsigned 32-bit number that it is (RFC 3501 2.3.1.1), whatever the server printed."""
    return uidvalidity & 0xFFFFFFFF
