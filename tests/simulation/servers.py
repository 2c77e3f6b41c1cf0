"""An IMAP and an SMTP server in memory that fail as the dice say, before and after what they do."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from hashlib import sha256

from maild.domain.letter import Delivered
from maild.workflow.ports import Fetched, Folder, Mark, Waiting
from tests.simulation.dice import Dice

INBOX, PROCESSED = "INBOX", "maild/Processed"


@dataclass(eq=False)
class Stored:
    """One mail in a folder."""

    uid: int
    raw: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.digest = sha256(self.raw).hexdigest()


@dataclass
class Mailbox:
    """The folders of one account, as they are on the server's disk."""

    folders: dict[str, list[Stored]] = field(default_factory=lambda: {INBOX: [], "Sent": []})
    validity: dict[str, int] = field(default_factory=lambda: {INBOX: 1, "Sent": 1})
    last_uid: Counter[str] = field(default_factory=Counter)

    def put(self, folder: str, raw: bytes, at: datetime) -> None:
        """A new mail in a folder, made when missing."""
        self.validity.setdefault(folder, 1)
        self.last_uid[folder] += 1
        self.folders.setdefault(folder, []).append(Stored(uid=self.last_uid[folder], raw=raw, at=at))

    def renumber(self, folder: str) -> None:
        """Another UIDVALIDITY: every mail has another UID."""
        self.validity[folder] += 1
        self.last_uid[folder] = 0
        for mail in self.folders[folder]:
            self.last_uid[folder] += 1
            mail.uid = self.last_uid[folder]


class SimulatedImap:
    """Keeps the port `MailServer` over one mailbox."""

    def __init__(self, mailbox: Mailbox, dice: Dice) -> None:
        self._mailbox, self._dice = mailbox, dice
        self._selected = INBOX

    def select(self, folder: str) -> Folder:
        self._dice.maybe_gone("IMAP select")
        self._selected = folder
        box = self._mailbox
        return Folder(name=folder, uidvalidity=box.validity[folder], uidnext=box.last_uid[folder] + 1)

    def waiting(self, after_uid: int, until_uid: int) -> Sequence[Waiting]:
        self._dice.maybe_gone("IMAP search")
        return [_waiting(mail) for mail in self._here() if after_uid < mail.uid < until_uid]

    def fetch(self, mails: Sequence[Waiting]) -> Iterator[Fetched]:
        wanted = {mail.uid for mail in mails}
        for mail in self._here():
            if mail.uid in wanted:
                self._dice.maybe_gone("IMAP fetch")
                yield Fetched(uid=mail.uid, raw=mail.raw, internal_date=mail.at)

    def file(self, uids: Sequence[int], folder: str) -> None:
        """Moves one after another, as a server without MOVE does; it may be cut off between any two."""
        for mail in self._of(uids):
            self._dice.maybe_gone("IMAP move")
            self._mailbox.put(folder, mail.raw, mail.at)
            self._here().remove(mail)
        self._dice.maybe_gone("IMAP answer to move")

    def flag(self, uids: Sequence[int], keyword: str) -> None:
        for mail in self._of(uids):
            mail.flags.add(keyword)

    def append(self, folder: str, raw: bytes, at: datetime) -> None:
        self._dice.maybe_gone("IMAP append")
        self._mailbox.put(folder, raw, at)
        self._dice.maybe_gone("IMAP answer to append")

    def marks(self, uids: Sequence[int]) -> dict[int, Mark]:
        self._dice.maybe_gone("IMAP marks")
        heads = {mail.uid: message_from_bytes(mail.raw) for mail in self._of(uids)}
        return {
            uid: Mark(maild_id=str(head["X-Maild-Id"] or ""), message_id=str(head["Message-ID"] or ""))
            for uid, head in heads.items()
        }

    def exists(self, folder: str) -> bool:
        return folder in self._mailbox.folders

    def older(self, before: datetime) -> Sequence[Waiting]:
        return [_waiting(mail) for mail in self._here() if mail.at < before]

    def remove(self, uids: Sequence[int]) -> None:
        for mail in self._of(uids):
            self._here().remove(mail)

    def quota(self) -> Sequence[tuple[str, int, int]]:
        return ()

    def special(self, use: str) -> str | None:
        return "Sent" if use == "Sent" else None

    def wait(self, seconds: float) -> bool:  # noqa: ARG002  a pass does not wait
        return False

    def wake(self) -> None:
        """Nobody waits."""

    def close(self) -> None:
        """Nothing to close."""

    def _here(self) -> list[Stored]:
        return self._mailbox.folders.setdefault(self._selected, [])

    def _of(self, uids: Sequence[int]) -> list[Stored]:
        return [mail for mail in self._here() if mail.uid in set(uids)]


def _waiting(mail: Stored) -> Waiting:
    return Waiting(uid=mail.uid, size=len(mail.raw), internal_date=mail.at)


@dataclass
class Taken:
    """One mail that the SMTP server has accepted."""

    to: str
    raw: bytes
    ident: str
    """Its X-Maild-Id."""
    state: str
    """What the outbox said of it when it was sent."""
    faults: int
    """How many faults there had been until then."""


@dataclass
class SimulatedSmtp:
    """Keeps the port `Sender`."""

    dice: Dice
    state_of: Callable[[str], str]
    """What the outbox says of the mail with this X-Maild-Id."""
    taken: list[Taken] = field(default_factory=list)
    bounces: Callable[[str], bool] = lambda _address: False
    connections: int = 1

    async def send(self, _envelope_from: str, recipients: Sequence[str], raw: bytes) -> Sequence[Delivered]:
        self.dice.maybe_gone("SMTP connection")
        to = recipients[0]
        if self.dice.harm("SMTP 451", of=2):
            return [Delivered(address=to, code=451, text="4.3.0 later")]
        if self.bounces(to):
            return [Delivered(address=to, code=550, text="5.1.1 no such user")]
        ident = str(message_from_bytes(raw)["X-Maild-Id"])
        faults = sum(self.dice.thrown.values())
        self.taken.append(Taken(to=to, raw=raw, ident=ident, state=self.state_of(ident), faults=faults))
        if self.dice.harm("SMTP answer lost"):
            return [Delivered(address=to, code=0, text="the connection was lost")]
        self.dice.maybe_die("SMTP answer")
        return [Delivered(address=to, code=250, text="2.0.0 OK")]

    async def close(self) -> None:
        """Nothing to close."""
