"""How a report says its figures, trends, shares and periods, zh and en."""

from collections.abc import Callable

from maild.domain.period import Period
from maild.domain.recurrence import Every
from maild.domain.value import value

NONE = "–"
"""Where nothing can be said."""


@value
class Wordings:
    """The words of one language."""

    word: Callable[[str, str], str]
    """Group and code into words."""
    language: str

    def __call__(self, code: str, **names: object) -> str:
        """A phrase of the group `report`, filled in."""
        return self.word("report", code).format(**names)

    def figure(self, code: str) -> str:
        """What a figure counts."""
        return self.word("figure", code)

    def trend(self, now: int, before: int | None) -> str:
        """An earlier figure with the change since: `10（+20.0%）`, `12（持平）`; of nothing alone, unknown a dash."""
        if before is None:
            return NONE
        if now == before:
            change = self("same")
        elif not before:
            return str(before)
        else:
            change = f"{(now - before) / before:+.1%}".replace("-", "−")
        return self("trend", figure=before, change=change)

    def share(self, part: int, whole: int, *, least: int) -> str:
        """A rate with its denominator: `91.7% (11/12)`; a dash below `least`, and of nothing a dash alone."""
        if not whole:
            return NONE
        if whole < least:
            return self("too-few", part=part, whole=whole)
        return self("share", rate=f"{part / whole:.1%}", part=part, whole=whole)

    def period(self, period: Period) -> str:
        """2026年10月, 2026年第四季度, 2026年第48周; October 2026, Q4 2026, week 48 of 2026."""
        year, month = period.first.year, period.first.month
        if period.every is Every.WEEK:
            year, week, _ = period.first.isocalendar()
            return self("week", year=year, week=week, first=self._day(period, last=False),
                        last=self._day(period, last=True))  # fmt: skip
        if period.every is Every.QUARTER:
            quarter = (month + 2) // 3
            return self("quarter", year=year, quarter=self.word("report-quarter", str(quarter)))
        if period.every is Every.MONTH:
            return self("month", year=year, month=self.word("report-month", str(month)))
        return self("year", year=year)

    def _day(self, period: Period, *, last: bool) -> str:
        day = period.last if last else period.first
        return self("day", month=self.word("report-month", str(day.month)), day=day.day)
