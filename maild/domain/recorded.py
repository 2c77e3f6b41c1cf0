"""What the books hold of one period: the stories, clocks and ledger entries that its report is made of."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from maild.domain.case import Clock
from maild.domain.ledger import Entry
from maild.domain.period import Period
from maild.domain.trail import Story
from maild.domain.value import value

COUNTED = ("closed", "reopened", "refused", "routed", "rated", "not-rated", "planned", "merged", "dropped")
"""Events whose day a report asks for; the index over them holds these kinds alone."""


@value
class Recorded:
    """Everything of one mailbox that a report about this period looks at."""

    period: Period
    start: datetime
    end: datetime
    """UTC; what happened at `end` belongs to the next period."""
    stories: Mapping[str, Story]
    """Of every case that came in, had such an event, or ended a clock in the period, or was open at its end."""
    received: tuple[str, ...] = ()
    """Numbers of the cases that came in, oldest first."""
    ended: tuple[Clock, ...] = ()
    """Clocks that were met or missed in the period."""
    running: Mapping[str, tuple[Clock, ...]] = field(default_factory=dict)
    """Of the cases that were open at its end, the clocks that ran then."""
    open: tuple[str, ...] = ()
    """Numbers of the cases that may have been open at its end."""
    has_stock: bool = True
    """Whether `open` was asked for."""
    entries: tuple[Entry, ...] = ()
    """The ledger's entries that were proposed in the period."""
    months: tuple[tuple[str, datetime, datetime], ...] = ()
    """Of a longer period: number of each month, from and until, UTC."""

    def month_of(self, moment: datetime) -> str:
        """The number of the month that holds this moment; "" where none of the period does."""
        return next((month for month, start, end in self.months if start <= moment < end), "")

    @property
    def begins_in(self) -> str:
        """The number of the month in which what is recorded begins, where that is not the first one; "" otherwise."""
        first = min((one.case.received for one in self.stories.values() if not one.case.origin), default=self.start)
        month = self.month_of(first)
        return month if self.months and month != self.months[0][0] else ""

    @property
    def is_known(self) -> bool:
        """Whether maild was at work then: of a time before it there is nothing to compare with."""
        return any(not one.case.origin for one in self.stories.values())
