"""An office to try mails in: pack, directory and calendar as in production; no mailbox, no store, no secrets."""

from datetime import datetime
from pathlib import Path
from typing import cast

from maild.adapters.cleanapart import clean_apart
from maild.adapters.directoryfile import read_directory
from maild.adapters.maskapart import Looker
from maild.adapters.packfile import find_pack, office_folder, read_pack
from maild.adapters.shipped import shipped
from maild.adapters.templates import JinjaTemplates
from maild.adapters.workdays import open_calendar, own_calendar, unit_calendars
from maild.domain.case import Case, Clock
from maild.domain.letter import Letter, Rendered
from maild.domain.lookup import Index
from maild.domain.message import Mail
from maild.domain.replykey import ReplyKeys
from maild.domain.value import value
from maild.errors import Misconfigured, Permanent
from maild.mail.parse import parse_anyway
from maild.settings import MailboxSettings, Organisation
from maild.workflow.books import Books
from maild.workflow.freeze import Scribe
from maild.workflow.judge import Judgement
from maild.workflow.nopast import NoPast
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Key

DIRECTORY = "directory.yaml"
_SPECIMEN = ReplyKeys(secrets={"00": bytes(32)}, current="00")
"""Keys that open nothing: what is written here never leaves."""


def trial_office(
    pack: str, now: datetime, *, organisation: Organisation | None = None, rules: Path | None = None,
    box: MailboxSettings | None = None,
) -> Office:  # fmt: skip
    """The office of a pack at this moment; its sample directory where the organisation names none."""
    house = organisation or Organisation()
    folder = find_pack(pack, rules)
    calendar_file = own_calendar(folder, rules)
    path = directory_path(folder, house.directory)
    directory = read_directory(path, house.timezone)
    index = Index(directory, domain=house.domain)
    own = read_pack(folder, index, office_folder(pack, rules))
    return Office(
        organisation=house, box=box or MailboxSettings(address="", pack=pack), pack=own, index=index,
        calendar=open_calendar(zone=house.timezone, own=calendar_file), keys=_SPECIMEN, now=now,
        calendars=unit_calendars(directory.units, zone=house.timezone, own=calendar_file, folder=path.parent),
    )  # fmt: skip


def directory_path(folder: Path, given: Path | None) -> Path:
    """The directory that was named; else the pack's own; else the shipped sample of this pack or of `gm-mailbox`."""
    if given is not None:
        if not given.is_file():
            raise Misconfigured(f"{given}: there is no such directory file; check --directory.")
        return given
    samples = (folder, shipped("rules") / folder.name, shipped("rules") / "gm-mailbox")
    return next((one / DIRECTORY for one in samples if (one / DIRECTORY).is_file()), folder / DIRECTORY)


@value
class _Paper(NoPast):
    """The books of one case that is only written down on paper, so that its acknowledgement can be shown."""

    the_case: Case
    the_clocks: tuple[Clock, ...]

    def case(self, number: str) -> Case | None:
        return self.the_case if number == self.the_case.number else None

    def clocks(self, number: str) -> tuple[Clock, ...]:  # noqa: ARG002  there is one case
        return self.the_clocks

    def next_count(self, name: str) -> int:  # noqa: ARG002
        return 1

    def add_key(self, key: Key, long: str, now: datetime) -> None:
        """Nothing is remembered."""


class _NoArchive:
    """No raw mails: an acknowledgement shows none."""

    def put(self, raw: bytes) -> str:  # noqa: ARG002  the port's signature
        raise Permanent("nothing is stored here.")

    def get(self, sha256: str) -> bytes:
        raise Permanent(f"{sha256} is not stored here.")


def rendered(judgement: Judgement, office: Office, templates: JinjaTemplates) -> Rendered | None:
    """The acknowledgement that would leave, written by the same hand as in production; None where none would."""
    letter: Letter | None = judgement.acknowledgement
    if letter is None or judgement.case is None:
        return None
    originals = Originals(_NoArchive(), parse_anyway, lambda _raw, _hashes: {}, clean=clean_apart, look=Looker())
    scribe = Scribe(templates=templates, originals=originals, words=templates.words, new_id=lambda: "specimen")
    paper = _Paper(the_case=judgement.case, the_clocks=judgement.clocks)
    frozen = scribe.freeze([letter], cast("Books", paper), office)
    mail: Mail = parse_anyway(frozen[0].raw)
    return Rendered(subject=mail.subject, text=mail.text, html=mail.html)
