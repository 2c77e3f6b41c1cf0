"""directory.yaml into a `Directory`: each mistake is told with file, line, column and mend (interfaces.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.adapters.directorycheck import DirectoryCheck
from maild.adapters.directoryentries import DutyEntry, File, PersonEntry, UnitEntry, address_of
from maild.adapters.yamlfile import YamlFile
from maild.domain.directory import Absence, Directory, DomainRole, Duty, Person, Unit
from maild.domain.leaving import Change, Known, compare
from maild.domain.spelling import fold_address

NOBODY = Known()
"""Nothing is remembered: every name in the file must be somebody's."""


def read_directory(path: Path, timezone: str = "Asia/Shanghai", known: Known = NOBODY) -> Directory:
    """The directory of an organisation; times of the duty table without a zone are in `timezone`.

    Where an entry names somebody whom `known` knew and who has left, that name is left out and stands in `dangling`;
    a changed address is read as the new one.
    """
    file = YamlFile(path)
    content = file.read(File)
    units = _with_inherited([_unit_of(unit) for unit in content.units])
    languages = {unit.id: unit.language for unit in units if unit.language}
    people = tuple(_person(person, languages) for person in content.people)
    body = tuple(address.lower() for address in content.supervisory_body)
    change = compare(known, people, body)
    check = DirectoryCheck(file, content, change.names_gone | {fold_address(one) for one in change.renamed})
    check.all()
    directory = Directory(
        units=units,
        people=change.people,
        domains=tuple(DomainRole(pattern=one.pattern, role=one.role) for one in content.domains),
        duty=tuple(_duty(one, ZoneInfo(timezone)) for one in content.duty),
        supervisory_body=body,
        dangling=tuple(check.dangling),
    )
    return _resolved(directory, change) if directory.dangling else directory


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


def _resolved(directory: Directory, change: Change) -> Directory:
    """Without the names of those who left, and with the new address of those whose address changed."""
    held = {fold_address(address) for person in directory.people for address in person.addresses}

    def now(address: str | None) -> str | None:
        meant = change.renamed.get(address or "", address)
        return meant if meant and fold_address(meant) in held else None

    units = tuple(replace(unit, head=now(unit.head), deputy=now(unit.deputy)) for unit in directory.units)
    people = tuple(
        replace(one, delegate=now(one.delegate), assistants=tuple(a for each in one.assistants if (a := now(each))))
        for one in directory.people
    )
    duty = tuple(replace(one, person=person) for one in directory.duty if (person := now(one.person)))
    return replace(directory, units=units, people=people, duty=duty)


def _unit_of(entry: UnitEntry) -> Unit:
    plain = entry.model_dump()
    return Unit(**plain | {key: _lower(plain[key]) for key in ("head", "deputy", "address")})


def _with_inherited(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Time zone, calendar, hours and language of each unit, from the nearest above it that says so."""
    by_id = {unit.id: unit for unit in units}

    def said(unit: Unit | None, name: str) -> str | None:
        for _ in units:  # a tree that turns round on itself is told later
            if unit is None or getattr(unit, name):
                break
            unit = by_id.get(unit.parent or "")
        return str(own) if unit is not None and (own := getattr(unit, name)) else None

    return tuple(
        replace(unit, timezone=said(unit, "timezone"), calendar=said(unit, "calendar"), hours=said(unit, "hours"),
                language=said(unit, "language"))
        for unit in units
    )  # fmt: skip


def _lower(address: str | None) -> str | None:
    return address.lower() if address else None


def _person(entry: PersonEntry, languages: Mapping[str, str]) -> Person:
    plain = entry.model_dump(exclude={"address", "absences", "delegate", "assistants", "language"})
    return Person(
        addresses=tuple(address.lower() for address in entry.address),
        absences=tuple(Absence(start=one.start, end=one.end) for one in entry.absences),
        delegate=_lower(entry.delegate),
        language=entry.language or languages.get(entry.unit or "", "zh"),
        assistants=tuple(address_of(one) for one in entry.assistants),
        assistants_may=tuple((one.address.lower(), one.verbs) for one in entry.assistants if not isinstance(one, str)),
        **plain,
    )


def _duty(entry: DutyEntry, zone: ZoneInfo) -> Duty:
    start, end = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (entry.start, entry.end))
    return Duty(start=start.astimezone(UTC), end=end.astimezone(UTC), person=entry.person.lower(), phone=entry.phone)


def _inside(address: str, domain: str) -> bool:
    host = address.rpartition("@")[2].lower()
    return host == domain.lower() or host.endswith("." + domain.lower())
