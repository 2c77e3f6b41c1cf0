"""What time brings besides clocks: what waits for others or for its hour, the rounds, the digest, the week, the month.

At most looks there is nothing. `anything_due` finds that out without writing, which would keep others waiting.
"""

from maild.workflow.aftermath import aftermaths
from maild.workflow.award import awards_due
from maild.workflow.books import Books
from maild.workflow.digest import digest, digest_due
from maild.workflow.doubtful import doubtful_directory
from maild.workflow.formrounds import due_rounds, rounds_due
from maild.workflow.gathering import newcomers
from maild.workflow.ledgerlist import ledger_lists
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.owed import owed_acknowledgements
from maild.workflow.pace import bundles
from maild.workflow.plan import Plan
from maild.workflow.planreview import plan_reviews
from maild.workflow.publicmonth import month_due, published_last_month
from maild.workflow.quarantine import HOUR, tell
from maild.workflow.reappeared import reappeared
from maild.workflow.recalendar import moved_dates
from maild.workflow.release import waiting_list
from maild.workflow.unrated import unrated
from maild.workflow.weekly import weekly, weekly_due


def anything_due(office: Office, books: Books, originals: Originals) -> bool:
    """Whether `regular` has anything to do now; writes nothing."""
    return (
        _digest_due(office, books)
        or _month_due(office, books)
        or _week_due(office, books)
        or rounds_due(office, books)
        or bool(_quarantined(office, books))
        or (_waiting(office, books, originals) + waiting_list(office, books, anyway=False)) != Plan()
    )


def regular(office: Office, books: Books, originals: Originals) -> Plan:
    """Everything of this kind that is due now."""
    plan = _waiting(office, books, originals) + _told(office, books) + due_rounds(office, books)
    # The digest of the same moment tells none of these lines a second time.
    books.lines_told(plan.settled, office.now)
    if day := _digest_due(office, books):
        plan += plan_reviews(office, books) + unrated(office, books)
        plan += digest(office, books) + moved_dates(office, books)
        plan += ledger_lists(office, books) + awards_due(office, books)
        plan += aftermaths(office, books)
        books.mark_time(_digest(office), office.now)
    return plan + _month(office, books) + _week(office, books) + waiting_list(office, books, anyway=day)


def _waiting(office: Office, books: Books, originals: Originals) -> Plan:
    """What waited so that it goes out together, or was put off."""
    plan = owed_acknowledgements(office, books) + bundles(office, books) + newcomers(office, books, originals)
    return plan + reappeared(office, books) + doubtful_directory(office, books)


def _quarantined(office: Office, books: Books) -> list[tuple[int, dict[str, object]]]:
    """Quarantined mails that nobody has been told of and that may be told now: one mail an hour."""
    waiting = books.lines(office.box.address, "quarantined")
    last = books.last("quarantine-told", office.box.address) if waiting else None
    return [] if last is not None and office.now - last < HOUR else [(one, line.data) for one, _, line in waiting]


def _told(office: Office, books: Books) -> Plan:
    waiting = _quarantined(office, books)
    plan = tell([data for _, data in waiting], office) if waiting else Plan()
    return plan + Plan(settled=tuple(ident for ident, _ in waiting))


def _month(office: Office, books: Books) -> Plan:
    if not _month_due(office, books):
        return Plan()
    books.mark_time(_published(office), office.now)
    return published_last_month(office, books)


def _week(office: Office, books: Books) -> Plan:
    if not _week_due(office, books):
        return Plan()
    books.mark_time(_weekly(office), office.now)
    return weekly(office, books)


def _digest_due(office: Office, books: Books) -> bool:
    return digest_due(office, books.marked_time(_digest(office)))


def _month_due(office: Office, books: Books) -> bool:
    return month_due(office, books.marked_time(_published(office)))


def _week_due(office: Office, books: Books) -> bool:
    return weekly_due(office, books.marked_time(_weekly(office)))


def _digest(office: Office) -> str:
    return f"digest:{office.box.address}"


def _published(office: Office) -> str:
    return f"published:{office.box.address}"


def _weekly(office: Office) -> str:
    return f"weekly:{office.box.address}"
