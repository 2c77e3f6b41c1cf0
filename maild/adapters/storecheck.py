"""Whether database, archive, disk and clock are fit for maild, and who can read what lies there."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, func, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from maild.adapters.archive import open_archive
from maild.adapters.engine import open_engine, transaction
from maild.adapters.finding import Finding, bad, of_error, ok, warn
from maild.adapters.migrate import newest, version
from maild.adapters.sealring import read_ring
from maild.adapters.tables import EventRow
from maild.domain.directory import Person
from maild.errors import MaildError, Misconfigured, Temporary
from maild.settings import Settings

_ROOM, _SHARE = 1_000_000_000, 10
_SLACK = timedelta(minutes=5)
_PROBE = b"maild doctor wrote this to see whether the archive can be written and read back.\n"
_OTHERS = stat.S_IRGRP | stat.S_IROTH


def check_database(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Reachable, at the newest revision, and not from the future; an SQLite file that is missing is not made."""
    path = database_path(settings)
    if path is not None and not path.exists():
        yield _makeable("database", path)
        return
    try:
        engine = open_engine(settings.store.url, settings.base)
        try:
            yield from _looked_into(engine, now)
        finally:
            engine.dispose()
    except Temporary as error:
        mend = "see that it runs and lets maild in; deploy/README.md says how PostgreSQL is set up"
        yield bad("database", error.sentence.rpartition("; ")[0] or error.sentence, mend)
    except MaildError as error:
        yield of_error("database", error)
    except (sqlite3.Error, SQLAlchemyError) as error:
        what = str(error).split("\n")[0]
        yield bad(
            "database", f"{path or 'it'} cannot be used ({what})", "put it back from a backup, or mend [store] url"
        )


def _unnumbered(engine: Engine) -> Finding:
    """A database that names no revision: an empty one is well, one that holds tables all the same is not."""
    if not inspect(engine).get_table_names():
        return ok("database", "it is empty; its tables will be made at the first start")
    mend = "run maild db upgrade; maild run does it by itself"
    return warn("database", "it has tables, but names no revision", mend)


def _looked_into(engine: Engine, now: datetime) -> Iterator[Finding]:
    at, needed = version(engine), newest()
    if at is None:
        yield _unnumbered(engine)
        return
    if at > needed:
        yield bad("database", f"it is at revision {at}, this maild knows {needed}", "install a newer maild")
        return
    if at != needed:
        yield warn(
            "database", f"it is at revision {at}, not {needed}", "run maild db upgrade; maild run does it by itself"
        )
        return
    yield ok("database", f"{engine.dialect.name}, revision {at}")
    with transaction(engine, write=False) as connection:
        last = connection.execute(select(func.max(EventRow.at))).scalar()
    yield clock_finding(last, now)


def clock_finding(last: datetime | None, now: datetime) -> Finding:
    """A clock that stands before the newest event would set wrong deadlines; nothing else is compared."""
    if last is not None and last.tzinfo is None:
        last = last.replace(tzinfo=UTC)
    if last is not None and last > now + _SLACK:
        text = f"the clock says {now:%Y-%m-%d %H:%M} UTC, before the newest event of {last:%Y-%m-%d %H:%M}"
        return bad("clock", text, "set the clock, for instance by NTP")
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC, after the newest event (NTP is not checked)")


def check_archive(settings: Settings) -> Finding:
    """Write, read back, compare by hash, and take the probe away again."""
    try:
        archive = open_archive(settings.store.archive, read_ring(settings.seal))
        sha256 = archive.put(_PROBE)
        agrees = archive.get(sha256) == _PROBE
        archive.drop(sha256)
    except MaildError as error:
        return of_error("archive", error)
    place = archive_path(settings) or settings.store.archive
    if not agrees:
        return bad("archive", f"{place} gives back other bytes than were written", "use another disk")
    return ok("archive", f"{place}: written, read back, the hash agrees")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """How much room is left where mails and cases are written, each disk once."""
    places = [place for place in (archive_path(settings), database_path(settings)) if place is not None]
    disks = {there.stat().st_dev: there for there in map(_existing, places)}
    for there in disks.values():
        usage = shutil.disk_usage(there)
        yield disk_finding(there, usage.free, usage.total)


def disk_finding(there: Path, free: int, total: int) -> Finding:
    """Whether the room will do for some time."""
    share = free * 100 // total if total else 0
    text = f"{free / 1e9:.1f} GB of {total / 1e9:.1f} GB are free at {there} ({share} %)"
    is_little = free < _ROOM or share < _SHARE
    return warn("disk", text, "make room, or move [store] to a larger disk") if is_little else ok("disk", text)


def check_secrets(settings: Settings) -> Finding:
    """The file behind the reply keys is its owner's alone."""
    path = settings.store.secrets
    if not path.exists():
        return _makeable("secrets", path)
    if readers(path):
        return bad("secrets", f"{path} can be read by {readers(path)}", f"chmod 600 {path}")
    return ok("secrets", f"{path}, readable by its owner alone")


def check_seal(settings: Settings) -> Finding:
    """Whether there is a key of the seal, and where it lies."""
    try:
        ring = read_ring(settings.seal)
    except MaildError as error:
        return of_error("seal", error)
    if ring is None:
        text = "there is no key, so that whoever reads database, archive or backup knows who wrote a complaint"
        return warn("seal", text, "run maild seal init")
    return ok("seal", f"{settings.seal.source}, key {ring.current}; keep a copy of it apart from the backups")


def check_readers(settings: Settings, people: Sequence[Person]) -> Iterator[Finding]:
    """Who could read the raw mail, past every seal (security.md, "Conflict of interest")."""
    kept = [p for p in (archive_path(settings), database_path(settings)) if p is not None and p.exists()]
    for path in kept:
        if who := readers(path):
            mend = f"chmod 700 {path}" if path.is_dir() else f"chmod 600 {path}, or chmod 700 {path.parent}"
            yield warn("raw mail", f"{path} can be read by {who}", mend)
    custodians = ", ".join(f"{person.name} <{person.address}>" for person in people if person.custodian)
    owners = ", ".join(sorted({"root", *map(_owner, kept)}))
    text = f"can be read by {owners} on this machine, and by whoever has the mailbox's password"
    if custodians:
        yield ok("raw mail", f"{text}; custodians: {custodians}")
    else:
        mend = "write custodian: true at whoever has access to server, database or mailbox"
        yield warn("raw mail", f"{text}; the directory names no custodian", mend)


def readers(path: Path) -> str:
    """Which others than the owner can read this, with every folder above it open to them; empty for none."""
    if os.name != "posix":
        return ""
    mode = path.stat().st_mode & _OTHERS
    for above in path.resolve().parents:
        mode &= (above.stat().st_mode & 0o011) << 2
    words = [
        word for bit, word in ((stat.S_IRGRP, "its group"), (stat.S_IROTH, "everybody on this machine")) if mode & bit
    ]
    return " and ".join(words)


def database_path(settings: Settings) -> Path | None:
    """The SQLite file; None for another database."""
    url = make_url(settings.store.url) if "://" in settings.store.url else None
    if url is None or url.get_backend_name() != "sqlite":
        return None
    return settings.base / (url.database or "maild.db")


def archive_path(settings: Settings) -> Path | None:
    """The archive's folder; None for a bucket."""
    if not settings.store.archive.startswith("file://"):
        return None
    return Path(unquote(urlsplit(settings.store.archive).path))


def _makeable(check: str, path: Path) -> Finding:
    there = _existing(path)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return ok(check, f"{path} will be made at the first start")
    sentence = f"{path} cannot be made, {there} is not writable; give the user of maild the right to write there."
    return of_error(check, Misconfigured(sentence))


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(there for there in (path, *path.absolute().parents) if there.exists())


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return f"user {path.stat().st_uid}"
