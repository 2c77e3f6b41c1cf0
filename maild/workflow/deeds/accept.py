"""`accept` 接 / 收到: the handler has it."""

from dataclasses import replace

from maild.domain.case import State
from maild.domain.transitions import Trigger
from maild.domain.verb import HANDLER, HEAD, HELPER
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan


def accept(order: Order) -> Result:
    """The handler has it; a unit's case becomes the accepting member's."""
    if HELPER in order.roles and not order.roles & {HANDLER, HEAD}:
        event = happened(order, "helper-accepted", {})
        kept = replace(order.case, last_human_event=order.office.now)
        return Result(plan=Plan(cases=(kept,), happenings=(event,)), echo=echo(order, running_after(order, ())))
    if other := _taken_by(order):
        return Result(refusal="taken-already", detail=other)
    taken = moved(order, Trigger.ACCEPT)
    if _may_take(order):
        taken = replace(taken, handler=order.person.address)
    clocks = met_by(order, "accept")
    plan = Plan(cases=(taken,), clocks=clocks, happenings=(happened(order, "accepted", {}),))
    return Result(plan=plan, echo=echo(order, running_after(order, clocks)))


def _taken_by(order: Order) -> str:
    """The name of the colleague who accepted it before this one could take it; "" where nobody did."""
    case, index = order.case, order.office.index
    open_to_all = case.state in {State.NEW, State.ASSIGNED, State.REOPENED}
    holder = index.person(case.handler)
    if open_to_all or holder is None or holder in {order.person, index.person(order.key.recipient)}:
        return ""
    accepted = any(event.kind == "accepted" for event in order.facts.events(case.number))
    return holder.name if accepted and _may_take(order) else ""


def _may_take(order: Order) -> bool:
    unit = order.office.index.unit(order.case.unit) if order.case.unit else None
    members = {p.address for p in order.office.index.members(unit.id)} if unit else set()
    return order.person.address in members
