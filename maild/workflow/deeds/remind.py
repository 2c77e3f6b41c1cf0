"""`remind` 催办: one reminder to the handler, no new clock (casework 5)."""

from maild.domain.case import State
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo
from maild.workflow.ordering import Order, Result
from maild.workflow.reminding import can_be_reminded, reminded, reminded_by


def remind(order: Order) -> Result:
    """The handler, or who owes a receipt, is reminded once; a second time within a day nothing leaves."""
    if not can_be_reminded(order.case):
        raise MoveRefused(order.case.state, Trigger.ACCEPT, "closed" if order.case.state is State.CLOSED else "")
    plan = reminded_by(order.case, order.office, order.facts, who=order.person.address, text=order.command.text)
    if not plan.letters:
        return Result(refusal="reminded-already")
    names = "、".join(person.name for person in reminded(order.case, order.office))
    return Result(plan=plan, echo=echo(order, order.clocks, person_name=names))
