"""One reader's report: counted as far as the reader may see each case, and put into tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from maild.domain.counted import Counts, View
from maild.domain.counting import counts
from maild.domain.directory import Person
from maild.domain.masks import masked
from maild.domain.period import Period
from maild.domain.recorded import Recorded
from maild.domain.recurrence import Every
from maild.domain.reportrule import ReportRule
from maild.domain.reporttable import Report, Table
from maild.workflow.books import Books
from maild.workflow.masking import look_at
from maild.workflow.office import Office
from maild.workflow.reports.readers import view_of
from maild.workflow.reports.sections import MAKERS
from maild.workflow.reports.tablemaking import TableMaking
from maild.workflow.reports.wordings import Wordings
from maild.workflow.sight import Sight, sight
from maild.workflow.view import Names, unit_label


@dataclass
class Periods:
    """What is recorded of a period, of the one before and of the year before; read once for all readers."""

    now: Recorded
    before: Recorded
    year: Recorded


def read_periods(period: Period, mailbox: str, zone: ZoneInfo, books: Books) -> Periods:
    """From the database. What was open a year ago is not looked for: it would grow with all that ended since."""
    now = books.recorded(mailbox, period, zone)
    before = books.recorded(mailbox, period.previous(), zone, known=now.stories)
    if period.every is Every.YEAR:
        return Periods(now=now, before=before, year=before)
    year = books.recorded(mailbox, period.year_before(), zone, stock=False, known={**before.stories, **now.stories})
    return Periods(now=now, before=before, year=year)


@dataclass(frozen=True)
class Builder:
    """Makes reports of one office in the words of each reader's language."""

    office: Office
    words: Callable[[str], Mapping[str, Mapping[str, str]]]
    """The catalogue of a language."""

    def build(
        self, rule: ReportRule, periods: Periods, reader: Person | None, *, unit: str = "", language: str = ""
    ) -> Report:  # fmt: skip
        """The report as this reader may have it; `reader` None: who keeps the database, and sees that each exists."""
        language = language or (reader.language if reader else "zh")
        words = self.wordings(language)
        view = view_of(reader, unit, self.office)
        look = look_at(None, reader, self.office)
        yearly = periods.now.period.every is Every.YEAR
        now, before = counts(periods.now, view), _earlier(periods.before, view)
        make = TableMaking(
            words=words, letter=rule.about[0].upper(), now=now, before=before,
            year=None if yearly else _earlier(periods.year, view), name=self._namer(words, periods.now),
            unseen=self._unseen(periods.now, reader) if not unit else 0, yearly=yearly,
            shown=lambda text: masked(text, look),
            months=tuple(month for month, start, _ in periods.now.months if start < self.office.now),
            begins_in=periods.before.begins_in if yearly else "",
        )  # fmt: skip
        tables = self._tables(rule, make, view)
        found = self.office.index.unit(unit) if unit else None
        return Report(
            rule=rule.id, name=rule.name.in_language(language), period=periods.now.period,
            period_name=words.period(periods.now.period), unit=unit,
            unit_name=unit_label(found, language) if found else "", tables=tables, figures=make.figures,
            lead=_lead(words, now),
        )  # fmt: skip

    def wordings(self, language: str) -> Wordings:
        """How reports speak in this language."""
        return Wordings(word=Names(self.words(language)), language=language)

    def _tables(self, rule: ReportRule, make: TableMaking, view: View) -> tuple[Table, ...]:
        alone = view.units is not None and len(view.units) == 1
        names = [name for name in rule.sections if not (alone and name in {"units", "workload"})]
        made = (MAKERS[name](make, charted=name in rule.charts) for name in names)
        return tuple(table for table in made if table is not None)

    def _unseen(self, recorded: Recorded, reader: Person | None) -> int:
        """How many cases that came in this reader may know to exist, and no more."""
        if reader is None:
            return 0
        cases = (recorded.stories[number].case for number in recorded.received)
        return sum(sight(case, reader, self.office) is Sight.EXISTS for case in cases)

    def _namer(self, words: Wordings, recorded: Recorded) -> Callable[[str, str], str]:
        """What the parts of a figure are called."""
        ledger = self.office.pack.ledger
        rules = {entry.rule: ledger.name(entry, words.language) for entry in recorded.entries}

        def name(kind: str, code: str) -> str:
            if kind == "type":
                return self.office.pack.type_name(code, words.language)
            if kind == "rule":
                return rules.get(code, code)
            if kind == "unit":
                unit = self.office.index.unit(code)
                return unit_label(unit, words.language) if unit else code or words("no-unit")
            if kind == "month":
                return words("month-short", month=words.word("report-month", str(int(code))))
            return words.word({"customer": "report-customer", "channel": "report-channel"}.get(kind, kind), code)

        return name


def _earlier(recorded: Recorded, view: View) -> Counts | None:
    """The counts of an earlier period; None of a time before maild."""
    return counts(recorded, view, grouping=False) if recorded.is_known else None


def _lead(words: Wordings, now: Counts) -> str:
    received, closed, opened, late = (len(now.of(code)) for code in ("received", "closed", "open", "overdue"))
    return words("lead-late" if late else "lead", received=received, closed=closed, open=opened, overdue=late)
