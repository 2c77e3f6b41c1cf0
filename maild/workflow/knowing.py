"""By what the requester of a confidential case could be known: gathered from the letters before anything is written.

Every text that leaves for the inside is held to it in `freeze`, whichever stage wrote it.
"""

from dataclasses import replace

from maild.domain.case import Case, KnownBy
from maild.errors import MaildError, Temporary
from maild.mail.knownby import joined, known_by, names_in
from maild.workflow.books import Books
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan


def with_known(plan: Plan, books: Books, originals: Originals, office: Office) -> Plan:
    """The plan with what its mails tell of the requesters of its confidential cases."""
    cases = list(plan.cases)
    numbers = {case.number for case in cases}
    if plan.number and plan.number not in numbers and (case := books.case(plan.number)):
        cases.append(case)
    known = [replace(case, known_by=_known(case, books, originals, office)) if case.confidential else case
             for case in cases]  # fmt: skip
    changed = tuple(one for one, before in zip(known, cases, strict=True) if one.number in numbers or one != before)
    return replace(plan, cases=changed)


def _known(case: Case, books: Books, originals: Originals, office: Office) -> KnownBy:
    person = office.index.person(case.requester.address)
    own = {case.requester.address, *case.requester.earlier, *(person.addresses if person else ())}
    called = (case.requester.name, *((person.name, *person.nicknames) if person else ()))
    names = [name for one in called for name in names_in(one)]
    known = joined(case.known_by, KnownBy(names=tuple(names), addresses=tuple(sorted(filter(None, own)))))
    for received in books.mails(case.number):
        if received.author in own:
            try:
                known = joined(known, known_by(originals.mail(received.sha256)))
            except Temporary:
                raise
            except MaildError:
                continue
    return known
