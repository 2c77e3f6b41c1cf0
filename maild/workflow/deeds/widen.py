"""`widen` 扩大告警: who was woken by a letter from outside wakes the others too (casework 6)."""

from maild.workflow.deeds.telling import echo, happened
from maild.workflow.emergency import widened
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan


def widen(order: Order) -> Result:
    """The alarm rings for everybody on the first rung; once."""
    if order.case.alarm != "duty" or order.case.urgency != "critical":
        return Result(refusal="used-key")
    _, plan = widened(order.case, order.clocks, order.office)
    clocks = plan.clocks
    done = plan + Plan(happenings=(happened(order, "alarm-widened", {}),))
    return Result(plan=done, echo=echo(order, running_after(order, clocks)))
