"""`拆分 142`: one of many letters is about something else, and is handled by itself from now on (casework 5)."""

from dataclasses import replace

from maild.domain.case import Event
from maild.workflow.deeds.proposing import other_case
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.gathering import NEWCOMER, released
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Happening, Plan
from maild.workflow.related import mails_of


def taken_out(order: Order, number: str) -> Result:
    """The member goes back to a case of its own, with an assignment and the clocks that it has."""
    office, now = order.office, order.office.now
    member = other_case(number, order)
    if member is None or member.number not in order.case.members:
        return Result(refusal="no-member", detail=number)
    alone, lead = released(member, order.case)
    first = next(iter(mails_of(alone, order.facts)), None)
    mail = order.originals.mail(first.sha256) if first else None
    letters = (
        (assignment_letter(alone, office, alone.handler, mail=mail, reason="alone", by=order.person.name),)
        if alone.handler else ()
    )  # fmt: skip
    data: dict[str, object] = {"lead": lead.number, "mail": order.mail.sha256}
    event = Event(kind="taken-out", at=now, actor=order.person.address, human=True, data=data)
    waiting = order.facts.lines(office.box.address, NEWCOMER)
    plan = Plan(
        cases=(replace(lead, last_human_event=now), replace(alone, last_human_event=now)), letters=letters,
        happenings=(happened(order, "taken-out", {"number": alone.number}),
                    Happening(number=alone.number, event=event)),
        settled=tuple(ident for ident, _, line in waiting if line.number == alone.number),
    )  # fmt: skip
    said = echo(order, order.clocks)
    return Result(plan=plan, echo=said | {"verb": "take-out", "text": alone.number})
