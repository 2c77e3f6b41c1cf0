"""No rating within the pack's days counts as "not rated": a value of its own, never as content (casework 4)."""

from dataclasses import replace

from maild.domain.case import Case, Event, State
from maild.domain.outcome import BY_COORDINATOR
from maild.workflow.books import Books
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan

OWED = "rating-owed"
_REQUESTERS = "requester"
"""Whose line it is: no digest tells it."""


def rating_owed(case: Case) -> Plan:
    """What a closing leaves behind where its sender is asked whether it helped."""
    asks = bool(case.requester.address) and case.outcome not in {*BY_COORDINATOR, "withdrawn", "merged"}
    return Plan(lines=(Line(kind=OWED, who=_REQUESTERS, number=case.number),)) if asks else Plan()


def unrated(office: Office, books: Books) -> Plan:
    """The closed cases that nobody rated in time, each with an event."""
    plan, done = Plan(), []
    for ident, at, line in books.lines(office.box.address, OWED, who=_REQUESTERS):
        if office.now - at <= office.pack.deadlines.after.rating:
            break
        done.append(ident)
        case = books.case(line.number) if line.number else None
        if case is not None and _is_unrated(case, office):
            event = Event(kind="not-rated", at=office.now, actor="maild", data={})
            plan += Plan(cases=(replace(case, rating="not-rated"),),
                         happenings=(Happening(number=case.number, event=event),))  # fmt: skip
    books.lines_told(done, office.now)
    return plan


def _is_unrated(case: Case, office: Office) -> bool:
    """Whether it is closed since then; one that was opened again owes another line."""
    closed = case.closed_at is not None and office.now - case.closed_at > office.pack.deadlines.after.rating
    return case.state is State.CLOSED and not case.rating and closed
