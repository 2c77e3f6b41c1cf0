"""`ask` 询问 / 请补充: a question to the requester; the case waits and its clocks stop (casework 4)."""

from dataclasses import replace

from maild.domain.case import State
from maild.domain.letter import LetterKind
from maild.domain.transitions import Trigger, move
from maild.domain.verb import HEAD
from maild.workflow.deeds.answering import letter_out
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result, clocks_after, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.waiting import may_stop, stopped


def ask(order: Order) -> Result:
    """The question leaves in the unit's name. The clocks stop, unless a handler has stopped them often enough."""
    text, case = order.command.text.strip(), replace(order.case, last_human_event=order.office.now)
    move(case.state, Trigger.ASK)
    if not text:
        return Result(refusal="missing-text")
    if not case.requester.address:
        return Result(refusal="no-address")
    letters = (letter_out(order, LetterKind.QUESTION, text),)
    clocks = met_by(order, "ask")
    stops = case.state is not State.PLANNED and case.waiting_since is None
    allowed = may_stop(case, order.office) or (HEAD in order.roles and order.person.address != case.handler)
    if stops and allowed:
        case, changed = stopped(case, clocks_after(order.clocks, clocks), order.office, by=order.person.address)
        clocks = (*clocks, *changed)
    event = happened(order, "asked", {"text": text, "stops": stops and allowed})
    said = echo(order, running_after(order, clocks), visible_to="requester",
                more=("clocks-run-on",) if stops and not allowed else ())  # fmt: skip
    return Result(plan=Plan(cases=(case,), clocks=clocks, letters=letters, happenings=(event,)), echo=said)
