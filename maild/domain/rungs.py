"""Who stands on the rungs of a ladder: people of the directory, nobody twice, nobody whom the case excludes."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from maild.domain.case import Case, Clock, ClockKind
from maild.domain.deadlines import Ladder, Post
from maild.domain.directory import Directory, Person, Unit
from maild.domain.value import value

_ENTITLED = ("hr", "gm-office", "gm")


class Tree(Protocol):
    """What a ladder asks of the directory; `lookup.Index` knows it."""

    directory: Directory

    def person(self, address: str | None) -> Person | None:
        """Whose address this is."""
        ...

    def unit(self, name: str | None) -> Unit | None:
        """The unit of this id."""
        ...

    def superiors(self, address: str) -> Sequence[Person]:
        """Who stands above a person, the nearest first."""
        ...

    def gm(self) -> Person | None:
        """The general manager."""
        ...

    def with_role(self, role: str) -> Sequence[Person]:
        """Everybody who has this role."""
        ...


@value
class Told:
    """One person who hears of a clock, and as what."""

    person: str
    post: Post
    copy: bool = False
    weekly: bool = False
    """Only in the weekly digest."""


@value
class Staff:
    """Who stands on the rungs of one clock."""

    clock: Clock
    case: Case
    tree: Tree
    coordinator: str | None
    weekly: tuple[str, ...]

    @property
    def responsible(self) -> str | None:
        """Whose clock it is: its own subject, a unit's head, the handler, or the coordinator for triage."""
        subject = self.clock.subject
        if subject:
            unit = self.tree.unit(subject)
            return subject if "@" in subject else unit.head if unit else None
        if self.clock.kind is ClockKind.TRIAGE:
            return self.coordinator
        unit = self.tree.unit(self.case.unit)
        found = self.case.handler or (unit.head if unit else None)
        return found or (None if self.case.confidential else self.coordinator)

    def rungs(self, ladder: Ladder) -> list[tuple[Told, ...]]:
        """The rungs, nobody twice, none empty, nobody whom the case excludes."""
        known: set[str] = set()
        posts = [*ladder.rungs, *([(Post.SUPERIOR,)] * len(self._above()) if ladder.upwards else [])]
        rungs = []
        for number, rung in enumerate(posts):
            told = tuple(self._fill(rung, known))
            known |= {one.person for one in told}
            copies = self._copies(ladder, known=told) if number and told else ()
            if told:
                rungs.append((*told, *copies))
        return rungs

    def reminded(self) -> tuple[Told, ...]:
        """Who is reminded before the end."""
        person = self._fit(self._reader(self.responsible)) if self.responsible else None
        return (Told(person=person, post=Post.HANDLER),) if person else ()

    def mover(self) -> str | None:
        """To whom the case goes when its resolve clock is overdue by its own length."""
        handler = self.responsible or ""
        row = self._holders(*_ENTITLED) if self.case.confidential else self._above()
        own = [person.address for person in row].index(handler) + 1 if handler in [p.address for p in row] else 0
        return next((found for person in row[own:] if (found := self._fit(person))), None)

    def _fill(self, rung: Sequence[Post], known: set[str]) -> Iterator[Told]:
        seen = set(known)
        for post in rung:
            for person in self._people(post, seen):
                seen.add(person)
                yield Told(person=person, post=post, weekly=self._is_weekly(person, post))

    def _people(self, post: Post, known: set[str]) -> list[str]:
        """The people of a post who may hear and do not know yet; of most posts the first."""
        found = [a for person in self._candidates(post) if (a := self._fit(person)) and a not in known]
        return found if post is Post.SUPERVISORY_BODY else found[:1]

    def _candidates(self, post: Post) -> Sequence[Person]:
        if post is Post.SUPERIOR:
            return self._above()
        if post is Post.SUPERVISORY_BODY:
            return [p for a in self.tree.directory.supervisory_body if (p := self._anybody(a))]
        if post in {Post.HR, Post.GM_OFFICE, Post.GM}:
            return self._holders(post.value)
        unit = self.tree.unit(self.case.unit)
        places = {Post.HANDLER: self.responsible, Post.COORDINATOR: self.coordinator}
        # The clock of a receiver is watched as if the case were their unit's.
        own = unit.head if unit and (not self.clock.subject or "@" in self.clock.subject) else None
        person = self._reader(places.get(post, own))
        return (person,) if person else ()

    def _reader(self, address: str | None) -> Person | None:
        """Whose address this is; a unit's own, to which a circulation went, as one who reads it."""
        own = address if address and address == self.clock.subject and "@" in address else ""
        return self.tree.person(address) or (Person(addresses=(own,), name="") if own else None)

    def _above(self) -> list[Person]:
        """The superiors of whose clock it is, the nearest first, the gm last."""
        row = dict.fromkeys(self.tree.superiors(self.responsible)) if self.responsible else {}
        gm = self.tree.gm()
        if gm:
            row.pop(gm, None)
            row |= {gm: None} if gm.address != self.responsible else {}
        return list(row)

    def _holders(self, *roles: str) -> list[Person]:
        """Who holds these roles, in this order, heads of units first."""
        heads = {unit.head for unit in self.tree.directory.units}
        return [
            person
            for role in roles
            for person in sorted(self.tree.with_role(role), key=lambda one: one.address not in heads)
        ]

    def _copies(self, ladder: Ladder, *, known: Sequence[Told]) -> Iterator[Told]:
        taken = {one.person for one in known}
        for post in ladder.copy:
            yield from (Told(person=person, post=post, copy=True) for person in self._people(post, taken))

    def _is_weekly(self, person: str, post: Post) -> bool:
        gm = self.tree.gm()
        climbs = post is Post.SUPERIOR and not self.case.confidential
        return climbs and self.case.urgency in self.weekly and gm is not None and gm.address == person

    def _fit(self, person: Person | None) -> str | None:
        """The first address of one whom the case does not exclude."""
        barred = person is None or not {*person.addresses, *person.former}.isdisjoint(self.case.excluded)
        return None if person is None or barred else person.address

    def _anybody(self, address: str) -> Person:
        """The person, or an address outside the directory as one: the supervisory body has such."""
        return self.tree.person(address) or Person(addresses=(address,), name="")
