"""Thirty days after a complaint is closed its writer is asked: has anything happened to you because of it? (P3.6.4).

Asked are the writers of protected types, and of what was found true. The answer becomes a case by `revenge`.
"""

from maild.domain.case import Case, Event, State
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan

OWED = "aftermath-owed"
AFTERMATH = "aftermath"
"""Under this name a key keeps that it asks this question."""
RETALIATION = "retaliation"
"""The type of revenge for feedback, where a pack has it."""
_REQUESTERS = "requester"
"""Whose line it is: no digest tells it."""
_ENDS = frozenset({"resolved", "withdrawn"})
"""What a complaint may end in; one that was withdrawn may have been withdrawn for fear."""


def aftermath_owed(case: Case) -> Plan:
    """What a closing leaves behind where its writer may have to be asked."""
    asks = bool(case.requester.address) and case.outcome in _ENDS and not case.origin
    return Plan(lines=(Line(kind=OWED, who=_REQUESTERS, number=case.number),)) if asks else Plan()


def aftermaths(office: Office, books: Books) -> Plan:
    """The questions that are due this morning, one a case."""
    plan, done = Plan(), []
    for ident, at, line in books.lines(office.box.address, OWED, who=_REQUESTERS):
        if office.now - at <= office.pack.deadlines.after.aftermath:
            break
        done.append(ident)
        case = books.case(line.number) if line.number else None
        if case is not None and _is_asked(case, office, books):
            event = Event(kind="aftermath-asked", at=office.now, actor="maild", data={})
            plan += Plan(letters=(_question(case),), happenings=(Happening(number=case.number, event=event),))
    books.lines_told(done, office.now)
    return plan


def _is_asked(case: Case, office: Office, facts: Facts) -> bool:
    """Whether it is still closed since then, and of a kind that somebody could take revenge for."""
    if RETALIATION not in office.pack.policy.types_by_id or case.state is not State.CLOSED or case.closed_at is None:
        return False
    if office.now - case.closed_at <= office.pack.deadlines.after.aftermath or case.requester.unconfirmed:
        return False
    history = facts.events(case.number)
    asked = any(e.kind == "aftermath-asked" and e.at >= case.closed_at for e in history)
    gone = {str(e.data.get("order", "")) for e in history if e.kind == "undone"}
    upheld = any(e.kind == "upheld" and e.data.get("mail") not in gone for e in history)
    return not asked and (case.type in office.pack.routes.protected or upheld)


def _question(case: Case) -> Letter:
    to = Address(address=case.requester.address, name=case.requester.name)
    return Letter(kind=LetterKind.AFTERMATH, to=to, language=case.requester.language, case=case.number,
                  data={"key_data": {AFTERMATH: case.number}}, lane=Lane.REQUESTER, keyed=True)  # fmt: skip
