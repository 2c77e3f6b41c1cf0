"""What a list of people changes in the directory: who is new, changed, gone; which units with them.

Columns that the list does not have change nothing. Pure: the file is written by `directoryedit`.
"""

from collections.abc import Iterator, Mapping, Sequence

from maild.adapters.directorycsv import PeopleList, Row
from maild.adapters.yamlmend import did_you_mean
from maild.domain.directory import Directory, Person, Unit
from maild.domain.leaving import same_people
from maild.domain.lookup import Index
from maild.domain.roles import CHINESE, unknown_role
from maild.domain.spelling import fold_address
from maild.domain.value import value
from maild.errors import Misconfigured

Cell = str | bool | tuple[str, ...] | None
_OPTIONAL = ("title", "nicknames", "language", "signed", "custodian")


@value
class PersonChange:
    """One person, as the list wants them; `before` is None for somebody new."""

    address: str
    """First address from now on."""
    name: str
    before: Person | None
    values: Mapping[str, Cell]
    """Keys of the entry that change, with their new values; all of somebody new."""


@value
class UnitChange:
    """One unit; `before` is None for a new one."""

    id: str
    name: str
    before: Unit | None
    values: Mapping[str, Cell]


@value
class PeopleDiff:
    """Everything that the list changes."""

    people: tuple[PersonChange, ...] = ()
    gone: tuple[Person, ...] = ()
    units: tuple[UnitChange, ...] = ()
    renamed: Mapping[str, str]
    """First addresses that change, old to new."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.people or self.gone or self.units)


def people_diff(listed: PeopleList, directory: Directory) -> PeopleDiff:
    """What follows from the list; `Misconfigured` with every fault, one a line."""
    return _Difference(listed, directory).made()


class _Difference:
    """One list laid beside one directory."""

    def __init__(self, listed: PeopleList, directory: Directory) -> None:
        self._listed, self._directory = listed, directory
        self._index = Index(directory)
        self._faults: list[str] = []
        self._parents: dict[str, str] = {}
        """New units, by name, with the id of the unit above."""
        self._units = [self._unit(row) for row in listed.rows]
        self._owners = self._by_address()

    def made(self) -> PeopleDiff:
        """The differences, or all faults together."""
        entries = list(zip(self._listed.rows, self._units, self._owners, strict=True))
        people = [change for row, unit, before in entries if (change := self._person(row, unit, before))]
        held = {before.address for before in self._owners if before}
        gone = tuple(one for one in self._directory.people if one.address not in held)
        renamed = {
            before.address: new for row, _, before in entries
            if before and (new := self._first(row, before)) != before.address
        }  # fmt: skip
        units = tuple(self._changed_units(gone, renamed))
        if self._faults:
            raise Misconfigured("\n".join(self._faults))
        return PeopleDiff(people=tuple(people), gone=gone, units=units, renamed=renamed)

    def _by_address(self) -> list[Person | None]:
        """Who of the directory each row is."""
        now = [
            Person(addresses=row.words("address"), name=row.text("name"), unit=unit, title=row.text("title"))
            for row, unit in zip(self._listed.rows, self._units, strict=True)
        ]
        same = same_people(self._directory.people, now)
        by_row = {person.address: self._index.person(old) for old, person in same.items()}
        return [by_row.get(person.address) for person in now]

    def _unit(self, row: Row) -> str | None:
        name = row.text("unit")
        if not name or name in self._parents:
            return name or None
        if found := self._index.unit(name):
            return found.id
        known = [word for unit in self._directory.units for word in (unit.name, unit.id, *unit.aliases)]
        above = row.text("parent")
        if not above and (mend := did_you_mean(name, known)):
            self._fault(row, "unit", f"there is no unit '{name}';{mend} A new one needs its unit above, in 上级部门.")
        parent = self._index.unit(above) if above else None
        if above and parent is None and above not in self._parents:
            self._fault(row, "parent", f"there is no unit '{above}'; write the name of one that there is.")
        self._parents[name] = parent.id if parent else above
        return name

    def _person(self, row: Row, unit: str | None, before: Person | None) -> PersonChange | None:
        address = self._first(row, before)
        wanted: dict[str, Cell] = {"address": self._addresses(row, before), "name": row.text("name")}
        if "unit" in row.cells:
            wanted["unit"] = unit
        wanted |= {key: row.cells[key] for key in _OPTIONAL if key in row.cells}
        if "roles" in row.cells:
            wanted["roles"] = self._roles(row)
        if "delegate" in row.cells:
            wanted["delegate"] = next(iter(self._named(row, "delegate")), None)
        if "assistants" in row.cells:
            wanted["assistants"] = self._named(row, "assistants")
        if before is None:
            kept = {key: item for key, item in wanted.items() if item not in {"", None, (), False, ("staff",)}}
            return PersonChange(address=address, name=row.text("name"), before=None, values=kept)
        now = {key: _of(before, key) for key in wanted}
        changed = {key: item for key, item in wanted.items() if (item or None) != (now[key] or None)}
        if changed.get("language") == "":
            del changed["language"]
        return PersonChange(address=address, name=row.text("name"), before=before, values=changed) if changed else None

    def _addresses(self, row: Row, before: Person | None) -> tuple[str, ...]:
        """Those of the list; one that leaves further addresses of the same person out does not take them away."""
        said = row.words("address")
        own = before.addresses if before else ()
        return own if own and own[0] in said and set(said) <= set(own) else said

    def _first(self, row: Row, before: Person | None) -> str:
        return next(iter(self._addresses(row, before)), "")

    def _roles(self, row: Row) -> tuple[str, ...]:
        roles = tuple(CHINESE.get(role, role) for role in row.words("roles")) or ("staff",)
        for role in roles:
            if mend := unknown_role(role):
                self._fault(row, "roles", f"the role '{role}' is not known; did you mean '{mend}'?")
        return roles

    def _named(self, row: Row, key: str) -> tuple[str, ...]:
        """First addresses of the people that a cell names, by address or by a name that is one person's."""
        found = []
        for word in row.words(key):
            entries = zip(self._listed.rows, self._owners, strict=True)
            rows = [(one, owner) for one, owner in entries if _is_meant(word, one)]
            if len(rows) == 1:
                found.append(self._first(*rows[0]))
            else:
                why = "is nobody in this list" if not rows else "fits several people"
                self._fault(row, key, f"'{word}' {why}; write the mail address of somebody in the list.")
        return tuple(found)

    def _changed_units(self, gone: Sequence[Person], renamed: Mapping[str, str]) -> Iterator[UnitChange]:
        heads, deputies = self._leaders("head"), self._leaders("deputy")
        for name, parent in self._parents.items():
            plain: dict[str, Cell] = {"id": name, "name": name, "parent": parent or None, "head": heads.get(name)}
            if name in deputies:
                plain["deputy"] = deputies[name]
            yield UnitChange(id=name, name=name, before=None, values=plain)
        lost = {person.address for person in gone}
        says = any("leads" in row.cells for row in self._listed.rows)
        for unit in self._directory.units:
            values: dict[str, Cell] = {}
            for key, marked in (("head", heads), ("deputy", deputies)):
                old = getattr(unit, key)
                new = marked.get(unit.id) if says and self._is_own(old, unit) else old
                new = marked.get(unit.id) or (None if new in lost else renamed.get(new or "", new))
                if new != old:
                    values[key] = new
            if values:
                yield UnitChange(id=unit.id, name=unit.name, before=unit, values=values)

    def _is_own(self, leader: str | None, unit: Unit) -> bool:
        """Whether who leads a unit stands in it: of others the list does not say that they lead it."""
        person = self._index.person(leader)
        return person is not None and person.unit == unit.id

    def _leaders(self, post: str) -> dict[str, str]:
        """By unit id, whom the list marks."""
        found: dict[str, str] = {}
        for row, unit, before in zip(self._listed.rows, self._units, self._owners, strict=True):
            if row.cells.get("leads") != post or not unit:
                continue
            if unit in found:
                self._fault(row, "leads", f"the unit '{row.text('unit')}' has a {post} above; mark one of them.")
            found[unit] = self._first(row, before)
        return found

    def _fault(self, row: Row, key: str, sentence: str) -> None:
        self._faults.append(self._listed.fault(row, key, sentence))


def _is_meant(word: str, row: Row) -> bool:
    return row.text("name") == word or fold_address(word) in map(fold_address, row.words("address"))


def _of(person: Person, key: str) -> Cell:
    found: Cell = person.addresses if key == "address" else getattr(person, key)
    return found


def written_out(cell: Cell) -> str:
    """A value as a person reads it."""
    if isinstance(cell, tuple):
        return ", ".join(cell)
    return cell if isinstance(cell, str) else "yes" if cell else ""
