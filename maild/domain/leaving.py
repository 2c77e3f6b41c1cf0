"""Who left, who came back and whose address changed between two readings of the directory (interfaces.md).

A person is the same where an address is kept under the same name, where name, unit and title are the same and nobody
else's, or where an address is kept under another name: in this order, so that an address that passed to a new
colleague does not carry the old one's identity along.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from maild.domain.directory import Directory, Person
from maild.domain.spelling import fold_address
from maild.domain.value import value


@value
class Known:
    """Whom earlier readings of the directory knew; nobody before the first."""

    before: Directory | None = None
    """The directory that was in force last."""
    left: tuple[Person, ...] = ()
    """Those who have left since the first, with the addresses that are nobody's today."""


@value
class Change:
    """What became of the people of `Known` in a newer list of people."""

    people: tuple[Person, ...]
    """The newer list, each with the addresses that were theirs and are nobody's now."""
    left: tuple[Person, ...] = ()
    """Those who are gone by this change."""
    back: tuple[Person, ...] = ()
    """Those who had left and are there again."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Addresses by which somebody was named, to the first address of today."""
    gone: tuple[Person, ...] = ()
    """All who have left so far, with the addresses that are nobody's today."""

    @property
    def names_gone(self) -> frozenset[str]:
        """Every address that was somebody's and opens nothing now, folded."""
        return frozenset(fold_address(a) for p in (*self.gone, *self.left) for a in p.addresses)


@value
class Withheld:
    """A directory file that lost so many people that it waits for a person's word; the one before is in force."""

    word: str
    """What is confirmed, as `word_for` has it."""
    left: tuple[Person, ...]
    before: int
    """How many people there were."""
    place: str
    """The file."""


def compare(known: Known, people: Sequence[Person], body: Sequence[str] = ()) -> Change:
    """What became of everybody; `body` is today's supervisory body, whose members may be nobody in the list."""
    before = everybody(known.before) if known.before else ()
    now = (*people, *_members(body, people))
    same = same_people(before, now)
    held = {fold_address(address) for person in now for address in person.addresses}
    former, renamed = dict[str, tuple[str, ...]](), dict[str, str]()
    for old in before:
        if new := same.get(old.address):
            past = (*former.get(new.address, ()), *old.former, *old.addresses)
            former[new.address] = tuple(a for a in dict.fromkeys(past) if fold_address(a) not in held)
            if new.address != old.address:
                renamed[old.address] = new.address
    left = tuple(old for old in before if old.address not in same)
    past_left = tuple(one for one in known.left if one.address not in {p.address for p in left})
    return Change(
        people=tuple(replace(p, former=former.get(p.address, p.former)) for p in people),
        left=left, back=tuple(p for p in known.left if any(fold_address(a) in held for a in p.addresses)),
        renamed=renamed, gone=tuple(one for p in (*past_left, *left) if (one := _without(p, held))),
    )  # fmt: skip


def everybody(directory: Directory) -> tuple[Person, ...]:
    """The people of a directory, and members of the supervisory body who are not among them."""
    return (*directory.people, *_members(directory.supervisory_body, directory.people))


def is_doubtful(before: Directory | None, change: Change) -> bool:
    """Whether so many are gone that a person must say it is meant: all, or more than a third."""
    if before is None or not before.people:
        return False
    listed = {person.address for person in before.people}
    return not change.people or 3 * sum(p.address in listed for p in change.left) > len(before.people)


def word_for(change: Change) -> str:
    """What a person confirms: exactly this loss of people, and no other."""
    names = "\n".join(sorted(person.address for person in change.left))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def _members(body: Iterable[str], people: Sequence[Person]) -> tuple[Person, ...]:
    known = {fold_address(address) for person in people for address in person.addresses}
    return tuple(Person(addresses=(one,), name="") for one in dict.fromkeys(body) if fold_address(one) not in known)


def same_people(before: Sequence[Person], now: Sequence[Person]) -> dict[str, Person]:
    """Who of before is who today, by first address of before; the values are entries of `now`."""
    owners = {fold_address(address): person for person in now for address in person.addresses}
    keeping = {old.address: _owners(old, owners) for old in before}
    same: dict[str, Person] = {}
    for old in before:
        if new := next((one for one in keeping[old.address] if one.name == old.name), None):
            same[old.address] = new
    fresh = _alone(p for p in now if p.address not in {one.address for one in same.values()})
    for place, old in _alone(old for old in before if old.address not in same).items():
        if place in fresh:
            same[old.address] = fresh[place]
    taken = {one.address for one in same.values()}
    for old in before:
        new = next((one for one in keeping[old.address] if one.address not in taken), None)
        if old.address not in same and new is not None:
            same[old.address] = new
            taken.add(new.address)
    return same


def _owners(old: Person, owners: Mapping[str, Person]) -> list[Person]:
    return [owners[folded] for a in old.addresses if (folded := fold_address(a)) in owners]


def _alone(people: Iterable[Person]) -> dict[tuple[str, str | None, str], Person]:
    """Those whose name, unit and title are nobody else's among these."""
    found: dict[tuple[str, str | None, str], list[Person]] = {}
    for person in people:
        if person.name:
            found.setdefault((person.name, person.unit, person.title), []).append(person)
    return {place: own[0] for place, own in found.items() if len(own) == 1}


def _without(person: Person, held: set[str]) -> Person | None:
    """Somebody who left, with the addresses that are nobody's today; None where all are somebody's again."""
    own = tuple(address for address in (*person.addresses, *person.former) if fold_address(address) not in held)
    return replace(person, addresses=own, former=()) if own else None
