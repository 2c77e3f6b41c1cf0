"""Whether the entries of directory.yaml agree with each other: what a schema cannot see, told with line and column."""

import re
from collections.abc import Callable, Collection, Iterable

from maild.adapters.directoryentries import AssistantEntry, File, PersonEntry, UnitEntry
from maild.adapters.workdays import unit_calendars
from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.directory import Dangling, Unit
from maild.domain.permission import NEVER_ASSISTANTS
from maild.domain.roles import unknown_role
from maild.domain.spelling import fold, fold_address
from maild.domain.verbs import EVERY
from maild.errors import Misconfigured

ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[\w-]+(\.[\w-]+)+")


class DirectoryCheck:
    """What a schema can't see: whether the entries agree with each other."""

    def __init__(self, file: YamlFile, content: File, gone: Collection[str] = ()) -> None:
        """`gone` are folded addresses of people who have left: who still names them is noted, not refused."""
        self._file = file
        self._gone = gone
        self.dangling: list[Dangling] = []
        self._content = content
        self._first = {fold_address(person.address[0]) for person in content.people}
        self._known = {fold_address(a): person.address[0] for person in content.people for a in person.address}
        self._parents = {unit.id: unit.parent for unit in content.units}

    def all(self) -> None:
        """Raise the first mistake."""
        self._distinct_units()
        for number, person in enumerate(self._content.people):
            self._person(person, ("people", number))
        self._distinct_addresses()
        for number, unit in enumerate(self._content.units):
            self._unit(unit, ("units", number))
        for number, duty in enumerate(self._content.duty):
            self._somebody(duty.person, ("duty", number, "person"), duty.start.date().isoformat())
            self._require(duty.start < duty.end, "this duty ends before it begins; check both times", ("duty", number))
        for number, address in enumerate(self._content.supervisory_body):
            self._address(address, ("supervisory_body", number))

    def _person(self, person: PersonEntry, where: Location) -> None:
        for number, address in enumerate(person.address):
            self._address(address, (*where, "address", number))
        if person.unit is not None and person.unit not in self._parents:
            raise self._file.mistake(
                f"there is no unit with the id '{person.unit}'; add it or correct the id.", (*where, "unit")
            )
        if person.delegate:
            self._somebody(person.delegate, (*where, "delegate"), person.name)
        for number, assistant in enumerate(person.assistants):
            self._assistant(assistant, (*where, "assistants", number), person.name)
        for number, role in enumerate(person.roles):
            mend = unknown_role(role)
            sentence = f"the role '{role}' is not known; did you mean '{mend}'?"
            self._require(not mend, sentence, (*where, "roles", number))
        for number, absence in enumerate(person.absences):
            place = (*where, "absences", number)
            self._require(absence.start <= absence.end, "this absence ends before it begins; check both days", place)

    def _assistant(self, assistant: AssistantEntry | str, where: Location, whose: str) -> None:
        self._somebody(assistant if isinstance(assistant, str) else assistant.address, where, whose)
        for number, verb in enumerate(() if isinstance(assistant, str) else assistant.verbs):
            place = (*where, "verbs", number)
            self._require(verb not in NEVER_ASSISTANTS, f"'{verb}' is a person's own decision; take it out", place)
            self._require(verb in EVERY, f"'{verb}' is no command; write accept, note, route or the like", place)

    def _unit(self, unit: UnitEntry, where: Location) -> None:
        if unit.parent is not None and unit.parent not in self._parents:
            sentence = f"the parent '{unit.parent}' is no unit id; add that unit or correct the id."
            raise self._file.mistake(sentence, (*where, "parent"))
        self._require(
            not self._in_loop(unit.id),
            f"the unit '{unit.id}' stands above itself; correct a parent",
            (*where, "parent"),
        )
        for key, address in (("head", unit.head), ("deputy", unit.deputy)):
            if address:
                self._somebody(address, (*where, key), unit.name)
        self._works(unit, where)
        if unit.address:
            self._address(unit.address, (*where, "address"))
            taken = fold_address(unit.address) in self._known
            self._require(
                not taken, f"{unit.address} is a person's address; give the unit one of its own", (*where, "address")
            )

    def _works(self, unit: UnitEntry, where: Location) -> None:
        """Whether its time zone, calendar and hours can be read."""
        for key in ("timezone", "calendar", "hours"):
            alone = Unit(id=unit.id, name=unit.name, **{key: getattr(unit, key)})
            try:
                unit_calendars([alone], zone="UTC", own=None, folder=self._file.path.parent)
            except (ValueError, Misconfigured) as error:
                raise self._file.mistake(f"{str(error).rstrip('.')}.", (*where, key)) from error

    def _in_loop(self, unit: str) -> bool:
        seen: set[str] = set()
        above = self._parents[unit]
        while above and above not in seen:
            if above == unit:
                return True
            seen.add(above)
            above = self._parents.get(above)
        return False

    def _distinct_addresses(self) -> None:
        places: list[tuple[str, Location]] = [
            (fold_address(address), ("people", number, "address", at))
            for number, person in enumerate(self._content.people)
            for at, address in enumerate(person.address)
        ]
        self._distinct(places, lambda name: f"two people have the address {name}; an address is one person's.")

    def _distinct_units(self) -> None:
        ids = [(unit.id, ("units", number, "id")) for number, unit in enumerate(self._content.units)]
        self._distinct(ids, lambda name: f"the unit id '{name}' is used twice; give one another id.")
        names = [
            (fold(name), place)
            for number, unit in enumerate(self._content.units)
            for name, place in _called(unit, number)
        ]
        self._distinct(names, lambda name: f"two units are called '{name}'; take it from one of them.")

    def _distinct(self, places: Iterable[tuple[str, Location]], sentence: Callable[[str], str]) -> None:
        seen: set[str] = set()
        for name, place in places:
            if name in seen:
                raise self._file.mistake(sentence(name), place)
            seen.add(name)

    def _address(self, address: str, where: Location) -> None:
        self._require(
            ADDRESS.fullmatch(address) is not None, f"'{address}' is no mail address; write name@domain", where
        )

    def _somebody(self, address: str, where: Location, whose: str) -> None:
        known = self._known.get(fold_address(address))
        if known is None and fold_address(address) in self._gone:
            what = next(str(step) for step in reversed(where) if isinstance(step, str))
            what = "duty" if where[0] == "duty" else what
            self.dangling.append(
                Dangling(what=what, whose=whose, address=address.lower(), place=self._file.place(where))
            )
            return
        self._require(known is not None, f"{address} is nobody in people; add the person or correct the address", where)
        named = fold_address(address) in self._first
        self._require(named, f"{address} is a second address; name the person by the first, {known}", where)

    def _require(self, holds: bool, sentence: str, where: Location) -> None:
        if not holds:
            raise self._file.mistake(sentence if sentence.endswith("?") else f"{sentence}.", where)


def _called(unit: UnitEntry, number: int) -> Iterable[tuple[str, Location]]:
    """What a unit is called, each once, and where that stands; an alias that repeats its own name is no mistake."""
    names: dict[str, tuple[str, Location]] = {}
    given: list[tuple[str, Location]] = [(unit.name, ("units", number, "name")), (unit.id, ("units", number, "id"))]
    given += [(alias, ("units", number, "aliases", at)) for at, alias in enumerate(unit.aliases)]
    for name, place in given:
        names.setdefault(fold(name), (name, place))
    return names.values()
