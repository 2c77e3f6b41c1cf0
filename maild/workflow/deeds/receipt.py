"""`received` 收到, `relayed` 已传达, `studied` 已学习, `done` 已落实: a receiver signs a step (casework 7)."""

from dataclasses import replace

from maild.domain.case import ClockKind, State
from maild.domain.circulation import item_meant, unsigned, with_item, with_step
from maild.domain.sla import ended, met
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.circulating import told_of_round
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ending import closed
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan


def receipt(order: Order) -> Result:
    """The step is signed for the receiver whose key this is; when nobody owes any more, the case is carried out."""
    case, step, now = order.case, order.command.verb, order.office.now
    if case.state is not State.CIRCULATING:
        raise MoveRefused(case.state, Trigger.CIRCULATE, "not-there")
    addresses = (order.key.recipient, *order.person.addresses)
    item = item_meant(case.circulation, order.key.data.get("receiver"), addresses)
    if item is None:
        return Result(refusal="not-a-receiver")
    signed = with_step(item, step, now)
    going = replace(case, circulation=with_item(case.circulation, signed), last_human_event=now)
    data: dict[str, object] = {"receiver": item.receiver, "step": step, "text": order.command.text}
    over = met(order.clocks, step, now, subject=item.receiver)
    owes = signed.owes(case.steps)
    rest = [c for c in order.clocks if c.kind is ClockKind.RECEIPT and c.subject == item.receiver and not owes]
    clocks = (*over, *(ended(c, now) for c in rest if c.id not in {o.id for o in over}))
    plan = Plan(cases=(going,), clocks=clocks, happenings=(happened(order, "receipt", data),))
    own = [c for c in running_after(order, clocks) if c.subject == item.receiver]
    more = [f"owes-{one}" for one in owes]
    said = echo(order, own, more=more)
    if unsigned(going.circulation, going.steps):
        return Result(plan=plan, echo=said)
    end = closed(going, "carried-out", order.office, clocks=running_after(order, clocks), actor=order.person.address,
                 asks=False, mail=order.mail.sha256)  # fmt: skip
    letters = told_of_round(end.cases[-1], order.office, what="complete")
    return Result(plan=plan + end + Plan(letters=letters), echo=said | {"more": ["all-signed"]})
