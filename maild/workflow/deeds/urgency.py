"""`urgency` 加急 / 特急 / 普通: how pressing a case is; its deadlines follow (casework 5 and 6)."""

from dataclasses import replace

from maild.domain.case import State
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.emergency import CRITICAL, arrived
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan
from maild.workflow.pressing import alarmed, clock_at
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
    changed, rung = alarmed(case, changed, office, order.facts)
    clocks = tuple(new for clock in order.clocks if (new := clock_at(clock, case, changed, office)) is not None)
    event = happened(order, "urgency-changed", {"urgency": level, "was": case.urgency})
    mails = mails_of(case, order.facts)
    first = order.originals.mail(mails[0].sha256) if mails else None
    to = case.handler if case.handler != order.person.address else None
    letters = (assignment_letter(changed, office, to, mail=first, reason="urgency"),) if to else ()
    plan = Plan(cases=(changed,), clocks=clocks, letters=letters, happenings=(event,))
    if level == "high" and case.urgency != CRITICAL and not rung.instants:
        rung = Plan(instants=arrived(changed, office))
    plan += rung
    return Result(plan=plan, echo=echo(order, running_after(order, clocks)) | {"urgency": level})
