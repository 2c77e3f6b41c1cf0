"""`urgency` 加急 / 特急 / 普通: how pressing a case is; its deadlines follow (casework 5 and 6)."""

from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, State
from maild.domain.sla import OWN_DATE, start_clock
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.emergency import CRITICAL, first_woken, ring
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan
from maild.workflow.related import mails_of

_LEVELS = ("low", "normal", "high", "critical")
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def urgency(order: Order) -> Result:
    """The level, and each deadline of the pack's own length with it; a date that somebody set stays."""
    case, office, level = order.case, order.office, order.command.level or ""
    if case.state in _OVER:
        raise MoveRefused(case.state, Trigger.ACCEPT, "closed")
    if level not in _LEVELS:
        return Result(refusal="unknown-level", detail=level)
    if level == case.urgency:
        return Result(refusal="same-urgency")
    changed = replace(case, urgency=level, last_human_event=office.now)
    if level == CRITICAL:
        changed = replace(changed, alarm="wide", woken=first_woken(changed, office))
    clocks = tuple(new for clock in order.clocks if (new := _at(clock, changed, order)) is not None)
    event = happened(order, "urgency-changed", {"urgency": level, "was": case.urgency})
    mails = mails_of(case, order.facts)
    first = order.originals.mail(mails[0].sha256) if mails else None
    to = case.handler if case.handler != order.person.address else None
    letters = (assignment_letter(changed, office, to, mail=first, reason="urgency"),) if to else ()
    plan = Plan(cases=(changed,), clocks=clocks, letters=letters, happenings=(event,))
    plan += ring(changed, office, order.facts)
    return Result(plan=plan, echo=echo(order, running_after(order, clocks)) | {"urgency": level})


def _at(clock: Clock, case: Case, order: Order) -> Clock | None:
    """The clock at the case's new urgency. Raised, it never leaves less than its new length from now on."""
    if clock.length == OWN_DATE or clock.kind in {ClockKind.IDLE, ClockKind.WAIT}:
        return None
    office = order.office
    raised = _LEVELS.index(case.urgency) > _LEVELS.index(order.case.urgency)
    new = start_clock(case, clock.kind, start=office.now if raised else clock.start, deadlines=office.pack.deadlines,
                      calendar=office.calendar_of(case), subject=clock.subject)  # fmt: skip
    if new is None or (raised and new.due >= clock.due):
        return None
    still = case.waiting_since is not None and clock.next_at is None
    return replace(new, id=clock.id, start=clock.start, next_at=None if still else new.next_at)
