"""Conflict of interest: who must never get, see or hear of a case (policies.md P3, security.md).

A case never reaches a person whom it complains of, nor anyone below in the directory, nor their delegates,
assistants and shared addresses. The writer stays a party to the own case, wherever in the tree.
"""

from collections.abc import Iterable, Sequence

from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.spelling import fold_address
from maild.domain.value import value

PROTECTED = frozenset({"staff-complaint", "staff-report", "retaliation"})
"""Types in which a unit complained of is out as a whole, and which gm, hr and gm-office alone handle (P3)."""
MANY = 5
"""A name that fits more people than this excludes only those near the writer."""


@value
class Exclusion:
    """Who is out of a case, and what the names in it turned out to be."""

    addresses: frozenset[str] = frozenset()
    """Every address of everybody excluded, and shared addresses that reach one of them; lower case."""
    named: tuple[str, ...] = ()
    """First addresses of the people complained of."""
    units: tuple[str, ...] = ()
    """Ids of units that are out as a whole."""
    unmatched: tuple[str, ...] = ()
    """Names that are nobody in the directory."""
    ask_coordinator: bool = False
    """A name fits so many that a person must say who is meant before the case moves."""
    possible: tuple[str, ...] = ()
    """First addresses of all whom such a name fits."""

    def bars(self, address: str | None) -> bool:
        """Whether this address must never hear of the case."""
        return bool(address) and fold_address(address or "") in self.addresses

    @property
    def excluded(self) -> tuple[str, ...]:
        """The excluded addresses in alphabetical order, as a case keeps them."""
        return tuple(sorted(self.addresses))


NOBODY = Exclusion()
"""No conflict of interest."""


@value
class _Reading:
    """What one name turned out to be."""

    people: tuple[Person, ...] = ()
    unit: str | None = None
    many: bool = False
    possible: tuple[str, ...] = ()
    """First addresses of all whom the name fits, where they are many."""


def excluded(
    index: Index, *, kind: str, names: Sequence[str], writer: str = "", holders: Sequence[Person] = (),
    protected: frozenset[str] = PROTECTED,
) -> Exclusion:  # fmt: skip
    """Who is out of a case of type `kind` that complains of `names`; `writer` is the requester's address.

    `holders` are people whom it complains of by their post alone (`posts.holder`).
    A unit is out as a whole only in the protected types: a customer's complaint about a unit's work is still that
    unit's to handle (P3.3.9). A name that is nobody in the directory excludes nobody.
    """
    readings = {name: _read(index, name, writer) for name in dict.fromkeys(names) if name.strip()}
    by_post = _Reading(people=tuple(holders))
    named = _named((*readings.values(), by_post), index.person(writer))
    units = _units(readings.values()) if kind in protected else ()
    out = _with_below(index, named, units) - _addresses_of(index.person(writer))
    return Exclusion(
        addresses=out | _shared(index, out),
        named=tuple(person.address for person in named),
        units=units,
        unmatched=tuple(name for name, reading in readings.items() if not reading.people and not reading.unit),
        ask_coordinator=any(reading.many for reading in readings.values()),
        possible=tuple(dict.fromkeys(one for reading in readings.values() for one in reading.possible)),
    )


def known_as(addresses: Sequence[str], index: Index) -> tuple[str, ...]:
    """These addresses, and those by which the same people are known since theirs changed."""
    if not index.former:
        return tuple(addresses)
    people = (index.former.get(fold_address(address)) for address in addresses)
    return (*addresses, *(new for person in people if person for new in person.addresses))


def kept(addresses: Iterable[str], *, ask_coordinator: bool = False) -> Exclusion:
    """The exclusion that a case remembers, from the addresses it kept."""
    return Exclusion(addresses=frozenset(map(fold_address, addresses)), ask_coordinator=ask_coordinator)


def _read(index: Index, name: str, writer: str) -> _Reading:
    unit = index.unit_meant(name)
    if unit:
        return _Reading(unit=unit.id)
    fits = index.fitting(name)
    if len(fits) > MANY:
        near = tuple(p for p in fits if _near(index, p, writer))
        return _Reading(people=near, many=True, possible=tuple(p.address for p in fits))
    return _Reading(people=fits)


def _near(index: Index, person: Person, writer: str) -> bool:
    """Whether a person stands in the writer's own line or unit (security.md, "above five")."""
    own = index.unit_of(writer)
    return person in index.superiors(writer) or (own is not None and person in index.members(own.id))


def _named(readings: Iterable[_Reading], writer: Person | None) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(p for reading in readings for p in reading.people if p != writer))


def _units(readings: Iterable[_Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading.unit for reading in readings if reading.unit))


def _with_below(index: Index, named: Sequence[Person], units: Sequence[str]) -> frozenset[str]:
    """Addresses of the people named and of units as a whole, of all below them, and of who acts for any of them."""
    first = {person.address for person in named}
    first.update(person.address for unit in units for person in index.members(unit))
    below = {address for one in first for address in index.below(one)}
    below.update(p.address for unit in units for p in _all_of(index, unit))
    people = first | below
    acting = {helper.address for one in people for helper in _acting(index, one)}
    return frozenset(a for one in people | acting for a in _addresses_of(index.person(one)))


def _acting(index: Index, address: str) -> tuple[Person, ...]:
    """Delegates and assistants of a person. A superior is none, whose say does not come from below."""
    above = set(index.superiors(address))
    return tuple(p for p in (*index.stand_ins(address), *index.assistants(address)) if p not in above)


def _addresses_of(person: Person | None) -> frozenset[str]:
    return frozenset(fold_address(a) for a in person.addresses) if person else frozenset()


def _shared(index: Index, out: frozenset[str]) -> frozenset[str]:
    """Shared addresses that reach somebody excluded: of the own unit and of those above it (security.md).

    The list of a unit commonly holds the lists of the units below it; one list more or less costs no more than that
    mail goes to the head in person.
    """
    shared = (unit for unit in index.directory.units if unit.address)
    reached = (unit for unit in shared if any(not out.isdisjoint(p.addresses) for p in _all_of(index, unit.id)))
    return frozenset(fold_address(unit.address or "") for unit in reached)


def _all_of(index: Index, unit: str) -> Iterable[Person]:
    """The people of a unit and of all units below it."""
    return (person for part in index.subtree(unit) for person in index.members(part))
