"""A circulation 文件发放: one letter on its way to many receivers, all of whom sign step by step (casework 7).

The steps are words of the verb table: `received` 收到, `relayed` 已传达, `studied` 已学习, `done` 已落实. A pack says
which of them it waits for. Receipt is part of every later step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from maild.domain.value import value

STEPS = ("received", "relayed", "studied", "done")
"""In the order in which they are taken."""
_WITH_FORMS = (*STEPS, "returned")
"""A form is returned; it is nobody's word of the verb table."""
SAME_DAY = ("received", "relayed")
"""Either satisfies the same-day rule (casework 5)."""


@value
class Circulating:
    """What a pack says of circulations."""

    types: tuple[str, ...] = ()
    """Letters of these types go round; without any a pack circulates nothing by itself."""
    by: tuple[str, ...] = ()
    """Roles whose authenticated letters go round at once; of others the coordinator is asked."""
    steps: tuple[str, ...] = ("relayed", "done")
    """What each receiver owes."""
    approves: Literal["", "gm", "hr", "gm-office"] = ""
    """The role that must approve what the coordinator sends round; "" where nobody need."""


@value
class Item:
    """One receiver of a circulation, and what they have signed so far; times are aware UTC."""

    receiver: str
    """First address of the person who owes the receipt."""
    unit: str | None = None
    """Id of the unit that they receive it for."""
    beside: tuple[str, ...] = ()
    """First addresses of those who stand in and may sign as well."""
    signed: tuple[tuple[str, datetime], ...] = ()
    """Steps and when each was taken, in the order of `STEPS`."""
    returned: bool = False
    """The mail came back: the receiver does not have it."""

    def at(self, step: str) -> datetime | None:
        """When this step was taken."""
        return dict(self.signed).get(step)

    def owes(self, steps: Sequence[str]) -> tuple[str, ...]:
        """The steps that are still open."""
        taken = dict(self.signed)
        return tuple(step for step in steps if step not in taken)

    def is_of(self, addresses: Iterable[str]) -> bool:
        """Whether one of these addresses may sign for it."""
        return not {self.receiver, *self.beside}.isdisjoint(addresses)


def with_step(item: Item, step: str, at: datetime) -> Item:
    """The item with this step taken, and what it implies; a step that was taken before keeps its time.

    What is carried out was passed on; whatever was done with it, it was received.
    """
    implied = {"received": ("received",), "done": ("received", "relayed", "done")}.get(step, ("received", step))
    taken = dict.fromkeys(implied, at) | dict(item.signed)
    return replace(item, signed=tuple((one, taken[one]) for one in _WITH_FORMS if one in taken), returned=False)


def item_of(items: Iterable[Item], addresses: Sequence[str]) -> Item | None:
    """The item that these addresses may sign: their own first, then one that they stand in for."""
    known = tuple(items)
    own = (item for item in known if item.receiver in addresses)
    return next(own, None) or next((item for item in known if item.is_of(addresses)), None)


def item_meant(items: Sequence[Item], receiver: object, addresses: Sequence[str]) -> Item | None:
    """The item of the letter that these addresses answer: who stands in for a receiver may be one, too."""
    asked = (item for item in items if item.receiver == receiver and item.is_of(addresses))
    return next(asked, None) or item_of(items, addresses)


def with_item(items: Sequence[Item], changed: Item) -> tuple[Item, ...]:
    """The items with one of them changed, known by its receiver."""
    return tuple(changed if item.receiver == changed.receiver else item for item in items)


def unsigned(items: Iterable[Item], steps: Sequence[str]) -> tuple[Item, ...]:
    """The items that owe any of these steps."""
    return tuple(item for item in items if item.owes(steps))


def is_relayed(item: Item) -> bool:
    """Whether the same-day rule is satisfied."""
    return any(item.at(step) for step in SAME_DAY)
