"""What a decision may ask of the past: a read-only view of the store inside one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from maild.domain.case import Case, Clock, Event
from maild.domain.formround import Return
from maild.domain.ledger import Entry
from maild.domain.period import Period
from maild.domain.publication import Publication
from maild.domain.recorded import Recorded
from maild.domain.trail import Story
from maild.workflow.plan import Key, Line, Received, Sent


class Facts(Protocol):
    """Questions about the past; each is answered through an index."""

    def case(self, number: str) -> Case | None:
        """The case of this number."""
        ...

    def clocks(self, number: str) -> Sequence[Clock]:
        """The open clocks of a case."""
        ...

    def clocks_of(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Clock]]:
        """The open clocks of each of these cases, asked together."""
        ...

    def events(self, number: str) -> Sequence[Event]:
        """What happened to a case, oldest first."""
        ...

    def mails(self, number: str) -> Sequence[Received]:
        """The incoming mails of a case, oldest first."""
        ...

    def key(self, long: str) -> Key | None:
        """The remembered key of this long form."""
        ...

    def keys(self, number: str) -> Sequence[Key]:
        """All keys of a case."""
        ...

    def sent(self, *, message_id: str = "", maild_id: str = "") -> Sent | None:
        """The outgoing mail of this Message-ID (or an alias of it) or X-Maild-Id."""
        ...

    def sent_for(self, number: str, recipient: str) -> Sequence[Sent]:
        """The outgoing mails of a case to one address, newest first."""
        ...

    def waiting(self, recipient: str) -> Sequence[Sent]:
        """Mails of no single case, such as lists of reminders, that have not left for one address yet."""
        ...

    def received(self, message_id: str) -> Received | None:
        """The incoming mail of this Message-ID."""
        ...

    def cases_of(self, requester: str, since: datetime) -> Sequence[Case]:
        """Cases that this address opened since then, newest first."""
        ...

    def cases_near(
        self, mailbox: str, people: Sequence[str], units: Sequence[str], most: int | None = 200
    ) -> Sequence[Case]:  # fmt: skip
        """The open cases of these handlers or units, oldest first; all of them where `most` is None."""
        ...

    def cases_in(self, mailbox: str, unit: str | None, *, since: datetime, most: int = 60) -> Sequence[Case]:
        """The open cases of this unit that came since then, the newest first."""
        ...

    def open_cases(self, mailbox: str, limit: int | None = 500) -> Sequence[Case]:
        """Cases that somebody still works on, oldest first; all of them where `limit` is None."""
        ...

    def found(self, query: str, mailboxes: Sequence[str], most: int = 200) -> Sequence[str]:
        """Numbers of cases whose mails say all these words, the newest mail first."""
        ...

    def count(self, kind: str, who: str, since: datetime) -> int:
        """How many such happenings since then."""
        ...

    def last(self, kind: str, who: str) -> datetime | None:
        """When such a thing happened last."""
        ...

    def lines(self, mailbox: str, kind: str = "", *, who: str | None = None) -> Sequence[tuple[int, datetime, Line]]:
        """Lines that nobody was told yet, with their ids, oldest first."""
        ...

    def ledger_of(self, number: str) -> Sequence[Entry]:
        """The ledger's entries of a case, oldest first."""
        ...

    def returns(self, number: str) -> Sequence[Return]:
        """Every return of a form round, replaced ones too, in the order of coming."""
        ...

    def ledger_proposed(self, mailbox: str, most: int = 500) -> Sequence[Entry]:
        """The ledger's entries that wait for a decision, oldest first."""
        ...

    def ledger_by_id(self, idents: Sequence[int]) -> Sequence[Entry]:
        """These entries of the ledger."""
        ...

    def publications_of(self, number: str) -> Sequence[Publication]:
        """What was published of a case, oldest first."""
        ...

    def recorded(
        self, mailbox: str, period: Period, zone: ZoneInfo, *, stock: bool = True,
        known: Mapping[str, Story] = MappingProxyType({}),
    ) -> Recorded:  # fmt: skip
        """What a report about this period looks at; `stock`: also what was open at its end.

        `known`: stories that were read before in this transaction, and need not be again.
        """
        ...

    def kept_text(self, name: str) -> str:
        """The small fact of this name; "" where none was kept."""
        ...

    def new_number(self, prefix: str, year: int) -> str:
        """The next case number; taken for good once the transaction commits."""
        ...
