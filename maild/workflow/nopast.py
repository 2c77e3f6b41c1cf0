"""Facts of an office in which nothing has happened yet, for judging one mail alone (`maild classify`, `explain`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from maild.domain.case import Case, Clock, Event
from maild.domain.formround import Return
from maild.domain.ledger import Entry
from maild.domain.period import Period
from maild.domain.publication import Publication
from maild.domain.recorded import Recorded
from maild.domain.trail import Story
from maild.workflow.plan import Key, Line, Received, Sent


class NoPast:
    """Facts of an office in which nothing has happened yet; keeps the promises of `workflow.facts.Facts`."""

    def case(self, number: str) -> Case | None:  # noqa: ARG002  the protocol's signature, here and below
        return None

    def clocks(self, number: str) -> Sequence[Clock]:  # noqa: ARG002
        return ()

    def clocks_of(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Clock]]:
        return dict.fromkeys(numbers, ())

    def events(self, number: str) -> Sequence[Event]:  # noqa: ARG002
        return ()

    def mails(self, number: str) -> Sequence[Received]:  # noqa: ARG002
        return ()

    def key(self, long: str) -> Key | None:  # noqa: ARG002
        return None

    def keys(self, number: str) -> Sequence[Key]:  # noqa: ARG002
        return ()

    def sent(self, *, message_id: str = "", maild_id: str = "") -> Sent | None:  # noqa: ARG002
        return None

    def sent_for(self, number: str, recipient: str) -> Sequence[Sent]:  # noqa: ARG002
        return ()

    def waiting(self, recipient: str) -> Sequence[Sent]:  # noqa: ARG002
        return ()

    def received(self, message_id: str) -> Received | None:  # noqa: ARG002
        return None

    def cases_of(self, requester: str, since: datetime) -> Sequence[Case]:  # noqa: ARG002
        return ()

    def cases_near(
        self, mailbox: str, people: Sequence[str], units: Sequence[str], most: int | None = 200,  # noqa: ARG002
    ) -> Sequence[Case]:  # fmt: skip
        return ()

    def cases_in(self, *_where: object, **_since: object) -> Sequence[Case]:
        return ()

    def open_cases(self, mailbox: str, limit: int | None = 500) -> Sequence[Case]:  # noqa: ARG002
        return ()

    def found(self, query: str, mailboxes: Sequence[str], most: int = 200) -> Sequence[str]:  # noqa: ARG002
        return ()

    def count(self, kind: str, who: str, since: datetime) -> int:  # noqa: ARG002
        return 0

    def last(self, kind: str, who: str) -> datetime | None:  # noqa: ARG002
        return None

    def lines(
        self, mailbox: str, kind: str = "", *, who: str | None = None,  # noqa: ARG002
    ) -> Sequence[tuple[int, datetime, Line]]:  # fmt: skip
        return ()

    def publications_of(self, number: str) -> Sequence[Publication]:  # noqa: ARG002
        return ()

    def ledger_of(self, number: str) -> Sequence[Entry]:  # noqa: ARG002
        return ()

    def returns(self, number: str) -> Sequence[Return]:  # noqa: ARG002
        return ()

    def ledger_proposed(self, mailbox: str, most: int = 500) -> Sequence[Entry]:  # noqa: ARG002
        return ()

    def ledger_by_id(self, idents: Sequence[int]) -> Sequence[Entry]:  # noqa: ARG002
        return ()

    def kept_text(self, name: str) -> str:  # noqa: ARG002
        return ""

    def new_number(self, prefix: str, year: int) -> str:
        return f"{prefix}-{year}-000000"

    def recorded(
        self, mailbox: str, period: Period, zone: ZoneInfo, *, stock: bool = True,  # noqa: ARG002
        known: Mapping[str, Story] = MappingProxyType({}),  # noqa: ARG002
    ) -> Recorded:  # fmt: skip
        start, end = period.bounds(zone)
        return Recorded(period=period, start=start, end=end, stories={}, has_stock=stock)
