"""A plan becomes rows and outgoing mails, all in one transaction, as far as the mailbox's mode lets letters leave."""

from maild.workflow.books import Books
from maild.workflow.freeze import Scribe
from maild.workflow.guard import kept_apart
from maild.workflow.holding import part, would_send
from maild.workflow.knowing import with_known
from maild.workflow.ledger import proposed
from maild.workflow.office import Office
from maild.workflow.pace import pace
from maild.workflow.plan import Plan
from maild.workflow.takenback import taken_back


def commit(plan: Plan, office: Office, books: Books, scribe: Scribe) -> int:
    """Write everything down; returns how many mails stand in the outbox by it."""
    known = with_known(plan, books, scribe.originals, office)
    plan = known + Plan(entries=proposed(known, office, books))
    parted = part(taken_back(kept_apart(plan, office), office, books), office, books)
    mailbox = office.box.address
    books.save(parted.plan, (), mailbox=mailbox, now=office.now)
    paced = pace(parted.now, office, books)
    mails = scribe.freeze(paced.now, books, office)
    lines = tuple(would_send(letter, page) for letter, page in scribe.shown(parted.shown, books, office))
    books.save(paced.plan + Plan(lines=lines), mails, mailbox=mailbox, now=office.now)
    return len(mails)
