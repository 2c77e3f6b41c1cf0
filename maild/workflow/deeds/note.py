"""`note` 备注: kept inside; nobody outside ever sees it."""

from dataclasses import replace

from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan


def note(order: Order) -> Result:
    """An inside note: an event of the case, no letter."""
    noted = replace(order.case, last_human_event=order.office.now)
    event = happened(order, "note", {"text": order.command.text})
    return Result(plan=Plan(cases=(noted,), happenings=(event,)), echo=echo(order, running_after(order, ())))
