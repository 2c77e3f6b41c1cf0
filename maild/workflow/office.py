"""One shared mailbox's office at one moment: settings, pack, directory, calendar, keys, and the time."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.leaving import Withheld
from maild.domain.lookup import Index
from maild.domain.message import Address
from maild.domain.pack import Pack
from maild.domain.replykey import ReplyKeys
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar
from maild.settings import MailboxSettings, Organisation


@value
class Office:
    """What every decision stands on; frozen, and replaced whole when rules or directory are read again."""

    organisation: Organisation
    box: MailboxSettings
    pack: Pack
    index: Index
    calendar: WorkCalendar
    keys: ReplyKeys
    now: datetime
    plus: bool = False
    """Plus-addresses are known to arrive."""
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    """Of the units that have hours, days or a time zone of their own, by id; the others work as the office does."""
    withheld: Withheld | None = None
    """The directory file lost so many people that it waits for a word."""
    seal: bool = False
    """There is a key of the seal: something of a confidential letter may leave, as its holder releases it."""

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.organisation.timezone)

    @property
    def address(self) -> Address:
        """The shared address as it stands in From."""
        return Address(address=self.box.address, name=self.box.identity.name or self.organisation.name)

    def calendar_of(self, case: Case | None) -> WorkCalendar:
        """The calendar that the clocks of a case run on: its handler unit's (casework 6)."""
        if not self.calendars or case is None:
            return self.calendar
        if case.unit:
            return self.calendars.get(case.unit, self.calendar)
        return self.calendar_at(case.handler)

    def calendar_at(self, address: str | None) -> WorkCalendar:
        """When the person or unit with this address works; as the office does where nobody knows."""
        if not self.calendars or not address:
            return self.calendar
        unit = self.index.unit_of(address)
        person = self.index.person(address)
        led = self.index.leads(person) if person and unit is None else None
        unit = unit or led
        return self.calendars.get(unit.id, self.calendar) if unit else self.calendar

    def hold(self, case: Case) -> timedelta:
        """For how long a person's words to the outside wait in case they are taken back; not at all when critical."""
        return timedelta() if case.urgency == "critical" else self.box.hold_outside

    def at(self, now: datetime) -> "Office":
        """The same office at another moment."""
        return replace(self, now=now)

    def coordinator_person(self, case: Case | None = None) -> Person | None:
        """The coordinator, or who stands in for them today; never one whom the case excludes."""
        today = self.now.astimezone(self.zone).date()
        person = self.index.coordinator(self.pack.coordinator, today)
        own = {*person.addresses, *person.former} if person is not None else set()
        if case is not None and not own.isdisjoint(case.excluded):
            return None
        return person

    def coordinator(self, case: Case | None = None) -> str | None:
        """The coordinator's first address."""
        person = self.coordinator_person(case)
        return person.address if person else None

    def own(self, address: str) -> bool:
        """Whether this is an address of the shared mailbox, with or without a plus-tag."""
        local, _, domain = address.lower().rpartition("@")
        bare = f"{local.split('+')[0]}@{domain}"
        return bare in {self.box.address.lower(), *(alias.lower() for alias in self.box.aliases)}
