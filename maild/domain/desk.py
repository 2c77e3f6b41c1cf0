"""The seats at which one case could be handled, in order, and what speaks against each (policies.md P3).

Open types go up the tree from the route's unit, protected ones through hr, gm-office, gm; at the top stands the
supervisory body. `assign.py` takes the first seat without an objection.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from maild.domain.conflict import Exclusion
from maild.domain.directory import Deliver, Person, Unit
from maild.domain.lookup import Index
from maild.domain.route import Matter, Routes, Special, units_in_dispute
from maild.domain.value import value

_OPEN_TO_EVERY_WRITER = frozenset({"directive", "experience-test", "unclassified"})
"""Types that their own writer may handle: coordinator and gm-office start these themselves."""


@value
class Seat:
    """Somebody who could handle the case."""

    person: Person
    unit: str | None
    deliver_to: str
    away: str | None = None
    """First address of the one who is away and for whom this one acts."""


class Desk:
    """One choice being made, with everything it may look at."""

    def __init__(
        self,
        matter: Matter,
        *,
        routes: Routes,
        index: Index,
        exclusion: Exclusion,
        today: date,
        load: Mapping[str, int],
    ) -> None:
        self.matter, self.routes, self.index = matter, routes, index
        self.exclusion, self.today, self.load = exclusion, today, load
        self.protected = matter.kind in routes.protected
        self._writer = index.person(matter.writer)

    def objection(self, seat: Seat) -> str:
        """What speaks against somebody as handler: `conflict`, `not-entitled`, `own-matter`; "" when nothing does."""
        if self.exclusion.bars(seat.person.address):
            return "conflict"
        if self.protected and not self.entitled(seat.person):
            return "not-entitled"
        return "own-matter" if self._own_matter() and seat.person == self._writer else ""

    def entitled(self, person: Person | None) -> bool:
        """Whether a person's role may handle and read protected types."""
        return person is not None and not set(self.routes.entitled).isdisjoint(person.roles)

    def seats(self, to: str) -> Iterator[Seat]:
        """The handler that the target `to` of a route means, then those the case would move to, in order."""
        units, people = self._target(to)
        yield from (seat for unit in units if (seat := self.seat_in(unit)))
        yield from map(self.seat_of, people)
        if self.protected:
            yield from map(self.seat_of, entitled_heads(self.index, self.routes))
        else:
            yield from (self.seat_of(person) for unit in units for person in self.index.superiors_of(unit.id))

    def heads(self, unit: str | None) -> Iterator[Seat]:
        """Who takes over from somebody of a unit who has left: its head, its deputy, then who is above.

        At the end comes the coordinator; protected cases go on through hr, gm-office, gm instead.
        """
        found = self.index.units.get(unit or "")
        leaders = (self.index.person(one) for one in (found.head, found.deputy)) if found else ()
        yield from (self.seat_of(person) for person in leaders if person)
        if self.protected:
            yield from map(self.seat_of, entitled_heads(self.index, self.routes))
            return
        yield from map(self.seat_of, self.index.superiors_of(found.id) if found else ())
        if coordinator := self.coordinator():
            yield self.seat_of(coordinator)

    def supervisory_body(self) -> Iterator[Seat]:
        """The members of the supervisory body whom nothing bars."""
        for address in self.index.directory.supervisory_body:
            person = self.index.person(address) or Person(addresses=(address,), name="")
            if not self.exclusion.bars(address) and person != self._writer:
                yield Seat(person=person, unit=person.unit, deliver_to=person.address)

    def seat_in(self, unit: Unit) -> Seat | None:
        """Who gets a unit's cases: a member, or who leads it, by the unit's own address where it wants that."""
        if unit.deliver == Deliver.MEMBERS and (member := self._next_member(unit)):
            return Seat(person=member, unit=unit.id, deliver_to=member.address)
        leader = self.index.person(unit.head or unit.deputy) or next(iter(self.index.superiors_of(unit.id)), None)
        if leader is None:
            return None
        person, away = self._there(leader, unit)
        shared = unit.address if unit.deliver == Deliver.UNIT and not self.exclusion.bars(unit.address) else None
        return Seat(person=person, unit=unit.id, deliver_to=shared or person.address, away=away)

    def seat_of(self, person: Person) -> Seat:
        """A person in the unit that they lead, or who acts for them today."""
        climbed = list(self.index.climb(person.unit))
        unit = next((one for one in climbed if one.head == person.address), climbed[0] if climbed else None)
        acting, away = self._there(person, unit)
        return Seat(person=acting, unit=unit.id if unit else None, deliver_to=acting.address, away=away)

    def coordinator(self) -> Person | None:
        """Who coordinates today."""
        return self.index.coordinator(self.index.coordinator_unit, self.today)

    def _there(self, person: Person, unit: Unit | None) -> tuple[Person, str | None]:
        """The person, or the first stand-in who is there and fit; one whom the case may not reach has none."""
        if not self.index.is_away(person, self.today) or self.exclusion.bars(person.address):
            return person, None
        deputy = self.index.person(unit.deputy) if unit and unit.head == person.address else None
        row = (*self.index.stand_ins(person.address), *((deputy,) if deputy else ()))
        found = next((one for one in row if self._fit(one, unit)), None)
        return (found, person.address) if found else (person, None)

    def _fit(self, person: Person, unit: Unit | None) -> bool:
        seat = Seat(person=person, unit=unit.id if unit else None, deliver_to=person.address)
        return not self.index.is_away(person, self.today) and not self.objection(seat)

    def _next_member(self, unit: Unit) -> Person | None:
        free = [person for person in self.index.members(unit.id) if self._fit(person, unit)]
        return min(free, key=lambda person: self.load.get(person.address, 0), default=None)

    def _own_matter(self) -> bool:
        kind = self.matter.kind
        return kind not in _OPEN_TO_EVERY_WRITER and not kind.startswith("customer-")

    def _target(self, to: str) -> tuple[Sequence[Unit], Sequence[Person]]:
        if to == Special.COMMON_SUPERIOR:
            people = self.index.common_superior(units_in_dispute(self.matter, self.index))
            return ((), people) if people else self._coordinators()
        if to == Special.SENDER_UNIT:
            own = self.index.unit_of(self.matter.writer)
            return ((own,) if own else ()), ()
        if person := self.index.person(to):
            return (), (person, *self.index.superiors(person.address))
        return self._coordinators() if to == Special.COORDINATOR else (self._units(to), ())

    def _coordinators(self) -> tuple[Sequence[Unit], Sequence[Person]]:
        units, person = self._units(self.index.coordinator_unit), self.coordinator()
        return (units, ()) if units or person is None else ((), (person, *self.index.superiors(person.address)))

    def _units(self, name: str) -> tuple[Unit, ...]:
        unit = self.index.unit(name)
        return (unit,) if unit else ()


def entitled_heads(index: Index, routes: Routes) -> Iterator[Person]:
    """Heads of hr, gm-office, gm, in this order (P3, "Conflict of interest")."""
    for role in routes.entitled:
        people = index.with_role(role)
        yield from [person for person in people if index.leads(person)] or people[:1]
