"""A backup that is taken while the daemon runs: one snapshot of the database, the raw mails, keys and settings.

A backup folder holds `archive/aa/bb/sha256`, shared by all backups in it and only ever added to, and one
`maild-DATE-TIME.tar.gz` a backup: every table as JSON lines, so that SQLite and PostgreSQL can be restored into each
other, the files of the office, and a manifest with the hash of each member. Raw mails are written before the rows
that name them, so whatever a snapshot names can be read when it is copied.
"""

import hashlib
import json
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, select
from sqlmodel import SQLModel

from maild.adapters.archive import FileArchive
from maild.adapters.engine import transaction
from maild.adapters.migrate import version
from maild.adapters.sealring import Ring
from maild.adapters.store import Store
from maild.domain.value import value
from maild.errors import Permanent, Temporary
from maild.workflow.ports import Archive

MANIFEST, ARCHIVE, TABLES, FILES = "manifest.json", "archive", "tables", "files"
FORMAT = 1
_TRANSIENT = frozenset({"worker", "lease"})
"""Who works at this moment is no history."""
_ROWS = 1000


@value
class Backup:
    """One backup that was taken."""

    path: Path
    rows: int
    mails: int
    """Raw mails that the backup needs, copied now or before."""
    missing: tuple[str, ...] = ()
    """Content hashes whose raw mail could not be read, with nothing else wrong."""


def take_backup(
    store: Store, archive: Archive, folder: Path, *, files: Mapping[str, Path], now: datetime, seal: Ring | None = None,
    progress: Callable[[Iterator[str], int], Iterator[str]] = lambda items, _total: items,
) -> Backup:  # fmt: skip
    """Write one backup into `folder`, whole or not at all; `files`: what else belongs to it, by its name there.

    With a `seal` the raw mails in it are encrypted as in the archive; the key itself is never in a backup.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"maild-{now.astimezone(UTC):%Y%m%d-%H%M%S}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".taking-") as place:
        draft = Path(place) / path.name
        with tarfile.open(draft, "w:gz") as tar:
            writer = _Writer(tar, Path(place))
            hashes, rows = _tables(store, writer)
            for name, file in files.items():
                writer.add(f"{FILES}/{name}", file.read_bytes())
            kept = FileArchive(folder / ARCHIVE, seal)
            missing = tuple(sha for sha in progress(iter(hashes), len(hashes)) if not _copied(sha, archive, kept))
            about = {"format": FORMAT, "revision": version(store.engine), "taken": now.isoformat(), "rows": rows,
                     "mails": len(hashes), "missing": list(missing), "members": writer.hashes}  # fmt: skip
            writer.add(MANIFEST, json.dumps(about, indent=1).encode())
        draft.chmod(0o600)
        draft.replace(path)
    return Backup(path=path, rows=sum(rows.values()), mails=len(hashes), missing=missing)


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; raw mails stay, because later backups share them."""
    old = sorted(folder.glob("maild-*.tar.gz"))[:-keep] if keep > 0 else []
    for path in old:
        path.unlink()
    return old


@contextmanager
def reflected(connection: Connection) -> Iterator[dict[str, Table]]:
    """The tables of this database as it stands, by name, in an order in which they can be filled."""
    meta = MetaData()
    meta.reflect(connection, only=lambda name, _meta: name in SQLModel.metadata.tables)
    yield {table.name: table for table in meta.sorted_tables if table.name not in _TRANSIENT}


class _Writer:
    """Members of one tar file, and their hashes."""

    def __init__(self, tar: tarfile.TarFile, place: Path) -> None:
        self._tar, self._place = tar, place
        self.hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """One member from memory."""
        self._member(name, BytesIO(content), len(content))
        self.hashes[name] = hashlib.sha256(content).hexdigest()

    def add_lines(self, name: str, lines: Iterator[bytes]) -> int:
        """One member line by line, through a file: a table may be larger than the memory."""
        digest, count = hashlib.sha256(), 0
        with tempfile.TemporaryFile(dir=self._place) as file:
            for line in lines:
                file.write(line)
                digest.update(line)
                count += 1
            size = file.tell()
            file.seek(0)
            self._member(name, file, size)
        self.hashes[name] = digest.hexdigest()
        return count

    def _member(self, name: str, content: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, content)


def _tables(store: Store, writer: _Writer) -> tuple[list[str], dict[str, int]]:
    """Every table, from one snapshot; returns the raw mails that it names, and how many rows there are."""
    named, rows = set[str](), dict[str, int]()
    with transaction(store.engine, write=False) as connection, reflected(connection) as tables:
        for name, table in tables.items():
            rows[name] = writer.add_lines(f"{TABLES}/{name}.jsonl", _lines(connection, table, named))
    return sorted(named), rows


def _lines(connection: Connection, table: Table, named: set[str]) -> Iterator[bytes]:
    result = connection.execution_options(yield_per=_ROWS).execute(select(table)).mappings()
    for row in result:
        if sha256 := row.get("sha256"):
            named.add(str(sha256))
        plain = {key: _plain(said) for key, said in row.items()}
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(said: Any) -> Any:
    """Times in UTC, bytes in base64; everything else is JSON already."""
    if isinstance(said, datetime):
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return b64encode(said).decode() if isinstance(said, bytes | memoryview) else said


def _copied(sha256: str, archive: Archive, kept: FileArchive) -> bool:
    """Copy one raw mail that no earlier backup has, encrypt one that lies there plain; False where it is gone."""
    try:
        kept.get(sha256)
        kept.reseal(sha256)
    except (Permanent, Temporary):
        try:
            kept.put(archive.get(sha256))
        except Permanent:
            return False
    return True
