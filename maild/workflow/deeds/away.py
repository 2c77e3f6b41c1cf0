"""`away` 外出 / 出差 / 休假 in answer to a mail with a key."""

from maild.workflow.absent import registered
from maild.workflow.deeds.telling import echo
from maild.workflow.ordering import Order, Result


def away(order: Order) -> Result:
    """The absence is kept; the case that the mail speaks of stays as it is."""
    done = registered(order.command, order.person, order.office, order.facts)
    if done.refusal:
        return Result(refusal=done.refusal)
    more = [] if done.delegate else ["no-delegate"]
    return Result(plan=done.plan, echo=echo(order, (), person_name=done.delegate, more=more))
