"""`reply-all` 答复全部: one text answers a case, those that it leads and those linked to it, each writer alone."""

from dataclasses import replace

from maild.domain.case import Answered, Case, ClockState, Event, State
from maild.domain.letter import LetterKind
from maild.domain.sla import met
from maild.domain.transitions import Trigger, can_move, move
from maild.workflow.deeds.answering import letter_out
from maild.workflow.deeds.reply import reply
from maild.workflow.gathering import known_members
from maild.workflow.ordering import Order, Result, clocks_after
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import is_barred
from maild.workflow.waiting import awake


def reply_all(order: Order) -> Result:
    """The text goes to the requester of this case, and of every open one that it leads or that is linked to it."""
    own = reply(order)
    if own.refusal:
        return own
    plan = own.plan
    for other in _others(order):
        plan += _answered(other, order)
    return replace(own, plan=plan)


def _others(order: Order) -> list[Case]:
    linked = (order.facts.case(number) for number in order.case.links)
    led = known_members(order.case, order.office, order.facts)
    found = {case.number: case for case in (*led, *linked) if case is not None}
    return [case for case in found.values() if _is_answered_along(case, order)]


def _is_answered_along(case: Case, order: Order) -> bool:
    """Open, of the same unit and as open to be read as the lead case; nobody is answered twice or unasked."""
    same = case.unit == order.case.unit and case.confidential == order.case.confidential
    excluded = any(is_barred(case, address, order.office.index) for address in order.person.addresses)
    open_still = case.state not in {State.CLOSED, State.ANSWERED} and can_move(case.state, Trigger.ANSWER)
    return bool(case.requester.address) and same and open_still and not excluded


def _answered(case: Case, order: Order) -> Plan:
    now, running = order.office.now, tuple(order.facts.clocks(case.number))
    going, woken = awake(case, running, order.office)
    ended = met(clocks_after(running, woken), "reply", now)
    done = replace(going, state=move(going.state, Trigger.ANSWER), answer=Answered.QUEUED, answered_at=now,
                   last_human_event=now)  # fmt: skip
    data: dict[str, object] = {"text": order.command.text, "mail": order.mail.sha256, "lead": order.case.number}
    event = Event(kind="answered", at=now, actor=order.person.address, human=True, data=data)
    clocks = {clock.id: clock for clock in (*woken, *ended)}.values()
    return Plan(
        cases=(done,), clocks=tuple(c for c in clocks if c.id or c.state is ClockState.OPEN),
        letters=(letter_out(order, LetterKind.ANSWER, order.command.text.strip(), case=done),),
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip
