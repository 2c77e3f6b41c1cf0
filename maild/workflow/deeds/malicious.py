"""`malicious` 恶意: a finding of its own, proposed by HR, decided by the GM office; it unseals nobody (P3.5.6.1)."""

from dataclasses import replace

from maild.domain.directory import Person
from maild.workflow.deeds.proposing import is_approved, proposed
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ending import outcome_of
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.sight import Sight, is_barred, sight

_PROPOSES, _DECIDES = "hr", "gm-office"


def malicious(order: Order) -> Result:
    """HR's word is a question to the GM office, with its grounds; a yes keeps the finding, and changes nothing else."""
    if outcome_of(order.case, order.office) != "resolved":
        return Result(refusal="no-finding")
    if is_approved(order):
        event = happened(order, "malicious", {"request": order.key.data.get("mail"), "text": order.command.text})
        known = replace(order.case, last_human_event=order.office.now)
        plan = Plan(cases=(known,), happenings=(event,))
        return Result(plan=plan, echo=echo(order, order.clocks, more=("stays-sealed",)))
    if _PROPOSES not in order.person.roles:
        return Result(refusal="malice-by-hr")
    words = (order.command.reason or order.command.text).strip()
    if not words:
        return Result(refusal="malice-why")
    history = order.facts.events(order.case.number)
    if "unfounded" not in order.beside and not any(event.kind == "unfounded" for event in history):
        return Result(refusal="malice-unfounded-first")
    asked = replace(order, command=replace(order.command, text=words))
    decides = _who_decides(asked)
    return proposed(asked, sealed=True, decides=decides) if decides else Result(refusal="nobody-above")


def _who_decides(order: Order) -> Person | None:
    """The head of the GM office; where it may not know of the case, the gm."""
    index, case = order.office.index, order.case
    heads = {unit.head for unit in index.directory.units}
    office = sorted(index.with_role(_DECIDES), key=lambda one: one.address not in heads)
    people = (*office, *index.with_role("gm"))
    fit = (one for one in people if one != order.person and not is_barred(case, one.address, index))
    return next((one for one in fit if sight(case, one, order.office) is Sight.LETTER), None)
