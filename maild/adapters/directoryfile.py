"""directory.yaml into a `Directory`: each mistake is told with file, line, column and mend (interfaces.md)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from maild.adapters.workdays import unit_calendars
from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.directory import Absence, Deliver, Directory, DomainRole, Duty, Person, Unit
from maild.domain.spelling import fold, fold_address
from maild.errors import Misconfigured

_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[\w-]+(\.[\w-]+)+")


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Absence(_Entry):
    start: date = Field(alias="from")
    end: date = Field(alias="to")


class _Person(_Entry):
    address: Names = Field(min_length=1)
    name: str
    unit: str | None = None
    title: str = ""
    nicknames: Names = ()
    roles: Names = ("staff",)
    language: str | None = None
    delegate: str | None = None
    assistants: Names = ()
    absences: tuple[_Absence, ...] = ()
    signed: bool = False
    custodian: bool = False


class _Unit(_Entry):
    id: str
    name: str
    aliases: Names = ()
    parent: str | None = None
    head: str | None = None
    deputy: str | None = None
    address: str | None = None
    deliver: Deliver = Deliver.HEAD
    timezone: str | None = None
    calendar: str | None = None
    hours: str | None = None
    language: str | None = None


class _Domain(_Entry):
    pattern: str
    role: str


class _Duty(_Entry):
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    person: str
    phone: str = ""


class _File(_Entry):
    units: tuple[_Unit, ...] = ()
    people: tuple[_Person, ...] = ()
    domains: tuple[_Domain, ...] = ()
    duty: tuple[_Duty, ...] = ()
    supervisory_body: tuple[str, ...] = ()


def read_directory(path: Path, timezone: str = "Asia/Shanghai") -> Directory:
    """The directory of an organisation; times of the duty table without a zone are in `timezone`."""
    file = YamlFile(path)
    content = file.read(_File)
    _Check(file, content).all()
    units = _with_inherited([_unit_of(unit) for unit in content.units])
    languages = {unit.id: unit.language for unit in units if unit.language}
    return Directory(
        units=units,
        people=tuple(_person(person, languages) for person in content.people),
        domains=tuple(DomainRole(pattern=one.pattern, role=one.role) for one in content.domains),
        duty=tuple(_duty(one, ZoneInfo(timezone)) for one in content.duty),
        supervisory_body=tuple(address.lower() for address in content.supervisory_body),
    )


def warnings(directory: Directory, domain: str) -> tuple[str, ...]:
    """What is allowed and yet unwise: one sentence each, with the mend (security.md, "Conflict of interest")."""
    body = directory.supervisory_body
    inside = [address for address in body if _inside(address, domain)]
    said = []
    if len(body) < _PAIR:
        said.append("supervisory_body names fewer than two people; name two outside the general manager's line.")
    if body and len(inside) == len(body):
        said.append(f"every address of supervisory_body is inside {domain}; name at least one outside it.")
    if not any("gm" in person.roles for person in directory.people):
        said.append("nobody has the role gm; give it to the general manager.")
    leaderless = [unit.name for unit in directory.units if not (unit.head or unit.deputy or unit.address)]
    return (*said, *(f"the unit {name} has no head, deputy or address; give it one." for name in leaderless))


_PAIR = 2


class _Check:
    """What a schema can't see: whether the entries agree with each other."""

    def __init__(self, file: YamlFile, content: _File) -> None:
        self._file = file
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
            self._somebody(duty.person, ("duty", number, "person"))
            self._require(duty.start < duty.end, "this duty ends before it begins; check both times", ("duty", number))
        for number, address in enumerate(self._content.supervisory_body):
            self._address(address, ("supervisory_body", number))

    def _person(self, person: _Person, where: Location) -> None:
        for number, address in enumerate(person.address):
            self._address(address, (*where, "address", number))
        if person.unit is not None and person.unit not in self._parents:
            raise self._file.mistake(
                f"there is no unit with the id '{person.unit}'; add it or correct the id.", (*where, "unit")
            )
        if person.delegate:
            self._somebody(person.delegate, (*where, "delegate"))
        for number, assistant in enumerate(person.assistants):
            self._somebody(assistant, (*where, "assistants", number))
        for number, absence in enumerate(person.absences):
            place = (*where, "absences", number)
            self._require(absence.start <= absence.end, "this absence ends before it begins; check both days", place)

    def _unit(self, unit: _Unit, where: Location) -> None:
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
                self._somebody(address, (*where, key))
        self._works(unit, where)
        if unit.address:
            self._address(unit.address, (*where, "address"))
            taken = fold_address(unit.address) in self._known
            self._require(
                not taken, f"{unit.address} is a person's address; give the unit one of its own", (*where, "address")
            )

    def _works(self, unit: _Unit, where: Location) -> None:
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
            _ADDRESS.fullmatch(address) is not None, f"'{address}' is no mail address; write name@domain", where
        )

    def _somebody(self, address: str, where: Location) -> None:
        known = self._known.get(fold_address(address))
        self._require(known is not None, f"{address} is nobody in people; add the person or correct the address", where)
        named = fold_address(address) in self._first
        self._require(named, f"{address} is a second address; name the person by the first, {known}", where)

    def _require(self, holds: bool, sentence: str, where: Location) -> None:
        if not holds:
            raise self._file.mistake(f"{sentence}.", where)


def _called(unit: _Unit, number: int) -> Iterable[tuple[str, Location]]:
    """What a unit is called, each once, and where that stands; an alias that repeats its own name is no mistake."""
    names: dict[str, tuple[str, Location]] = {}
    given: list[tuple[str, Location]] = [(unit.name, ("units", number, "name")), (unit.id, ("units", number, "id"))]
    given += [(alias, ("units", number, "aliases", at)) for at, alias in enumerate(unit.aliases)]
    for name, place in given:
        names.setdefault(fold(name), (name, place))
    return names.values()


def _unit_of(entry: _Unit) -> Unit:
    plain = entry.model_dump()
    return Unit(**plain | {key: _lower(plain[key]) for key in ("head", "deputy", "address")})


def _with_inherited(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Time zone, calendar, hours and language of each unit, from the nearest above it that says so."""
    by_id = {unit.id: unit for unit in units}

    def said(unit: Unit | None, name: str) -> str | None:
        while unit is not None:
            if own := getattr(unit, name):
                return str(own)
            unit = by_id.get(unit.parent or "")
        return None

    return tuple(
        replace(unit, timezone=said(unit, "timezone"), calendar=said(unit, "calendar"), hours=said(unit, "hours"),
                language=said(unit, "language"))
        for unit in units
    )  # fmt: skip


def _lower(address: str | None) -> str | None:
    return address.lower() if address else None


def _person(entry: _Person, languages: Mapping[str, str]) -> Person:
    plain = entry.model_dump(exclude={"address", "absences", "delegate", "assistants", "language"})
    return Person(
        addresses=tuple(address.lower() for address in entry.address),
        absences=tuple(Absence(start=one.start, end=one.end) for one in entry.absences),
        delegate=_lower(entry.delegate),
        language=entry.language or languages.get(entry.unit or "", "zh"),
        assistants=tuple(address.lower() for address in entry.assistants),
        **plain,
    )


def _duty(entry: _Duty, zone: ZoneInfo) -> Duty:
    start, end = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (entry.start, entry.end))
    return Duty(start=start.astimezone(UTC), end=end.astimezone(UTC), person=entry.person.lower(), phone=entry.phone)


def _inside(address: str, domain: str) -> bool:
    host = address.rpartition("@")[2].lower()
    return host == domain.lower() or host.endswith("." + domain.lower())
