"""Time's road through the workflow: due clocks, owed acknowledgements, waiting quarantine notices, digests.

Each is decided like a mail and committed with its letters; what one person would get in several mails at one tick
comes in one (casework 6: after an outage one combined mail, not hundreds).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maild.domain.case import Clock, ClockState
from maild.domain.directory import Directory
from maild.domain.worktime import WorkCalendar
from maild.workflow.aftermath import aftermaths
from maild.workflow.again import again
from maild.workflow.award import awards_due
from maild.workflow.books import Books, Store
from maild.workflow.combine import combine
from maild.workflow.commit import commit
from maild.workflow.digest import digest, digest_due
from maild.workflow.doubtful import doubtful_directory
from maild.workflow.formrounds import due_rounds
from maild.workflow.freeze import Scribe
from maild.workflow.gathering import newcomers
from maild.workflow.leavers import came_to_leavers, changed_people, held_by_leavers
from maild.workflow.ledgerlist import ledger_lists
from maild.workflow.office import Office
from maild.workflow.owed import owed_acknowledgements
from maild.workflow.pace import bundles
from maild.workflow.plan import Plan
from maild.workflow.planreview import plan_reviews
from maild.workflow.publicmonth import month_due, published_last_month
from maild.workflow.quarantine import HOUR, tell
from maild.workflow.reappeared import reappeared
from maild.workflow.recalendar import moved_dates, recalendar
from maild.workflow.release import waiting_list
from maild.workflow.reports.sending import Reporter
from maild.workflow.sweep import due_clock
from maild.workflow.switch import switched
from maild.workflow.unrated import unrated
from maild.workflow.weekly import weekly, weekly_due

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
            self.peopled_by = directory
        if office.index.gone and self._has_left(office):
            with self.store.writing() as books:
                mails += self._save(books, came_to_leavers(office, books), office)
        self._wake(mails)

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
        with self.store.writing() as books:
            plan = owed_acknowledgements(office, books) + self._quarantined(office, books) + bundles(office, books)
            plan += newcomers(office, books, self.scribe.originals)
            plan += due_rounds(office, books)
            plan += reappeared(office, books) + doubtful_directory(office, books)
            if day := digest_due(office, books.marked_time(f"digest:{office.box.address}")):
                plan += plan_reviews(office, books) + unrated(office, books)
                plan += digest(office, books) + moved_dates(office, books)
                plan += ledger_lists(office, books) + awards_due(office, books)
                plan += aftermaths(office, books)
                books.mark_time(f"digest:{office.box.address}", office.now)
            plan += self._month(office, books) + self._week(office, books) + waiting_list(office, books, anyway=day)
            mails = self._save(books, plan, office)
        self._wake(mails)

    def _month(self, office: Office, books: Books) -> Plan:
        mark = f"published:{office.box.address}"
        if not month_due(office, books.marked_time(mark)):
            return Plan()
        books.mark_time(mark, office.now)
        return published_last_month(office, books)

    def _report(self, office: Office, *, whole: bool) -> bool:
        """Whether a report was queued, and another one may be due."""
        made = False
        while again(lambda: self.reporter.send_next(office)):
            made = True
            self.committed()
            if not whole:
                break
        return made

    def _week(self, office: Office, books: Books) -> Plan:
        mark = f"weekly:{office.box.address}"
        if not weekly_due(office, books.marked_time(mark)):
            return Plan()
        books.mark_time(mark, office.now)
        return weekly(office, books)

    def _quarantined(self, office: Office, books: Books) -> Plan:
        last = books.last("quarantine-told", office.box.address)
        waiting = books.lines(office.box.address, "quarantined")
        if not waiting or (last is not None and office.now - last < HOUR):
            return Plan()
        books.lines_told([ident for ident, _, _ in waiting], office.now)
        return tell([line.data for _, _, line in waiting], office)

    def _save(self, books: Books, plan: Plan, office: Office) -> int:
        return commit(plan, office, books, self.scribe) if plan != Plan() else 0

    def _wake(self, mails: int) -> None:
        """Only what is committed can be seen by whoever sends: woken earlier, it would find nothing and sleep on."""
        if mails:
            self.committed()
