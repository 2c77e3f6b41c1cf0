"""What most deeds share: the move of the state table, the event that a person made, and the echo (casework 5)."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event
from maild.domain.transitions import Trigger, move
from maild.workflow.localtime import when
from maild.workflow.ordering import Order
from maild.workflow.plan import Happening


def moved(order: Order, trigger: Trigger) -> Case:
    """The case after this move, made by a person now; `MoveRefused` where the table has none."""
    return replace(order.case, state=move(order.case.state, trigger), last_human_event=order.office.now)


def happened(order: Order, kind: str, data: dict[str, object]) -> Happening:
    """The event that this person's mail made; of who acts under another's key it names both (casework 5)."""
    owner = order.key.recipient
    acting = {} if not owner or owner in order.person.addresses else {"for": owner}
    whole = data | {"mail": order.mail.sha256} | acting
    event = Event(kind=kind, at=order.office.now, actor=order.person.address, human=True, data=whole)
    return Happening(number=order.case.number, event=event)


def echo(
    order: Order, clocks: Sequence[Clock], *, visible_to: str = "inside", missing: Sequence[str] = (),
    unit_name: str = "", person_name: str = "", more: Sequence[str] = (),
) -> dict[str, object]:  # fmt: skip
    """What was done, who can see it, the nearest deadline of `clocks`, and what is still missing."""
    dues = [c.due for c in clocks if c.state is ClockState.OPEN and c.kind is not ClockKind.IDLE]
    end, reader = min(dues, default=None), order.person
    return {
        "verb": order.command.verb, "unit_name": unit_name, "person_name": person_name, "visible_to": visible_to,
        "due_text": when(end, order.office, reader.address, reader.language, case=order.case) if end else "",
        "text": order.command.text,
        "missing": list(missing), "held_until_text": "", "more": list(more),
    }  # fmt: skip
