"""A backup back into an empty database and archive, checked before anything is written.

The database is made at the revision that the backup was taken at, filled, and then migrated forward, so that every
backup of an earlier version can be restored. Event chains come back as they were: `maild audit verify` holds.
"""

import hashlib
import json
import tarfile
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.types import DateTime, LargeBinary

from maild.adapters.archive import FileArchive
from maild.adapters.backup import ARCHIVE, FILES, FORMAT, MANIFEST, TABLES, reflected
from maild.adapters.engine import transaction
from maild.adapters.migrate import upgrade, version
from maild.adapters.sealring import Ring
from maild.domain.value import value
from maild.errors import Misconfigured, Permanent
from maild.workflow.ports import Archive

_ROWS = 500
_HISTORY = ("case", "journal", "event")


@value
class Restored:
    """What a backup brought back."""

    rows: int
    mails: int
    files: tuple[str, ...]
    missing: tuple[str, ...]
    """Raw mails that the backup itself lacks."""


class BackupFile:
    """One `maild-*.tar.gz`, opened and found whole; `Misconfigured` says what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = self._checked()

    def files(self) -> dict[str, bytes]:
        """The office's files, by name."""
        with self._open() as tar:
            names = [name for name in self.manifest["members"] if name.startswith(f"{FILES}/")]
            return {name.removeprefix(f"{FILES}/"): self._read(tar, name) for name in names}

    def lines(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of one table."""
        with self._open() as tar:
            member = tar.extractfile(f"{TABLES}/{table}.jsonl")
            for line in member or ():
                yield json.loads(line)

    def tables(self) -> list[str]:
        """The tables that it holds."""
        prefix, suffix = f"{TABLES}/", ".jsonl"
        names = (name for name in self.manifest["members"] if name.startswith(prefix))
        return [name.removeprefix(prefix).removesuffix(suffix) for name in names]

    def _open(self) -> tarfile.TarFile:
        return tarfile.open(self.path, "r:gz")

    def _read(self, tar: tarfile.TarFile, name: str) -> bytes:
        member = tar.extractfile(name)
        return member.read() if member else b""

    def _checked(self) -> dict[str, Any]:
        try:
            with self._open() as tar:
                manifest: dict[str, Any] = json.loads(self._read(tar, MANIFEST))
                wrong = [name for name, digest in manifest["members"].items() if _digest(tar, name) != digest]
        except OSError as error:
            raise Misconfigured(f"{self.path}: cannot be read ({error.strerror or error}); check the path.") from error
        except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
            raise Misconfigured(f"{self.path}: is no backup of maild, or is cut short; take another one.") from error
        if wrong:
            raise Misconfigured(f"{self.path}: {wrong[0]} is damaged; take another backup.")
        if manifest.get("format") != FORMAT:
            raise Misconfigured(f"{self.path}: was taken by a later maild; install that one.")
        return manifest


def restore(
    backup: BackupFile, engine: Engine, archive: Archive, *, seal: Ring | None = None,
    progress: Callable[[Iterator[str], int], Iterator[str]] = lambda items, _total: items,
) -> Restored:  # fmt: skip
    """Fill an empty database and the archive; `Misconfigured` where there is history already.

    The raw mails come first, so that no row ever names one that is not there.
    """
    _refuse_history(engine)
    hashes = _named(backup)
    source = FileArchive(backup.path.parent / ARCHIVE, seal)
    missing = tuple(sha for sha in progress(iter(hashes), len(hashes)) if not _put_back(sha, source, archive))
    upgrade(engine, to=str(backup.manifest["revision"]))
    with transaction(engine, write=True) as connection, reflected(connection) as tables:
        rows = sum(_fill(connection, table, backup) for name, table in tables.items() if name in backup.tables())
    upgrade(engine)
    return Restored(rows=rows, mails=len(hashes), files=tuple(backup.files()), missing=missing)


def _digest(tar: tarfile.TarFile, name: str) -> str:
    member = tar.extractfile(name)
    digest = hashlib.sha256()
    while member and (part := member.read(1 << 20)):
        digest.update(part)
    return digest.hexdigest()


def _refuse_history(engine: Engine) -> None:
    if version(engine) is None:
        return
    with transaction(engine, write=False) as connection, reflected(connection) as tables:
        for name in _HISTORY:
            if name in tables and connection.execute(select(func.count()).select_from(tables[name])).scalar():
                raise Misconfigured(
                    "The database holds history already; point [store] url at an empty one, or move the old away."
                )


def _named(backup: BackupFile) -> list[str]:
    """Every raw mail that a row of the backup names."""
    rows = (row for name in backup.tables() for row in backup.lines(name))
    return sorted({str(row["sha256"]) for row in rows if row.get("sha256")})


def _put_back(sha256: str, source: FileArchive, archive: Archive) -> bool:
    try:
        archive.put(source.get(sha256))
    except Permanent:
        return False
    return True


def _fill(connection: Connection, table: Table, backup: BackupFile) -> int:
    connection.execute(table.delete())
    count = 0
    lines = backup.lines(table.name)
    while some := list(islice(lines, _ROWS)):
        connection.execute(insert(table), [_row(table, given) for given in some])
        count += len(some)
    if connection.dialect.name == "postgresql":
        _advance(connection, table)
    return count


def _row(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    return {column.name: _value(column.type, given[column.name]) for column in table.c if column.name in given}


def _value(kind: Any, said: Any) -> Any:
    if said is None:
        return None
    if isinstance(kind, DateTime):
        at = datetime.fromisoformat(said).astimezone(UTC)
        return at if getattr(kind, "timezone", False) else at.replace(tzinfo=None)
    return b64decode(said) if isinstance(kind, LargeBinary) else said


def _advance(connection: Connection, table: Table) -> None:
    """The next number that PostgreSQL gives lies behind those that came back."""
    for column in table.primary_key:
        where = {"table": f'"{table.name}"', "column": column.name}
        name = connection.execute(text("select pg_get_serial_sequence(:table, :column)"), where).scalar()
        if name:
            highest = connection.execute(select(func.max(column))).scalar() or 0
            given = {"name": name, "at": max(highest, 1), "used": highest > 0}
            connection.execute(text("select setval(:name, :at, :used)"), given)
