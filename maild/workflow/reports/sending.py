"""Reports on their way: read without holding anybody up, then queued one reader a transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field

from maild.domain.case import Case
from maild.workflow.books import Books, Store
from maild.workflow.commit import commit
from maild.workflow.freeze import Scribe
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.reports.build import Builder, Periods, read_periods
from maild.workflow.reports.drawing import Drawing
from maild.workflow.reports.due import Wanted, mark_of, next_wanted, remembered, with_done
from maild.workflow.reports.letters import report_letter


@dataclass
class Reporter:
    """Sends the reports of one mailbox."""

    store: Store
    scribe: Scribe
    drawing: Drawing
    _read: dict[str, Periods] = field(default_factory=dict)
    """The periods that are being reported; forgotten once nothing is due."""

    def send_next(self, office: Office) -> bool:
        """Queue the next report that is due; whether there was one."""
        with self.store.reading() as books:
            wanted = next_wanted(office, books)
            if wanted is None:
                self._read.clear()
                return False
            plan = self._plan(wanted, office, books)
        self._queue(wanted, plan, office)
        return True

    def _plan(self, wanted: Wanted, office: Office, books: Books) -> Plan:
        reader = office.index.person(wanted.reader)
        if reader is None:
            return Plan()
        periods = self._periods(wanted, office, books)
        builder = Builder(office, self.scribe.words)
        report = builder.build(wanted.rule, periods, reader, unit=wanted.unit)
        if not any(figure.value for figure in report.figures.values()):
            return Plan()
        letter = report_letter(
            report, reader, office, words=builder.wordings(reader.language), drawing=self.drawing,
            find=finder(periods, books.case),
        )  # fmt: skip
        return Plan(letters=(letter,))

    def _periods(self, wanted: Wanted, office: Office, books: Books) -> Periods:
        key = f"{office.box.address} {wanted.period.key}"
        if key not in self._read:
            self._read = {key: read_periods(wanted.period, office.box.address, office.zone, books)}
        return self._read[key]

    def _queue(self, wanted: Wanted, plan: Plan, office: Office) -> None:
        name = mark_of(wanted.rule, office)
        with self.store.writing() as books:
            kept = books.kept_text(name)
            before = remembered(kept)
            if before and before[0] == wanted.period.key and wanted.mark in before[1]:
                return
            commit(plan + Plan(texts=((name, with_done(kept, wanted)),)), office, books, self.scribe)


def finder(periods: Periods, otherwise: Callable[[str], Case | None]) -> Callable[[str], Case | None]:
    """Finds a case among those that were read, or asks."""

    def find(number: str) -> Case | None:
        known = periods.now.stories.get(number)
        return known.case if known else otherwise(number)

    return find
