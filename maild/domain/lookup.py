"""Questions to the directory, each answered in one step or one walk up the tree.

An `Index` is built once from a `Directory` and asked by everybody: who is this address, who leads that unit, who
stands above whom, who is there today. It holds no clock and no case.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase

from maild.domain.directory import Directory, Duty, Person, Unit
from maild.domain.people import Mention, People
from maild.domain.roles import by_role, by_unit, weightiest
from maild.domain.script import fold
from maild.domain.spelling import Phrases, fold_address
from maild.domain.typos import nearly

_ACRONYM = 3
_OFFICES = frozenset({"gm-office", "hr", "customer-service"})


class Index:
    """The look-ups over one directory."""

    def __init__(
        self, directory: Directory, *, domain: str = "", coordinator: str = "gm-office", gone: Sequence[Person] = ()
    ) -> None:
        """`gone`: those who have left, with the addresses that are nobody's today."""
        self.directory = directory
        self.gone = tuple(gone)
        self._gone = {fold_address(a): person for person in gone for a in person.addresses}
        self.former = {fold_address(a): person for person in directory.people for a in person.former}
        self.domain = domain.lower()
        self.coordinator_unit = coordinator
        self.units = {unit.id: unit for unit in directory.units}
        self._people = {fold_address(a): person for person in directory.people for a in person.addresses}
        self._shared = {fold_address(unit.address): unit for unit in directory.units if unit.address}
        self._named = Phrases((name, unit.id) for unit in directory.units for name in _names(unit))
        self._firsts = frozenset(fold(name)[:1] for unit in directory.units for name in (unit.id, *_names(unit)))
        self._names = People(directory.people, self.units, self._named)
        self.guises = self._names.guises
        self._unit_names = nearly((name, unit.id) for unit in directory.units for name in _names(unit))
        self._people_names = nearly((name, p.address) for p in directory.people for name in (p.name, *p.nicknames))
        self._members = by_unit(directory.people)
        self._children = _children(directory.units)
        self._leads = _leads(directory.units)
        self._bearers = by_role(directory.people)
        self._whole: dict[str, tuple[Person, ...]] = {}
        self._above: dict[str, tuple[Person, ...]] = {}
        self._below: dict[str, frozenset[str]] = {}

    def person(self, address: str | None) -> Person | None:
        """Whose address this is: any of a person's, in any case, with or without a plus-tag."""
        return self._people.get(fold_address(address)) if address else None

    def holder(self, address: str) -> Person | None:
        """Who answers for what was sent to this address: whose it is, or whose it was before it changed."""
        return self.person(address) or self.former.get(fold_address(address))

    def leaver(self, address: str | None) -> Person | None:
        """Who had this address and has left."""
        return self._gone.get(fold_address(address)) if address else None

    def unit(self, name: str | None) -> Unit | None:
        """The unit of exactly this id, name or alias."""
        found = self._named.exactly(name) if name else ()
        return self.units.get(name or "") or (self.units[found[0]] if found else None)

    def may_begin(self, character: str) -> bool:
        """Whether the name or id of any unit begins so."""
        return fold(character) in self._firsts

    def in_house(self, address: str) -> bool:
        """Whether an address lies in the office's own domain, be it nobody's: a mailing list may."""
        domain = address.rpartition("@")[2].lower()
        return bool(self.domain) and (domain == self.domain or domain.endswith("." + self.domain))

    def unit_at(self, address: str) -> Unit | None:
        """The unit that receives mail at this address."""
        return self._shared.get(fold_address(address))

    def units_named(self, text: str) -> tuple[Unit, ...]:
        """The units that `text` names, in order, each once."""
        return tuple(dict.fromkeys(self.units[unit] for hit in self._named.find(text) for unit in hit.values))

    def people_named(self, text: str) -> tuple[Person, ...]:
        """The people whom `text` names, in order, each once; several where one name fits several."""
        return tuple(dict.fromkeys(person for mention in self.mentions(text) for person in mention.people))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Where `text` names people."""
        return self._names.mentions(text)

    def fitting(self, written: str) -> tuple[Person, ...]:
        """Everybody whom a name in a complaint may mean."""
        return self._names.fitting(written)

    def nearly(self, written: str) -> tuple[tuple[Unit, ...], tuple[Person, ...]]:
        """The units and people whose name `written` is but for a slip of the pen."""
        units = tuple(self.units[unit] for unit in self._unit_names.to(written))
        people = tuple(p for a in self._people_names.to(written) if (p := self.person(a)))
        return units, people

    def unit_meant(self, written: str) -> Unit | None:
        """The unit that a name means as a whole: 采购部, 采购部全体, "the Finance department"."""
        hits = list(self._named.find(written))
        rest = _without(written, [(hit.start, hit.end) for hit in hits])
        return self.units[hits[0].values[0]] if len(hits) == 1 and rest in _WHOLE else None

    def role_of(self, address: str) -> str:
        """The role that an address has by directory or domain; `unknown` where neither knows it."""
        person = self.person(address)
        if person:
            return weightiest(person.roles)
        unit = self.unit_at(address)
        head = self.person(unit.head) if unit else None
        if unit:
            return next((r for r in (weightiest(head.roles),) if r in _OFFICES), "staff") if head else "staff"
        return self._role_of_domain(fold_address(address).partition("@")[2])

    def unit_of(self, address: str) -> Unit | None:
        """The unit of a person, or the unit that has this address."""
        person = self.person(address)
        return self.units.get(person.unit or "") if person else self.unit_at(address)

    def members(self, unit: str) -> tuple[Person, ...]:
        """The people of one unit, those who lead it first; units below it are not counted."""
        if unit not in self._whole:
            found = self.units.get(unit)
            leaders = [p for a in (found.head, found.deputy) if (p := self.person(a))] if found else []
            everybody = {person.address: person for person in (*leaders, *self._members.get(unit, ()))}
            self._whole[unit] = tuple(everybody.values())
        return self._whole[unit]

    def subtree(self, unit: str) -> tuple[str, ...]:
        """The ids of a unit and of all units below it."""
        found: dict[str, None] = {}
        waiting = [unit]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += self._children.get(one, ())
        return tuple(found)

    def climb(self, unit: str | None) -> Iterator[Unit]:
        """A unit and its parents, upwards; a loop in the tree ends the walk."""
        seen: set[str] = set()
        while unit and unit not in seen and unit in self.units:
            seen.add(unit)
            yield self.units[unit]
            unit = self.units[unit].parent

    def superiors(self, address: str) -> tuple[Person, ...]:
        """Who stands above a person or a unit's own address, the nearest first: its head, its parent's, to the gm."""
        person = self.person(address)
        if not person:
            unit = self.unit_at(address)
            return self._chain(unit.id, None) if unit else ()
        if person.address not in self._above:
            self._above[person.address] = self._chain(self._highest(person), person)
        return self._above[person.address]

    def superiors_of(self, unit: str) -> tuple[Person, ...]:
        """Who stands above a unit: the heads of its parents, the nearest first; never its own head."""
        found = self.units.get(unit)
        return self._chain(found.parent, self.person(found.head)) if found else ()

    def is_below(self, person: str, other: str) -> bool:
        """Whether `person` stands below `other` in the tree."""
        return (self._first(person) or "") in self.below(other)

    def below(self, address: str) -> frozenset[str]:
        """First addresses of all below a person: what a head leads, and what a deputy may lead save the head."""
        person = self.person(address)
        if not person:
            return frozenset()
        if person.address not in self._below:
            self._below[person.address] = frozenset(self._led(person))
        return self._below[person.address]

    def common_superior(self, units: Iterable[str]) -> tuple[Person, ...]:
        """Who stands above all these units, the nearest first (P3.5.3)."""
        chains = [self.superiors_of(unit) for unit in dict.fromkeys(units)]
        others = [{person.address for person in chain} for chain in chains[1:]]
        return tuple(p for p in chains[0] if all(p.address in other for other in others)) if chains else ()

    def is_away(self, person: Person, today: date) -> bool:
        """Whether the directory says that a person is away on this local day."""
        return any(absence.start <= today <= absence.end for absence in person.absences)

    def stand_ins(self, address: str) -> tuple[Person, ...]:
        """The delegate of a person, the delegate's delegate, and so on; a loop ends the row."""
        found: dict[str, Person] = {}
        person = self.person(address)
        start = person.address if person else ""
        while person and (person := self.person(person.delegate)) and person.address not in {start, *found}:
            found[person.address] = person
        return tuple(found.values())

    def delegate(self, address: str, today: date) -> Person | None:
        """Who acts for a person today: the first delegate in the row who is there."""
        return next((person for person in self.stand_ins(address) if not self.is_away(person, today)), None)

    def present(self, address: str, today: date) -> Person | None:
        """The person, or the delegate of one who is away; the person again where nobody stands in."""
        person = self.person(address)
        if not person or not self.is_away(person, today):
            return person
        return self.delegate(address, today) or person

    def assistants(self, address: str) -> tuple[Person, ...]:
        """Who may act for a person with the listed verbs (casework 5)."""
        person = self.person(address)
        return tuple(p for a in (person.assistants if person else ()) if (p := self.person(a)))

    def on_duty(self, now: datetime) -> Duty | None:
        """The entry of the duty table 值班 that holds now (casework 6)."""
        return next((duty for duty in self.directory.duty if duty.start <= now < duty.end), None)

    def coordinator(self, unit: str, today: date) -> Person | None:
        """Who leads the pack's coordinator unit, or stands in today; without that unit, who has its role."""
        found = self.units.get(unit)
        leader = self.person(found.head or found.deputy) if found else None
        leader = leader or next(iter(self.with_role(unit)), None)
        return self.present(leader.address, today) if leader else None

    def leads(self, person: Person) -> Unit | None:
        """The unit that a person is the head of."""
        led = self._leads.get(person.address, ())
        return next((unit for unit in led if unit.head == person.address), None)

    def gm(self) -> Person | None:
        """The general manager: the first with that role."""
        return next(iter(self.with_role("gm")), None)

    def with_role(self, *roles: str) -> tuple[Person, ...]:
        """Everybody who has one of these roles, by role, then in file order."""
        found = {person.address: person for role in roles for person in self._bearers.get(role, ())}
        return tuple(found.values())

    def _first(self, address: str) -> str | None:
        return person.address if (person := self.person(address)) else None

    def _highest(self, person: Person) -> str | None:
        led = self._leads.get(person.address, ())
        return person.unit or (led[0].id if led else None)

    def _chain(self, unit: str | None, person: Person | None) -> tuple[Person, ...]:
        heads = (self.person(one.head) for one in self.climb(unit))
        return tuple({head.address: head for head in heads if head and head is not person}.values())

    def _led(self, person: Person) -> Iterator[str]:
        above = {superior.address for superior in self.superiors(person.address)} | {person.address}
        for unit in self._leads.get(person.address, ()):
            spared = {unit.head} if unit.head != person.address else set()
            people = (one for part in self.subtree(unit.id) for one in self.members(part))
            yield from (one.address for one in people if one.address not in above | spared)

    def _role_of_domain(self, domain: str) -> str:
        if self.in_house(domain):
            return "staff"
        patterns = self.directory.domains
        return next((one.role for one in patterns if domain and fnmatchcase(domain, one.pattern.lower())), "unknown")


_WHOLE = frozenset(
    ["", "部门", "全体", "全体人员", "全体员工", "部", "整个", "你们", "本部门", "的人", "人员", "同事"],
) | frozenset(["the", "your", "department", "dept", "team", "the department", "the team"])


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept = [c for at, c in enumerate(text) if not any(start <= at < end for start, end in spans)]
    return " ".join("".join(kept).lower().strip(" ()（）.,。，、").split())


def _names(unit: Unit) -> tuple[str, ...]:
    short = unit.id.upper() if len(unit.id) <= _ACRONYM else unit.id
    return (short, unit.name, *unit.aliases)


def _children(units: Iterable[Unit]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for unit in units:
        children.setdefault(unit.parent or "", []).append(unit.id)
    return children


def _leads(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    leads: dict[str, list[Unit]] = {}
    for unit in units:
        for address in dict.fromkeys(a for a in (unit.head, unit.deputy) if a):
            leads.setdefault(address, []).append(unit)
    return leads
