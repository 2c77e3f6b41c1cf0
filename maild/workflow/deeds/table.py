"""Which function carries out which verb of casework 5; `domain/verbs.py` says which are in force."""

from collections.abc import Callable, Mapping

from maild.domain.case import State
from maild.domain.transitions import MoveRefused
from maild.workflow.deeds.accept import accept
from maild.workflow.deeds.note import note
from maild.workflow.deeds.reply import reply
from maild.workflow.deeds.route import route
from maild.workflow.ordering import Order, Result

Deed = Callable[[Order], Result]

DEEDS: Mapping[str, Deed] = {
    "accept": accept,
    "note": note,
    "reply": reply,
    "route": route,
}
"""By the name of the verb, in the order of the alphabet."""


def carried_out(order: Order) -> Result:
    """What this order changes, or why it is refused: nobody carries the verb out, or the case's state forbids it."""
    deed = DEEDS.get(order.command.verb)
    try:
        return deed(order) if deed else Result(refusal="not-available")
    except MoveRefused as refusal:
        return Result(refusal="case-closed" if refusal.state is State.CLOSED else "wrong-state")
