"""What directory.yaml may hold: each kind of entry with its keys (interfaces.md)."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from maild.domain.directory import Deliver


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Entry(BaseModel):
    """An entry; a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AbsenceEntry(Entry):
    """Days away."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")


class AssistantEntry(Entry):
    """Who acts for a person, with verbs of their own."""

    address: str
    verbs: Names


class PersonEntry(Entry):
    """One of `people`."""

    address: Names = Field(min_length=1)
    name: str
    unit: str | None = None
    title: str = ""
    nicknames: Names = ()
    roles: Names = ("staff",)
    language: str | None = None
    delegate: str | None = None
    assistants: tuple[AssistantEntry | str, ...] = ()
    """An address alone, or an address with verbs."""
    absences: tuple[AbsenceEntry, ...] = ()
    signed: bool = False
    custodian: bool = False


class UnitEntry(Entry):
    """One of `units`."""

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


class DomainEntry(Entry):
    """One of `domains`."""

    pattern: str
    role: str


class DutyEntry(Entry):
    """One of `duty`."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    person: str
    phone: str = ""


class File(Entry):
    """The whole file."""

    units: tuple[UnitEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    domains: tuple[DomainEntry, ...] = ()
    duty: tuple[DutyEntry, ...] = ()
    supervisory_body: tuple[str, ...] = ()


def address_of(assistant: AssistantEntry | str) -> str:
    """The address of an assistant, however written."""
    return (assistant if isinstance(assistant, str) else assistant.address).lower()
