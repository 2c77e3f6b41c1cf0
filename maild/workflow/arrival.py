"""An answer reached its reader's server, or came back: what that makes of its case (casework 4, "Answer")."""

from dataclasses import replace

from maild.domain.case import Answered, Case, Event, State
from maild.domain.letter import LetterKind
from maild.domain.sla import answer_clock
from maild.domain.transitions import Trigger, can_move, move
from maild.workflow.ending import settled
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan, Ready, Sent


def answer_arrived(mail: Ready, office: Office, *, facts: Facts) -> Plan:
    """The server accepted an answer: the requester has it, and the case closes where nothing else was missing."""
    case = facts.case(mail.number) if mail.number and mail.kind == LetterKind.ANSWER.value else None
    if case is None or case.answer is not Answered.QUEUED:
        return Plan()
    event = Event(kind="answer-sent", at=office.now, actor="maild", data={"maild_id": mail.maild_id})
    has = replace(case, answer=Answered.SENT)
    return Plan(happenings=(Happening(number=case.number, event=event),)) + settled(
        has, office, facts.clocks(case.number)
    )


def answer_returned(sent: Sent, case: Case, office: Office) -> Plan:
    """An answer came back: the requester does not have it, and the case is open again where it had been enough.

    The outcome waits for an answer that arrives, by mail or told; nobody counts this as a reopening.
    """
    if sent.kind != LetterKind.ANSWER.value or case.answer not in {Answered.QUEUED, Answered.SENT}:
        return Plan()
    if not can_move(case.state, Trigger.RETURN):
        return Plan()
    state = move(case.state, Trigger.RETURN)
    back = replace(case, state=state, answer=Answered.RETURNED, closed_at=None)
    if case.state is State.CLOSED:
        back = replace(back, settling=case.outcome or "", outcome=None)
    clock = answer_clock(back, start=office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(back))
    return Plan(cases=(back,), clocks=(clock,) if clock else ())
