"""The directory changed while a case ran: who handles it may be out of it now (security.md, "Conflict of interest").

Somebody complained of becomes the head of the unit that handles the case, or the handler's delegate takes a post below.
Who is excluded is asked of the directory as it is today, so that such a handler hears nothing more; here the case
goes to somebody who may have it.
"""

from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.learned import moved_on
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan
from maild.workflow.sight import is_barred

_MOST = 100_000


def with_barred_handlers(office: Office, facts: Facts) -> list[str]:
    """Numbers of the open cases whose handler must not hear of them as the directory is today."""
    cases = facts.open_cases(office.box.address, _MOST)
    return [case.number for case in cases if case.handler and is_barred(case, case.handler, office.index)]


def away_from_barred(office: Office, books: Books, originals: Originals) -> Plan:
    """These cases in other hands, as when a name is learned later; nobody's where nobody is left."""
    plan = Plan()
    for number in with_barred_handlers(office, books):
        if (case := books.case(number)) is not None:
            plan += moved_on(case, office, facts=books, originals=originals)
    return plan
