"""Time's road through the workflow: due clocks, owed acknowledgements, waiting quarantine notices, digests.

Each is decided like a mail and committed with its letters; what one person would get in several mails at one tick
comes in one (casework 6: after an outage one combined mail, not hundreds).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maild.domain.case import Clock, ClockState
from maild.domain.directory import Directory
from maild.domain.worktime import WorkCalendar
from maild.workflow.again import again
from maild.workflow.books import Books, Store
from maild.workflow.combine import combine
from maild.workflow.commit import commit
from maild.workflow.freeze import Scribe
from maild.workflow.leavers import came_to_leavers, changed_people, held_by_leavers
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.recalendar import recalendar
from maild.workflow.regular import anything_due, regular
from maild.workflow.reorganised import away_from_barred, with_barred_handlers
from maild.workflow.reports.sending import Reporter
from maild.workflow.sweep import due_clock
from maild.workflow.switch import switched

AT_ONCE = 1000
SOON, LONGEST = 0.05, 30.0
"""Seconds between two ticks."""


@dataclass
class Ticker:
    """Moves one mailbox's time forward."""

    store: Store
    scribe: Scribe
    office: Callable[[], Office]
    committed: Callable[[], None]
    directory: Callable[[], Directory]
    """The directory in force, without who is away today."""
    reporter: Reporter
    reckoned_by: WorkCalendar | None = None
    """The calendar that the open clocks are known to agree with."""
    peopled_by: Directory | None = None
    """The directory that the cases are known to agree with."""

    def tick(self, *, whole: bool = False) -> float:
        """Do everything that is due, and return the seconds until something may be due again.

        Of the reports that are due one is made, so that nothing waits for all of them; with `whole` all are.
        """
        office = self.office()
        again(lambda: self._mode(office))
        again(lambda: self._people(office))
        if self.reckoned_by is not office.calendar:
            recalendar(office, self.store)
            self.reckoned_by = office.calendar
        # At most ticks no clock is due; a transaction that writes would keep others waiting for that.
        while self._is_due(office) and again(lambda: self._sweep(office)):
            pass
        again(lambda: self._rest(office))
        if self._report(office, whole=whole):
            return SOON
        with self.store.reading() as books:
            following = books.next_due(office.box.address)
        return LONGEST if following is None else max(SOON, min(LONGEST, (following - office.now).total_seconds()))

    def _mode(self, office: Office) -> None:
        """Before anything else: another mode than at the last tick sends nothing of what gathered meanwhile."""
        with self.store.reading() as books:
            before = books.kept_text(f"mode:{office.box.address}")
        if before == office.box.mode:
            return
        with self.store.writing() as books:
            if books.kept_text(f"mode:{office.box.address}") != before:
                return
            books.keep_text(f"mode:{office.box.address}", office.box.mode)
            mails = self._save(books, switched(before, office, books), office)
        self._wake(mails)

    def _people(self, office: Office) -> None:
        """Before any clock: whoever has left has no case, no seat and no key any more."""
        directory = self.directory()
        mails = 0
        if directory is not self.peopled_by:
            with self.store.writing() as books:
                mails = self._save(books, changed_people(directory, office, books), office)
            mails += self._kept_clean(office)
            self.peopled_by = directory
        if office.index.gone and self._has_left(office):
            with self.store.writing() as books:
                mails += self._save(books, came_to_leavers(office, books), office)
        self._wake(mails)

    def _kept_clean(self, office: Office) -> int:
        """No case stays with somebody whom it excludes since the directory changed."""
        with self.store.reading() as books:
            if not with_barred_handlers(office, books):
                return 0
        with self.store.writing() as books:
            return self._save(books, away_from_barred(office, books, self.scribe.originals), office)

    def _has_left(self, office: Office) -> bool:
        """Whether something came to somebody who has left; asked without writing, since it seldom does."""
        with self.store.reading() as books:
            return bool(held_by_leavers(office, books))

    def tell(self, plan: Plan) -> None:
        """Commit what somebody must hear of at once."""
        with self.store.writing() as books:
            mails = self._save(books, plan, self.office())
        self._wake(mails)

    def _is_due(self, office: Office) -> bool:
        with self.store.reading() as books:
            following = books.next_due(office.box.address)
        return following is not None and following <= office.now

    def _sweep(self, office: Office) -> bool:
        with self.store.writing() as books:
            clocks = books.due_clocks(office.box.address, office.now, AT_ONCE)
            plan = Plan()
            for clock in clocks:
                if clock.id not in {changed.id for changed in plan.clocks}:
                    plan += self._one(clock, office, books)
            mails = self._save(books, replace(plan, letters=combine(plan.letters, office, books)), office)
        self._wake(mails)
        return len(clocks) == AT_ONCE

    def _one(self, clock: Clock, office: Office, books: Books) -> Plan:
        case = books.case(clock.case)
        if case is None and clock.case:
            return Plan(clocks=(replace(clock, state=ClockState.DROPPED, next_at=None),))
        return due_clock(clock, case, office, facts=books)

    def _rest(self, office: Office) -> None:
        with self.store.reading() as books:
            if not anything_due(office, books, self.scribe.originals):
                return
        with self.store.writing() as books:
            mails = self._save(books, regular(office, books, self.scribe.originals), office)
        self._wake(mails)

    def _report(self, office: Office, *, whole: bool) -> bool:
        """Whether a report was queued, and another one may be due."""
        made = False
        while again(lambda: self.reporter.send_next(office)):
            made = True
            self.committed()
            if not whole:
                break
        return made

    def _save(self, books: Books, plan: Plan, office: Office) -> int:
        return commit(plan, office, books, self.scribe) if plan != Plan() else 0

    def _wake(self, mails: int) -> None:
        """Only what is committed can be seen by whoever sends: woken earlier, it would find nothing and sleep on."""
        if mails:
            self.committed()
