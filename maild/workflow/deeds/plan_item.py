"""`plan DATE` 计划 / 纳入计划: accepted, not doable now; the requester is told the date (P3.1.1, P3.5.9)."""

from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind
from maild.domain.sections import parts_of
from maild.domain.sla import dropped, start_clock
from maild.domain.transitions import Trigger
from maild.workflow.deeds.answering import why_not
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ordering import Order, Result, end_set, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.plantold import later_told, told_of_plan


def plan_item(order: Order) -> Result:
    """The case becomes a plan item with a date, which its clock `resolve` keeps; only 答复来信人 leaves with it."""
    until = end_set(order.command, order)
    if until is None:
        return Result(refusal="missing-date")
    if until <= order.office.now:
        return Result(refusal="past-date")
    parts = parts_of(order.command.text)
    if parts.answer and (why := why_not(order, parts.answer)):
        return Result(refusal=why)
    day = until.astimezone(order.writers.zone).date()
    measure = order.case.measure or parts.measure or parts.before
    planned = replace(moved(order, Trigger.PLAN), plan_date=day, measure=measure, decision="adopted")
    clocks = _clocks(order, planned, until)
    event = happened(order, "planned", {"date": day.isoformat(), "text": order.command.text})
    plan = Plan(cases=(planned,), clocks=clocks, happenings=(event,))
    told = told_of_plan(planned, order.office, order.facts, calendar=order.writers, words=parts.answer)
    return Result(plan=plan + told, echo=echo(order, running_after(order, clocks), more=later_told(told, order.office)))


def _clocks(order: Order, planned: Case, until: datetime) -> tuple[Clock, ...]:
    """What a plan answers is met; the clock `resolve` begins again with the date, and nobody calls a plan item idle."""
    met = met_by(order, "plan")
    idle = tuple(dropped(c) for c in order.clocks if c.kind is ClockKind.IDLE)
    clock = start_clock(planned, ClockKind.RESOLVE, start=order.office.now, deadlines=order.office.pack.deadlines,
                        calendar=order.calendar, until=until)  # fmt: skip
    return (*met, *idle, *((clock,) if clock else ()))
