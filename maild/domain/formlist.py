"""To whom a form goes, and who owns its round: units, roles and people as a pack names them (casework 7)."""

import re
from collections.abc import Iterable, Sequence

from maild.domain.circulation import Item
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.receivers import receivers_of

SUPERIOR = "superior"
_MEMBERS = re.compile(r"(?:all )?members of (?P<en>.+)|(?P<zh>.+?)(?:全体|全员|全体人员|全体员工)", re.IGNORECASE)


def receivers_listed(names: Iterable[str], index: Index, *, coordinator: str = "") -> tuple[Item, ...]:
    """Who gets a form, each person once: of a unit its head, of a role all who have it."""
    found = dict[str, Item]()
    for name in names:
        for item in receivers_named(name, index, coordinator=coordinator):
            found.setdefault(item.receiver, item)
    return tuple(found.values())


def receivers_named(name: str, index: Index, *, coordinator: str = "") -> tuple[Item, ...]:
    """Whom one entry of a list names; nobody where the directory has no such unit, role or person."""
    members = _MEMBERS.fullmatch(name.strip())
    unit = index.unit(members["en"] or members["zh"]) if members else None
    if unit is not None:
        return tuple(Item(receiver=person.address, unit=unit.id) for person in index.members(unit.id))
    if person := index.person(name):
        return (Item(receiver=person.address, unit=person.unit),)
    if index.unit(name) is None and (bearers := index.with_role(name)):
        return tuple(Item(receiver=person.address, unit=person.unit) for person in bearers)
    unit = index.unit(name)
    return receivers_of(unit.name if unit else name, index, coordinator=coordinator)


def person_named(name: str, index: Index, *, under: str = "") -> Person | None:
    """Who answers for a unit, a role or a name; `superior` is the nearest above the person `under`."""
    if name == SUPERIOR:
        above: Sequence[Person] = index.superiors(under)
        return next(iter(above), None) or index.gm()
    unit = index.unit(name)
    found = index.person(name) or (index.person(unit.head) or index.person(unit.deputy) if unit else None)
    return found or next(iter(index.with_role(name)), None) or next(iter(index.people_named(name)), None)
