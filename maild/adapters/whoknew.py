"""What the database knows about people and their open cases, for commands and checks that read the directory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maild.adapters.engine import open_engine
from maild.adapters.migrate import newest, version
from maild.adapters.packfile import find_pack, office_folder, read_pack
from maild.adapters.peoplediff import PeopleDiff
from maild.adapters.sealring import read_ring
from maild.adapters.store import Store, Writing
from maild.adapters.storecheck import database_path
from maild.adapters.vault import open_vault
from maild.domain.directory import Directory
from maild.domain.leaving import Change, Known, compare, is_doubtful, word_for
from maild.domain.lookup import Index
from maild.domain.remembered import DIRECTORY_WORD, name_for, read_known
from maild.domain.succession import Succession
from maild.errors import MaildError
from maild.settings import Settings
from maild.workflow.sight import exclusion_of


def known_people(settings: Settings) -> Known:
    """Whom the daemon knew; nobody before its first start, or where the database cannot be reached."""
    try:
        with _books(settings) as books:
            texts = [books.kept_text(name_for(box.address)) for box in settings.mailbox] if books else []
    except MaildError:
        return Known()
    return next((read_known(text) for text in texts if text), Known())


def handovers(settings: Settings, before: Directory, diff: PeopleDiff) -> Mapping[str, Mapping[str, int]]:
    """By first address of each who is gone: how many open cases go to whom, by name."""
    found: dict[str, Counter[str]] = {person.address: Counter() for person in diff.gone}
    try:
        with _books(settings) as books:
            if books is not None:
                _count(found, settings, _after(before, diff), diff=diff, books=books)
    except MaildError:
        return {}
    return found


def say_so(settings: Settings, before: Directory, after: Directory) -> None:
    """Who imported a loss of many people has said that it is meant: the daemon need not ask again."""
    known = known_people(settings)
    change = compare(known, after.people, after.supervisory_body)
    if not is_doubtful(known.before or before, change):
        return
    with _books(settings, writes=True) as books:
        if books is not None:
            books.keep_text(DIRECTORY_WORD, word_for(change))


def _count(
    found: Mapping[str, Counter[str]], settings: Settings, after: Directory, *, diff: PeopleDiff, books: Writing
) -> None:
    gone = tuple(diff.gone)
    index = Index(after, domain=settings.organisation.domain, gone=gone)
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.organisation.timezone)).date()
    for box in settings.mailbox:
        pack = read_pack(find_pack(box.pack, settings.rules), index, office_folder(box.pack, settings.rules))
        own = Index(after, domain=settings.organisation.domain, coordinator=pack.coordinator, gone=gone)
        succession = Succession(own, pack.routes, today, Change(people=(), left=gone))
        for case in books.cases_with(box.address, list(found)):
            done = succession.of(case, exclusion_of(case, own))
            heir = own.person(done.case.handler) if done else None
            found[case.handler or ""][heir.name if heir else (done and done.case.handler) or "nobody"] += 1


def _after(before: Directory, diff: PeopleDiff) -> Directory:
    """The directory without those who are gone, and with the heads that the list wants."""
    gone = {person.address for person in diff.gone}
    heads = {change.id: change.values for change in diff.units if change.before is not None}
    units = tuple(
        replace(unit, head=_led(heads.get(unit.id, {}), "head", unit.head),
                deputy=_led(heads.get(unit.id, {}), "deputy", unit.deputy))
        for unit in before.units
    )  # fmt: skip
    return replace(before, units=units, people=tuple(p for p in before.people if p.address not in gone))


def _led(values: Mapping[str, object], key: str, old: str | None) -> str | None:
    return (str(values[key]) if values[key] else None) if key in values else old


@contextmanager
def _books(settings: Settings, *, writes: bool = False) -> Iterator[Writing | None]:
    """The database, where there is one at the newest revision; nothing is made and nothing brought up to date here."""
    path = database_path(settings)
    if settings.store.url.startswith("sqlite") and (path is None or not path.is_file()):
        yield None
        return
    engine = open_engine(settings.store.url, settings.base)
    try:
        if version(engine) != newest():
            yield None
            return
        store = Store(engine, open_vault(engine, read_ring(settings.seal)))
        with store.writing() if writes else store.reading() as books:
            yield books
    finally:
        engine.dispose()
