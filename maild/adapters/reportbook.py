"""What a report asks of the database: the cases, events, clocks and ledger entries of one period, each by its index.

However many older cases there are, none of them is looked at; of a past period those that have ended since are.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select, text

from maild.adapters import rows
from maild.adapters.ledgerbook import ledger_between
from maild.adapters.publicationbook import PublicationBook
from maild.adapters.reading import TABLES, given
from maild.adapters.tables import COUNTED_EVENT, OPEN_CASE
from maild.domain.case import Clock
from maild.domain.period import Period
from maild.domain.recorded import Recorded
from maild.domain.trail import Story, story

_CASE, _EVENT, _CLOCK, _LEDGER = (TABLES[name] for name in ("case", "event", "clock", "ledger"))
_AT_ONCE = 500
_SINCE: BindParameter[datetime] = bindparam("since")
_UNTIL: BindParameter[datetime] = bindparam("until")
_MINE = given(_CASE.c.mailbox)
_RECEIVED = (
    select(_CASE.c.number)
    .where(_CASE.c.received >= _SINCE, _CASE.c.received < _UNTIL, _MINE)
    .order_by(_CASE.c.received, _CASE.c.number)
)
_HAPPENED = (
    select(_EVENT.c.number)
    .where(text(COUNTED_EVENT), _EVENT.c.at >= _SINCE, _EVENT.c.at < _UNTIL)
    .distinct()
    .order_by(_EVENT.c.number)
)
_ENDED = (
    select(_CLOCK)
    .where(
        text("state in ('met', 'missed')"), given(_CLOCK.c.mailbox), _CLOCK.c.ended >= _SINCE,
        _CLOCK.c.ended < _UNTIL, _CLOCK.c.number != "",
    )
    .order_by(_CLOCK.c.id)
)  # fmt: skip
_OPEN = (
    select(_CASE.c.number)
    .where(text(OPEN_CASE), _MINE, _CASE.c.received < _UNTIL)
    .order_by(_CASE.c.received, _CASE.c.number)
)
_NAMED: BindParameter[str] = bindparam("numbers", expanding=True)
_CASES = select(_CASE.c.number, _CASE.c.data).where(_CASE.c.number.in_(_NAMED), _MINE).order_by(_CASE.c.number)
_EVENTS = select(_EVENT).where(_EVENT.c.number.in_(_NAMED)).order_by(_EVENT.c.number, _EVENT.c.seq)
_CLOCKS = select(_CLOCK).where(_CLOCK.c.number.in_(_NAMED)).order_by(_CLOCK.c.number, _CLOCK.c.id)
_FAR = datetime.fromisoformat("9998-01-01T00:00:00+00:00")


class ReportBook(PublicationBook):
    """Questions of reports."""

    def recorded(
        self, mailbox: str, period: Period, zone: ZoneInfo, *, stock: bool = True,
        known: Mapping[str, Story] = MappingProxyType({}),
    ) -> Recorded:  # fmt: skip
        """Everything of this period; `stock`: also what was open at its end; `known`: stories that were read before."""
        start, end = period.bounds(zone)
        received = self._numbers(_RECEIVED, of_mailbox=mailbox, since=start, until=end)
        happened, ended = self.happened(start, end), self.ended(mailbox, start, end)
        entries = ledger_between(self, start, end)
        # What came in the period and was set aside since was open at its end.
        opened = sorted({*self._open_at(mailbox, end), *received}) if stock else []
        touched = (*received, *happened, *(c.case for c in ended), *opened, *(entry.case for entry in entries))
        wanted = set(touched)
        read = self._stories(mailbox, wanted - known.keys())
        stories = dict(sorted((read | {number: known[number] for number in wanted & known.keys()}).items()))
        there = [number for number in opened if number in stories]
        return Recorded(
            period=period, start=start, end=end, stories=stories, received=tuple(received), has_stock=stock,
            ended=tuple(clock for clock in ended if clock.case in stories), open=tuple(there),
            months=tuple((f"{one.first.month:02}", *one.bounds(zone)) for one in period.months()),
            running=self._clocks_of(there), entries=tuple(entry for entry in entries if entry.case in stories),
        )  # fmt: skip

    def happened(self, since: datetime, until: datetime) -> list[str]:
        """Numbers of the cases, of any mailbox, to which something countable happened in this span."""
        return self._numbers(_HAPPENED, since=since, until=until)

    def ended(self, mailbox: str, since: datetime, until: datetime) -> list[Clock]:
        """The clocks of cases that were met or missed in this span."""
        found = self._all(_ENDED, of_mailbox=mailbox, since=since, until=until)
        return [rows.clock_value(row) for row in found]

    def _open_at(self, mailbox: str, end: datetime) -> list[str]:
        """What is open today and was there then, and what has ended since."""
        open_now = self._numbers(_OPEN, of_mailbox=mailbox, until=end)
        since = self.happened(end, _FAR)
        return [*open_now, *since]

    def _numbers(self, query: Any, **values: object) -> list[str]:
        return list(self.connection.execute(query, values).scalars())

    def _stories(self, mailbox: str, numbers: Iterable[str]) -> dict[str, Story]:
        found: dict[str, Story] = {}
        for some in _parts(sorted(set(numbers))):
            cases = {row["number"]: self.case_of(row) for row in self._all(_CASES, numbers=some, of_mailbox=mailbox)}
            events = self._opened("event", _EVENTS, numbers=list(cases)) if cases else []
            by_case = {n: [rows.event_value(e) for e in own] for n, own in groupby(events, lambda row: row["number"])}
            found |= {number: story(case, by_case.get(number, ())) for number, case in cases.items()}
        return found

    def _clocks_of(self, numbers: Sequence[str]) -> dict[str, tuple[Clock, ...]]:
        found: dict[str, tuple[Clock, ...]] = {}
        for some in _parts(numbers):
            own = self._all(_CLOCKS, numbers=some)
            found |= {n: tuple(map(rows.clock_value, own)) for n, own in groupby(own, lambda row: row["number"])}
        return found


def _parts(numbers: Iterable[str]) -> list[list[str]]:
    whole = list(numbers)
    return [whole[at : at + _AT_ONCE] for at in range(0, len(whole), _AT_ONCE)]
