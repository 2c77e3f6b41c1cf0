"""What the workflow needs from the world: one small protocol a neighbour. Adapters keep these promises."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from maild.domain.letter import Delivered, Letter, Rendered
from maild.domain.value import value


class Now(Protocol):
    """A clock; aware UTC. Tests and the tour move it."""

    def __call__(self) -> datetime: ...


class Archive(Protocol):
    """Raw mails by content hash. What `put` returned can be read back for ever."""

    def put(self, raw: bytes) -> str:
        """Store durably (file and folder synced) and return the sha256; the same bytes twice are one file."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their hash; `Permanent` when they are gone or damaged."""
        ...


@value
class Folder:
    """A selected folder: RFC 3501 UIDVALIDITY, the next UID, and whether it can be written."""

    name: str
    uidvalidity: int
    uidnext: int
    read_only: bool = False


@value
class Waiting:
    """One mail on the server, not fetched yet."""

    uid: int
    size: int
    internal_date: datetime


@value
class Fetched:
    """One mail as the server holds it."""

    uid: int
    raw: bytes
    internal_date: datetime
    error: str = ""
    """Why the server could not hand it over; then `raw` is empty and a person must look."""


@value
class Mark:
    """By what a mail is known without reading it: X-Maild-Id (ours) and Message-ID."""

    maild_id: str = ""
    message_id: str = ""


class MailServer(Protocol):
    """One IMAP account, one connection; every method raises only `maild.errors`. Not for two threads at once.

    After any error the connection is closed and the next call connects anew.
    """

    def select(self, folder: str) -> Folder:
        """Select, connecting and logging in first where needed (ID sent); always a fresh SELECT."""
        ...

    def waiting(self, after_uid: int, until_uid: int) -> Sequence[Waiting]:
        """The mails with after_uid < UID < until_uid of the selected folder, lowest UID first."""
        ...

    def fetch(self, mails: Sequence[Waiting]) -> Iterator[Fetched]:
        """Raw mails in batches bounded by bytes, never setting Seen; one that vanished is left out."""
        ...

    def file(self, uids: Sequence[int], folder: str) -> None:
        """Move these to `folder`, made when missing; one that is gone already is no error."""
        ...

    def flag(self, uids: Sequence[int], keyword: str) -> None:
        """Set a keyword such as `$maild`."""
        ...

    def append(self, folder: str, raw: bytes, at: datetime) -> None:
        """Append a mail as seen, `folder` made when missing."""
        ...

    def marks(self, uids: Sequence[int]) -> dict[int, Mark]:
        """X-Maild-Id and Message-ID of these mails of the selected folder, without reading the mails."""
        ...

    def exists(self, folder: str) -> bool:
        """Whether there is such a folder."""
        ...

    def older(self, before: datetime) -> Sequence[Waiting]:
        """The mails of the selected folder that arrived before that day, lowest UID first."""
        ...

    def remove(self, uids: Sequence[int]) -> None:
        """Remove exactly these from the selected folder (RFC 4315); nothing where the server cannot do just that."""
        ...

    def quota(self) -> Sequence[tuple[str, int, int]]:
        """Resource, usage and limit of each quota (RFC 9208); none where the server tells of none."""
        ...

    def special(self, use: str) -> str | None:
        """The folder with this special use (RFC 6154: `Sent`, `Junk`), by flag or by its usual names, zh and en."""
        ...

    def wait(self, seconds: float) -> bool:
        """IDLE on the selected folder until something may have come (True) or the time is over; a hint only."""
        ...

    def close(self) -> None:
        """Log out if that is possible; never raises."""
        ...


class Sender(Protocol):
    """One SMTP account: a small pool of connections."""

    connections: int
    """How many mails it takes at once; fewer, once the server found them too many."""

    async def send(self, envelope_from: str, recipients: Sequence[str], raw: bytes) -> Sequence[Delivered]:
        """Hand one mail over and say what became of each recipient.

        Raises `Temporary` when the server could not be used at all and `Misconfigured` when it refuses the login
        or the sender address (5yz to AUTH or MAIL): such trouble is the account's, never the mail's.
        """
        ...

    async def close(self) -> None:
        """Say QUIT where possible; never raises."""
        ...


class Templates(Protocol):
    """Letters into words."""

    def render(self, letter: Letter, context: dict[str, object]) -> Rendered:
        """Render subject, text and HTML in the letter's language; an undefined name is `Misconfigured`."""
        ...


class Channel(Protocol):
    """One way of the second channel, such as a chat robot."""

    name: str
    """For people and the database; never its address, which is a secret."""

    @property
    def way(self) -> str:
        """`chat` or `sms`: which row of the pack's channels it carries out."""
        ...

    def pause(self) -> float:
        """Seconds until it takes another message; 0: now."""
        ...

    def tell(self, text: str) -> None:
        """Hand a text over; raises `Temporary` when it was not taken, with a sentence that names no address."""
        ...
