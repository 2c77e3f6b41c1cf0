"""Whether directory, pack, templates and calendar fit together, and fit this organisation."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from maild.adapters.brand import read_brand
from maild.adapters.directoryfile import read_directory, warnings
from maild.adapters.finding import Finding, bad, of_error, ok, warn
from maild.adapters.packcheck import PackCheck
from maild.adapters.packfile import find_pack, office_folder, read_pack
from maild.adapters.templates import JinjaTemplates
from maild.adapters.whoknew import known_people
from maild.adapters.workdays import is_file_name, missing_year, open_calendar, own_calendar, unit_calendars
from maild.domain.directory import Dangling, Directory, Duty, Person
from maild.domain.leaving import compare
from maild.domain.lookup import Index
from maild.domain.pack import Pack
from maild.errors import MaildError, Misconfigured
from maild.settings import MailboxSettings, Organisation, Settings

SAMPLE = "directory.yaml"
"""The directory of the sample organisation, in each pack's folder."""
_LAST_QUARTER = 10
NOWHERE = ".invalid"
"""Addresses that reach nobody, for ever (RFC 2606)."""


class HouseCheck:
    """One look at everything that `maild run` reads before its first login."""

    def __init__(self, settings: Settings, today: date) -> None:
        self.settings = settings
        self.today = today
        self.known = known_people(settings)
        self.people: Sequence[Person] = ()
        self.duty: Sequence[Duty] = ()

    def findings(self) -> Iterator[Finding]:
        """Templates once, and per mailbox its directory, pack and calendar; what two mailboxes share, once."""
        yield self._templates()
        told: set[Finding] = set()
        for box in self.settings.mailbox:
            for finding in self._mailbox(box):
                if finding not in told:
                    yield finding
                told.add(finding)

    def _templates(self) -> Finding:
        try:
            JinjaTemplates(office=self.settings.templates)
        except MaildError as error:
            return of_error("templates", error)
        own = self.settings.templates
        return ok("templates", f"the shipped ones{f' and {own}' if own and own.is_dir() else ''}, in zh and en")

    def _brand(self, box: MailboxSettings) -> Iterator[Finding]:
        """Logo and templates of a mailbox that has its own."""
        own = [str(path) for path in (box.identity.templates, box.identity.logo) if path]
        if not own:
            return
        try:
            read_brand(box.identity, self.settings.templates)
        except MaildError as error:
            yield of_error(f"identity of {box.address}", error)
            return
        yield ok(f"identity of {box.address}", ", ".join(own))

    def _mailbox(self, box: MailboxSettings) -> Iterator[Finding]:
        try:
            folder = find_pack(box.pack, self.settings.rules)
        except MaildError as error:
            yield of_error(f"pack {box.pack}", error)
            return
        yield self._calendar(folder)
        yield from self._brand(box)
        yield from self._pack(box, folder)
        path = self.settings.organisation.directory or folder / SAMPLE
        try:
            directory = read_directory(path, self.settings.organisation.timezone, self.known)
        except MaildError as error:
            yield of_error("directory", error)
            return
        self.people, self.duty = directory.people, directory.duty
        yield from self._directory(path, directory)
        yield from self._branches(path, folder, directory)
        gone = compare(self.known, directory.people, directory.supervisory_body).gone
        index = Index(directory, domain=self.settings.organisation.domain, gone=gone)
        yield from self._together(box, folder, index)

    def _pack(self, box: MailboxSettings, folder: Path) -> Iterator[Finding]:
        """What `maild policy check` says of the pack, against the sample directory that comes with it."""
        sample = folder / SAMPLE
        if sample.is_file():
            found = PackCheck(folder, sample, Organisation(), templates=self.settings.templates).findings()
            for one in found:
                if not one.warning:
                    yield of_error(f"pack {box.pack}", Misconfigured(str(one)))

    def _directory(self, path: Path, directory: Directory) -> Iterator[Finding]:
        yield ok("directory", f"{path}: {len(directory.units)} units, {len(directory.people)} people")
        if self.settings.organisation.directory is None:
            mend = 'write directory = "directory.yaml" into [organisation], and your own people into that file'
            yield warn("directory", "the sample organisation is in use: mail goes to people who do not exist", mend)
        yield from self._still_named(directory.dangling)
        for sentence in warnings(directory, self.settings.organisation.domain):
            text, _, mend = sentence.rstrip(".").partition("; ")
            yield warn("directory", text, mend)
        for person in directory.people:
            if person.address.endswith(NOWHERE):
                text = f"{person.address} ({person.name}) reaches nobody"
                yield bad("directory", text, f"put a real address into {path}")

    def _branches(self, path: Path, folder: Path, directory: Directory) -> Iterator[Finding]:
        """Units with a calendar of their own whose data ends before the next year: said in the last quarter."""
        if self.today.month < _LAST_QUARTER:
            return
        zone, own = self.settings.organisation.timezone, own_calendar(folder, self.settings.rules)
        calendars = unit_calendars(directory.units, zone=zone, own=own, folder=path.parent)
        named: dict[str, list[str]] = {}
        for unit in directory.units:
            calendar = calendars.get(unit.id)
            if unit.calendar and calendar and not calendar.is_known(date(self.today.year + 1, 1, 1)):
                named.setdefault(unit.calendar, []).append(unit.name)
        year = self.today.year + 1
        for name, own_units in named.items():
            units = ", ".join(own_units)
            text = f"the holidays of {year} are not known in the calendar {name} of {units}; deadlines wait for it"
            mend = "run pip install -U holidays chinesecalendar"
            if is_file_name(name):
                mend = f"add the year to {name}, and to its known_years"
            yield warn("calendar", text, mend)

    def _still_named(self, places: Iterable[Dangling]) -> Iterator[Finding]:
        for one in places:
            place, what, whose, address = one.place, one.what, one.whose, one.address
            text = f"{place}: {what} of {whose} still names {address}, who has left"
            yield warn("leavers", text, "name somebody who is there, or take the name out")

    def _together(self, box: MailboxSettings, folder: Path, index: Index) -> Iterator[Finding]:
        """Mailbox, pack and directory, read as `maild run` reads them."""
        if index.person(box.address) or index.unit_at(box.address):
            text = f"{box.address} is both the shared mailbox and an address of the directory: mail would go round"
            yield bad("directory", text, "give the person or unit another address")
        try:
            pack = read_pack(folder, index, office_folder(box.pack, self.settings.rules))
        except MaildError as error:
            yield of_error(f"pack {box.pack}", error)
            return
        yield ok(f"pack {box.pack}", _counted(pack))
        yield from self._still_named(pack.routes.dangling)
        yield self._coordinator(box, pack, index)

    def _coordinator(self, box: MailboxSettings, pack: Pack, index: Index) -> Finding:
        check = f"coordinator {box.address}"
        unit = pack.policy.coordinator or index.coordinator_unit
        person = index.coordinator(unit, self.today)
        if person is None:
            mend = f"give the unit {unit} a head in the directory, or somebody the role {unit}"
            return bad(check, "nobody coordinates: there is nobody to tell of what fits no rule", mend)
        return ok(check, f"{person.name} <{person.address}>")

    def _calendar(self, folder: Path) -> Finding:
        try:
            zone = self.settings.organisation.timezone
            year = missing_year(open_calendar(zone=zone, own=own_calendar(folder, self.settings.rules)), self.today)
        except MaildError as error:
            return of_error("calendar", error)
        if year is None:
            return ok("calendar", f"working days of {self.today.year} are known")
        mend = f"run pip install -U chinesecalendar when the holidays of {year} are announced (mostly in November)"
        return warn("calendar", f"the holidays of {year} are not known yet; deadlines in it are provisional", mend)


def _counted(pack: Pack) -> str:
    types, rules, routes = len(pack.policy.types), len(pack.policy.rules), len(pack.routes.routes)
    return f"{pack.policy.id}@{pack.policy.version}: {types} types, {rules} rules, {routes} routes, deadlines checked"
