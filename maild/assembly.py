"""The composition root's parts: from settings to a store, an archive, and one desk a mailbox.

Rules, routes, deadlines, templates and the directory are read together into one `House`, checked before anything
logs in, and replaced whole on SIGHUP; a wrong file leaves the old house standing.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.adapters.anchors import FILE, Anchors
from maild.adapters.archive import open_archive
from maild.adapters.attachedtext import with_attached_text
from maild.adapters.bannerfile import read_marks
from maild.adapters.brand import read_brand
from maild.adapters.cleanapart import clean_apart
from maild.adapters.directoryfile import read_directory
from maild.adapters.erasing import Eraser, Progress
from maild.adapters.filledforms import with_sheets
from maild.adapters.formsheet import press
from maild.adapters.maskapart import Looker
from maild.adapters.packfile import find_pack, office_folder, read_pack
from maild.adapters.providers import is_public
from maild.adapters.readapart import can_be_read
from maild.adapters.robots import Robot, read_addresses
from maild.adapters.sealring import read_ring
from maild.adapters.secrets import read_secrets
from maild.adapters.store import Store
from maild.adapters.templates import JinjaTemplates
from maild.adapters.voice import Voice
from maild.adapters.workdays import open_calendar, own_calendar, unit_calendars
from maild.domain.absences import by_local_days, local_days, read_absences, with_people_away
from maild.domain.leaving import Change, Known, Withheld, compare, is_doubtful, word_for
from maild.domain.lookup import Index
from maild.domain.masks import Look
from maild.domain.message import Mail
from maild.domain.pack import Pack
from maild.domain.remembered import DIRECTORY_WORD, name_for, read_known
from maild.domain.replykey import ReplyKeys
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar
from maild.mail.banners import MARKS, Marks
from maild.mail.compose import Picture
from maild.mail.parse import attachments_in, parse, parse_anyway
from maild.settings import MailboxSettings, Settings
from maild.workflow.absent import ABSENCES
from maild.workflow.books import Store as StorePort
from maild.workflow.freeze import Scribe
from maild.workflow.herald import Herald
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.pipeline import Pipeline
from maild.workflow.ports import Now
from maild.workflow.probe import ARRIVED, probe_name

ASK_AGAIN = 10.0
"""Seconds between two looks whether the plus-address probe has come back."""


@value
class Desk:
    """What one mailbox decides by: its pack, and the directory as that pack reads it."""

    pack: Pack
    index: Index
    calendar: WorkCalendar
    calendars: dict[str, WorkCalendar]
    """Of the units that do not work as the office does."""
    withheld: Withheld | None = None


@dataclass(frozen=True)
class House:
    """Everything that was read from rule, template and directory files, by mailbox address."""

    desks: dict[str, Desk]
    templates: JinjaTemplates
    """The office's letters, of no mailbox."""
    brands: dict[str, tuple[JinjaTemplates, Picture | None]]
    """Letters and logo of each mailbox that has its own."""
    marks: Marks = MARKS
    """What gateways add to a mail."""

    @property
    def unit_names(self) -> dict[str, str]:
        """The names of all units by id: what people outside the directory file know a unit by."""
        return {unit.id: unit.name for desk in self.desks.values() for unit in desk.index.directory.units}

    @property
    def person_names(self) -> dict[str, str]:
        """The names of all people by each of their addresses, for tables that an office reads."""
        people = (person for desk in self.desks.values() for person in desk.index.directory.people)
        return {address: person.name or person.address for person in people for address in person.addresses}

    @property
    def looks(self) -> dict[str, Look]:
        """What is masked for readers of whom nothing is known, by the address of the mailbox."""
        return {address: desk.pack.masks.for_nobody() for address, desk in self.desks.items()}


def nothing_kept(_name: str) -> str:
    """No database: nothing is remembered between two readings."""
    return ""


def read_house(settings: Settings, kept: Callable[[str], str] = nothing_kept) -> House:
    """Read and check all rules, templates and the directory; `Misconfigured` with file, line and mend.

    `kept` gives the small facts that the database remembers, by name: whom the directory knew before.
    """
    desks = {box.address: _desk(settings, box, kept) for box in settings.mailbox}
    brands = {
        box.address: read_brand(box.identity, settings.templates)
        for box in settings.mailbox
        if box.identity.templates or box.identity.logo
    }
    return House(
        desks=desks,
        templates=JinjaTemplates(office=settings.templates),
        brands=brands,
        marks=read_marks(settings.rules),
    )


def _desk(settings: Settings, box: MailboxSettings, kept: Callable[[str], str]) -> Desk:
    folder = find_pack(box.pack, settings.rules)
    path = settings.organisation.directory or folder / "directory.yaml"
    zone, own = settings.organisation.timezone, own_calendar(folder, settings.rules)
    known = read_known(kept(name_for(box.address)))
    index, withheld = _people(path, settings, known, kept(DIRECTORY_WORD))
    pack = read_pack(folder, index, office_folder(box.pack, settings.rules))
    calendars = unit_calendars(index.directory.units, zone=zone, own=own, folder=path.parent)
    calendar = open_calendar(zone=zone, own=own)
    return Desk(pack=pack, index=index, calendar=calendar, calendars=calendars, withheld=withheld)


def _people(path: Path, settings: Settings, known: Known, word: str) -> tuple[Index, Withheld | None]:
    """The directory; the one before where the file has lost so many that `word` must be said first."""
    directory, withheld = read_directory(path, settings.organisation.timezone, known), None
    change = compare(known, directory.people, directory.supervisory_body)
    if known.before is not None and is_doubtful(known.before, change) and word != word_for(change):
        count = len(known.before.people)
        withheld = Withheld(word=word_for(change), left=change.left, before=count, place=str(path))
        directory, change = known.before, Change(people=known.before.people, gone=known.left)
    return Index(directory, domain=settings.organisation.domain, gone=change.gone), withheld


class Workshop:
    """One installation at work: store, archive, keys, and the house as it stands now."""

    def __init__(
        self, settings: Settings, *, now: Now, machine: Now, reread: Callable[[], Settings] | None = None
    ) -> None:
        self.settings = settings
        self._reread = reread or (lambda: settings)
        self.now, self.machine = now, machine
        self._proven: set[str] = set()
        """Mailboxes whose plus-address is known to arrive."""
        self._asked: dict[str, float] = {}
        self._absent: dict[str, tuple[Index, str, object, Index]] = {}
        """By pack: the directory, the absences, the day, and the directory with who is away then."""
        self.keys: ReplyKeys = read_secrets(settings.store.secrets)
        self.ring = read_ring(settings.seal)
        self.archive = open_archive(settings.store.archive, self.ring)
        self.store = Store.open(settings.store.url, settings.base, self.ring)
        with ExitStack() as opened:
            opened.callback(self.store.close)
            if self.ring:
                self.store.seal()
            self.house = read_house(settings, self._kept)
            opened.pop_all()
        addresses = read_addresses(settings.notify.urgent.text)
        self.channels = [Robot(name=f"{one.kind}-{at}", address=one) for at, one in enumerate(addresses, 1)]
        self.originals = Originals(self.archive, self.parse_anyway, attachments_in, clean=clean_apart, look=Looker())

    def sealed_by(self) -> str:
        """The id of the key that closes what is archived; "" where there is no seal."""
        return self.ring.current if self.ring else ""

    def reload(self) -> None:
        """Read the house again, and each mailbox's mode; on a mistake the old ones stay and the mistake is raised."""
        modes = {box.address: box.mode for box in self._reread().mailbox}
        boxes = tuple(replace(box, mode=modes.get(box.address, box.mode)) for box in self.settings.mailbox)
        settings = replace(self.settings, mailbox=boxes)
        self.house, self.settings = read_house(settings, self._kept), settings

    def confirmed(self) -> bool:
        """Whether a person said that a directory which waits for a word is meant."""
        words = {desk.withheld.word for desk in self.house.desks.values() if desk.withheld}
        return bool(words) and self._kept(DIRECTORY_WORD) in words

    def _kept(self, name: str) -> str:
        with self.store.reading() as books:
            return books.kept_text(name)

    def watched(self) -> tuple[Path | None, ...]:
        """The files and folders that people write: rules, templates and the directory."""
        brands = (path for box in self.settings.mailbox for path in (box.identity.templates, box.identity.logo))
        return self.settings.rules, self.settings.templates, self.settings.organisation.directory, *brands

    def office(self, box: MailboxSettings) -> Office:
        """The office of a mailbox at this moment."""
        desk = self.house.desks[box.address]
        return Office(
            organisation=self.settings.organisation, box=box, pack=desk.pack, index=self._present(desk),
            calendar=desk.calendar, calendars=desk.calendars, keys=self.keys, now=self.now(), plus=self._plus(box),
            withheld=desk.withheld, seal=self.ring is not None,
        )  # fmt: skip

    def _present(self, desk: Desk) -> Index:
        """The directory of today, with the absences that people registered by mail, each by its unit's own days."""
        with self.store.reading() as books:
            kept = books.kept_text(ABSENCES)
        now, zone = self.now(), ZoneInfo(self.settings.organisation.timezone)
        absences, today = read_absences(kept), now.astimezone(zone).date()
        days = frozenset(local_days(desk.index.directory, now).items())
        if not any(one.end >= today for one in absences) and {day for _, day in days} <= {today}:
            return desk.index
        known = self._absent.get(desk.pack.id)
        if known is None or known[:3] != (desk.index, kept, (today, days)):
            directory = by_local_days(with_people_away(desk.index.directory, absences, today), now, zone)
            gone, unit = desk.index.gone, desk.index.coordinator_unit
            made = Index(directory, domain=desk.index.domain, coordinator=unit, gone=gone)
            known = self._absent[desk.pack.id] = (desk.index, kept, (today, days), made)
        return known[3]

    def _plus(self, box: MailboxSettings) -> bool:
        """Whether plus-addresses are used: as the settings say, or `auto`: once the probe has come back."""
        if box.plus_addressing != "auto" or box.address in self._proven:
            return box.plus_addressing != "false"
        if time.monotonic() - self._asked.get(box.address, -ASK_AGAIN) < ASK_AGAIN:
            return False
        self._asked[box.address] = time.monotonic()
        with self.store.reading() as books:
            arrived = books.kept_text(probe_name(box.address)) == ARRIVED
        if arrived:
            self._proven.add(box.address)
        return arrived

    def scribe(self, box: MailboxSettings | None = None) -> Scribe:
        """Who writes the letters of a mailbox, as it presents itself; without one, the office's."""
        plain = (self.house.templates, None)
        templates, logo = self.house.brands.get(box.address, plain) if box else plain
        return Scribe(
            templates=templates, originals=self.originals, words=templates.words, new_id=new_id, logo=logo,
            press=press(),
        )  # fmt: skip

    def pipeline(self, box: MailboxSettings, committed: Callable[[], None], store: StorePort | None = None) -> Pipeline:
        """The journey of one mailbox's mail; `store` where it may write only as long as the mailbox is held."""
        return Pipeline(
            store=store or self.store, archive=self.archive, originals=self.originals, scribe=self.scribe(box),
            triage=Voice(), office=lambda: self.office(box), machine=self.machine, parse=self.parse,
            parse_anyway=self.parse_anyway, can_be_read=self.can_be_read, is_public=is_public, committed=committed,
        )  # fmt: skip

    def herald(self) -> Herald:
        """Who tells by the second channel, in the words of the house as it stands at each message."""
        return Herald(
            channels=self.channels, store=self.store, words=self._words,
            now=self.now,
        )  # fmt: skip

    def _words(self, language: str) -> Mapping[str, Mapping[str, str]]:
        return self.house.templates.words(language)

    def parse(self, raw: bytes) -> Mail:
        """The mail, read with what this office's gateways add; `Unparsable` past the bounds."""
        return with_sheets(with_attached_text(parse(raw, self.house.marks), raw), raw)

    def parse_anyway(self, raw: bytes) -> Mail:
        """The same as far as the mail can be read; never raises."""
        return with_sheets(with_attached_text(parse_anyway(raw, self.house.marks), raw), raw)

    def can_be_read(self, raw: bytes) -> bool:
        """Whether reading it does the process no harm, found out apart from this one."""
        return can_be_read(raw, self.settings.rules)

    def anchors(self) -> Anchors:
        """The heads of the history that are kept outside the database."""
        return Anchors(self.settings.store.secrets.with_name(FILE), self.keys)

    def eraser(self, progress: Progress = lambda items, _total: items) -> Eraser:
        """Who erases; people of any mailbox's directory are the inside."""
        return Eraser(store=self.store, archive=self.archive, parse=self.parse_anyway, progress=progress,
                      inside=lambda one: any(desk.index.person(one) for desk in self.house.desks.values()))  # fmt: skip

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def new_id() -> str:
    """A fresh X-Maild-Id that nobody can guess."""
    return secrets.token_hex(12)
