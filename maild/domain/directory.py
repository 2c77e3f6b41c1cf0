"""The people and units of an organisation: a tree by `parent`, people named by their first address.

Values as in directory.yaml (interfaces.md); look-ups live in `lookup.py`, conflicts in `conflict.py`.
"""

from datetime import date, datetime
from enum import StrEnum

from maild.domain.value import value


class Deliver(StrEnum):
    """To whom a unit's mail goes when a route names only the unit."""

    HEAD = "head"
    UNIT = "unit"
    MEMBERS = "members"


@value
class Absence:
    """Days away, both inclusive, local dates of the person's unit."""

    start: date
    end: date


@value
class Person:
    """A person of the directory; `addresses[0]` is the name by which everything else calls them."""

    addresses: tuple[str, ...]
    name: str
    unit: str | None = None
    title: str = ""
    nicknames: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("staff",)
    language: str = "zh"
    delegate: str | None = None
    assistants: tuple[str, ...] = ()
    assistants_may: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The verbs of an assistant who has others than the usual ones, by first address."""
    absences: tuple[Absence, ...] = ()
    signed: bool = False
    custodian: bool = False
    former: tuple[str, ...] = ()
    """Addresses that were theirs and are nobody's now: they open nothing, and what barred them bars the person."""

    @property
    def address(self) -> str:
        """The first address, by which the directory names this person."""
        return self.addresses[0]


@value
class Unit:
    """A unit; head and deputy are first addresses of people, `parent` a unit id or None at the top."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    head: str | None = None
    deputy: str | None = None
    address: str | None = None
    deliver: Deliver = Deliver.HEAD
    timezone: str | None = None
    calendar: str | None = None
    hours: str | None = None
    language: str | None = None


@value
class DomainRole:
    """Addresses of a domain pattern (fnmatch on the domain) have this role."""

    pattern: str
    role: str


@value
class Duty:
    """Who is on duty from `start` to `end` (aware)."""

    start: datetime
    end: datetime
    person: str
    phone: str = ""


@value
class Dangling:
    """A place in a file that people write which still names somebody who has left."""

    what: str
    """Its key: head, deputy, delegate, assistants, duty, route."""
    whose: str
    """The unit, person or route that has it; of a duty its first day."""
    address: str
    place: str
    """File, line and column."""


@value
class Directory:
    """The whole directory, in file order."""

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    domains: tuple[DomainRole, ...] = ()
    duty: tuple[Duty, ...] = ()
    supervisory_body: tuple[str, ...] = ()
    dangling: tuple[Dangling, ...] = ()
    """Left out of the rest, because who is named there has left."""
