"""Running clocks in the database: the sweep takes what is due, and no two sweeps take the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from maild.adapters import rows
from maild.adapters.reading import TABLES, fixed, given
from maild.adapters.searching import Searching
from maild.domain.case import Clock, ClockState

_CASE, _CLOCK = TABLES["case"], TABLES["clock"]
_NEW_CLOCKS = insert(_CLOCK)
_CHANGED_CLOCK = update(_CLOCK).where(given(_CLOCK.c.id))
_OPEN = (_CLOCK.c.state == fixed("open"), given(_CLOCK.c.mailbox))
_DUE = (
    select(_CLOCK)
    .where(*_OPEN, _CLOCK.c.next_at <= bindparam("now"))
    .order_by(_CLOCK.c.next_at)
    .limit(bindparam("most"))
)
_DUE_ALONE = _DUE.where(
    _CLOCK.c.number.not_in(bindparam("busy", expanding=True))
).with_for_update(skip_locked=True)  # fmt: skip
_NEXT_DUE = select(_CLOCK.c.next_at).where(*_OPEN, _CLOCK.c.next_at.is_not(None)).order_by(_CLOCK.c.next_at).limit(1)
_RUNNING = (
    select(_CLOCK)
    .where(
        *_OPEN, _CLOCK.c.number != "", _CLOCK.c.next_at.is_not(None), _CLOCK.c.due >= bindparam("due_from"),
        _CLOCK.c.id > bindparam("after"),
    )
    .order_by(_CLOCK.c.id)
    .limit(bindparam("most"))
)  # fmt: skip
_NAMED = select(_CASE.c.number).where(_CASE.c.number.in_(bindparam("numbers", expanding=True)))
_NAMED_FREE = _NAMED.order_by(_CASE.c.number).with_for_update(skip_locked=True)
_NAMED_ALONE = _NAMED.order_by(_CASE.c.number).with_for_update()


class Clocks(Searching):
    """Writes of time's road."""

    def save_clocks(self, clocks: Sequence[Clock], mailbox: str, now: datetime) -> None:
        """Insert new clocks or write old ones over; one of a case belongs to the case's mailbox, others to this.

        What does not run any more ended at `now` where it says no other time.
        """
        clocks = [_with_end(clock, now) for clock in clocks]
        for number in {clock.case for clock in clocks}:
            self._clocks.pop(number, None)
        if new := [rows.clock_row(c) | {"mailbox": self._owner(c, mailbox)} for c in clocks if not c.id]:
            self.connection.execute(_NEW_CLOCKS, new)
        for clock in clocks:
            if clock.id:
                self.connection.execute(_CHANGED_CLOCK, {"of_id": clock.id, **rows.clock_row(clock)})

    def due_clocks(self, mailbox: str, now: datetime, limit: int) -> Sequence[Clock]:
        """Open clocks of a mailbox that must be looked at, earliest first; read through the partial index.

        Where something is decided, clock and case are this transaction's alone; those that another one has at this
        moment are left to it.
        """
        due = {"of_mailbox": mailbox, "now": now, "most": limit}
        found = [rows.clock_value(row) for row in self._all(_DUE, **due)]
        if found and self._decides and self.connection.dialect.name == "postgresql":
            # The case first, as everywhere, or the sweep and a mail would wait for each other.
            busy = self._busy({clock.case for clock in found} - {""})
            found = [rows.clock_value(row) for row in self._all(_DUE_ALONE, **due, busy=busy)]
        return found

    def open_clocks(self, mailbox: str, *, due_from: datetime, after: int, limit: int) -> Sequence[Clock]:
        """Running clocks of a mailbox's cases that end at `due_from` or later, by id from `after` on.

        Where something is decided, their cases are this transaction's alone; it waits for those that another one has.
        """
        values = {"of_mailbox": mailbox, "due_from": due_from, "after": after, "most": limit}
        found = [rows.clock_value(row) for row in self._all(_RUNNING, **values)]
        if found and self._decides and self.connection.dialect.name == "postgresql":
            self.connection.execute(_NAMED_ALONE, {"numbers": sorted({clock.case for clock in found})})
            found = [rows.clock_value(row) for row in self._all(_RUNNING, **values)]
        return found

    def next_due(self, mailbox: str) -> datetime | None:
        """When the next open clock of a mailbox must be looked at."""
        moment: datetime | None = self.connection.execute(_NEXT_DUE, {"of_mailbox": mailbox}).scalar()
        return moment

    def _busy(self, numbers: set[str]) -> list[str]:
        """Those of these cases that another transaction has; the others are this one's from now on."""
        ours = set(self.connection.execute(_NAMED_FREE, {"numbers": sorted(numbers)}).scalars())
        others = numbers - ours
        return list(self.connection.execute(_NAMED, {"numbers": sorted(others)}).scalars()) if others else []

    def _owner(self, clock: Clock, mailbox: str) -> str:
        case = self._cases.get(clock.case)
        return case.mailbox if case else mailbox


def _with_end(clock: Clock, now: datetime) -> Clock:
    runs = clock.state is ClockState.OPEN
    return replace(clock, ended=None if runs else clock.ended or now)
