"""reports.yaml of a pack as values: which report, about what, when, to whom, in which parts (casework 7, P3.3.1)."""

from datetime import datetime, time
from functools import cached_property
from typing import Literal

from maild.domain.period import Period, period_of
from maild.domain.recurrence import Every, Recurrence, openings_until, parse_recurrence
from maild.domain.rule import Bilingual
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar

SECTIONS = ("overview", "months", "types", "units", "urgency", "channels", "customers", "workload", "satisfaction",
            "matters", "causes", "plan", "ledger", "scores")  # fmt: skip
"""What a report can be made of, in the usual order."""
CHARTED = ("months", "types", "units", "urgency", "channels", "customers", "workload", "satisfaction")
"""Those that can have a picture beside the table."""


@value
class ReportRule:
    """One report."""

    id: str
    name: Bilingual
    about: Literal["week", "month", "quarter", "year"]
    """The period that is over when it goes out."""
    when: str
    """In the calendar's words: `first working day of the month`."""
    at: str = "09:00"
    to: tuple[str, ...] = ()
    """Units or roles that get the whole office's; of a unit who leads it."""
    heads: bool = False
    """Whether each head gets the own unit's, with the units below it."""
    sections: tuple[str, ...] = SECTIONS
    charts: tuple[str, ...] = ()

    @property
    def every(self) -> Every:
        """The length of its period."""
        return Every(self.about)

    @cached_property
    def hour(self) -> time:
        """When on that day, by the coordinator's clock."""
        return time.fromisoformat(self.at)

    @cached_property
    def recurrence(self) -> Recurrence:
        """On which days it goes out."""
        return parse_recurrence(self.when)

    def last_due(self, now: datetime, calendar: WorkCalendar) -> tuple[datetime, Period] | None:
        """The last moment up to `now` at which it was due, and the period that was over then; None where none was."""
        for one in openings_until(self.recurrence, calendar.local(now).date(), calendar):
            if (moment := calendar.instant(one.first, self.hour)) <= now:
                return moment, period_of(self.every, one.first).previous()
        return None


@value
class Reports:
    """What reports.yaml may hold."""

    reports: tuple[ReportRule, ...] = ()
