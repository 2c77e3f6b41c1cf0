"""`record` 记录 / 会议纪要 / 走访记录: a minute, visit or call, filed with the case."""

from dataclasses import replace

from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan


def record(order: Order) -> Result:
    """An event of the case; nothing leaves."""
    text = order.command.text.strip()
    if not text:
        return Result(refusal="missing-text")
    clocks = met_by(order, "record")
    kept = replace(order.case, last_human_event=order.office.now)
    plan = Plan(cases=(kept,), clocks=clocks, happenings=(happened(order, "recorded", {"text": text}),))
    return Result(plan=plan, echo=echo(order, running_after(order, clocks)))
