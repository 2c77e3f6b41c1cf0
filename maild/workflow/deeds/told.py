"""`told` 已电话告知 / 已当面答复: an answer given by telephone, letter or in person."""

from dataclasses import replace

from maild.domain.case import Answered
from maild.domain.letter import LetterKind
from maild.domain.outcome import lacking
from maild.domain.transitions import Trigger
from maild.workflow.contact import contact_letter, new_contact
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ending import outcome_of, settled
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan


def told(order: Order) -> Result:
    """The answer is given, without a mail. After a bounce notice it stands for the mail that came back."""
    after_bounce = order.key.purpose == LetterKind.BOUNCE.value
    if not order.command.text.strip() and not after_bounce:
        return Result(refusal="missing-text")
    event = happened(order, "told", {"text": order.command.text, "instead": after_bounce})
    address = new_contact(order.case, order.command.text, order.office)
    asks = Plan(letters=(contact_letter(order.case, address),) if address else (), happenings=(event,))
    more = ("contact-asked",) if address else ()
    if after_bounce and order.case.answer is not Answered.RETURNED:
        known = replace(order.case, last_human_event=order.office.now)
        return Result(plan=asks + Plan(cases=(known,)), echo=echo(order, running_after(order, ()), more=more))
    answered = replace(moved(order, Trigger.ANSWER), answered_at=order.office.now, answer=Answered.TOLD)
    clocks = met_by(order, "told")
    end = settled(answered, order.office, running_after(order, clocks))
    missing = lacking(answered, answered.settling or outcome_of(answered, order.office))
    said = echo(order, running_after(order, (*clocks, *end.clocks)), missing=missing, more=more)
    return Result(plan=asks + Plan(clocks=clocks) + end, echo=said)
