"""`reply` 答复: a person's text goes to the requester from the shared address, signed by the unit."""

from dataclasses import replace

from maild.domain.case import Answered
from maild.domain.emptyanswer import lacks_substance
from maild.domain.letter import LetterKind
from maild.domain.outcome import lacking
from maild.domain.transitions import Trigger
from maild.workflow.deeds.answering import letter_out, why_not
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ending import outcome_of
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan


def reply(order: Order) -> Result:
    """The text goes to the requester; the case is answered, and goes on for what its outcome still lacks."""
    text = order.command.text.strip()
    if why := why_not(order, text):
        return Result(refusal=why)
    answered = replace(moved(order, Trigger.ANSWER), answered_at=order.office.now, answer=Answered.QUEUED)
    clocks = met_by(order, "reply")
    data: dict[str, object] = {"text": text} | ({"anyway": True} if order.anyway else {})
    plan = Plan(cases=(answered,), clocks=clocks, letters=(letter_out(order, LetterKind.ANSWER, text),),
                happenings=(happened(order, "answered", data),))  # fmt: skip
    outcome = answered.settling or outcome_of(answered, order.office)
    more = ("lacks-substance",) if lacks_substance(text) else ()
    missing = lacking(answered, outcome)
    said = echo(order, running_after(order, clocks), visible_to="requester", missing=missing, more=more)
    return Result(plan=plan, echo=said)
