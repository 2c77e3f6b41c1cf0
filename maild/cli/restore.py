"""Restore a backup into an empty database and archive; an older version's backup is migrated forward.

maild.toml says where to: SQLite or PostgreSQL, folder or bucket, whatever the backup came from. The keys of the reply
keys are put back where there are none yet, so that replies to old mails find their case. --files also writes the
office's settings, rules, templates and directory, as they were, into a folder to look at. Stop the daemon first.

example: maild restore /srv/backup/maild-20261126-020000.tar.gz -c maild.toml
         maild restore BACKUP.tar.gz --files /tmp/office-as-it-was
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.main import config_argument
from maild.cli.progress import progress

if TYPE_CHECKING:
    from maild.adapters.erasures import Erasures
    from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild restore`."""
    parser.add_argument("backup", type=Path, metavar="BACKUP.tar.gz", help="with its folder `archive` beside it")
    config_argument(parser)
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="write the office's files here")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when everything came back and every chain of events holds, 1 when something is missing."""
    from maild.adapters.alone import alone_on
    from maild.adapters.anchors import FILE as HEADS
    from maild.adapters.archive import open_archive
    from maild.adapters.chains import broken_chains
    from maild.adapters.engine import open_engine
    from maild.adapters.erasures import read_erasures
    from maild.adapters.reindex import reindex
    from maild.adapters.restore import BackupFile, restore
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.config import load
    from maild.mail.parse import parse_anyway

    settings = load(args.config, os.environ)
    backup = BackupFile(args.backup)
    ring = read_ring(settings.seal)
    archive = open_archive(settings.store.archive, ring)
    engine = open_engine(settings.store.url, settings.base)
    try:
        with alone_on(Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None):
            done = restore(backup, engine, archive, seal=ring, progress=progress)
    finally:
        engine.dispose()
    files = backup.files()
    _put_keys(files, settings.store.secrets)
    if args.files:
        _write(files, args.files)
    _set_heads_aside(settings.store.secrets.with_name(HEADS))
    known = read_erasures(args.backup.parent)
    again = _erased_again(settings, known)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        reindex(store, archive, parse_anyway)
        cases, events, broken = broken_chains(store)
    finally:
        store.close()
    missing = sorted(set(done.missing) - {digest for digest, _, _ in known.raws})
    about = {"rows": done.rows, "mails": done.mails, "missing": missing, "cases": cases, "events": events,
             "broken": broken, "erased_again": again}  # fmt: skip
    told = f"{done.rows} rows and {done.mails} raw mails are back; {events} events of {cases} cases verified"
    print(json.dumps(about, ensure_ascii=False) if args.json else told)
    return _told(missing, broken, again)


def _set_heads_aside(path: Path) -> None:
    """The heads of the history that was here before say nothing of the one that is back; they are kept beside."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.before-{int(path.stat().st_mtime)}"))


def _told(missing: Sequence[str], broken: Sequence[tuple[str, int, str]], again: int) -> int:
    if again:
        print(f"maild restore: {again} cases were erased after this backup, and are erased again.", file=sys.stderr)
    for sha256 in missing:
        print(f"maild restore: the raw mail {sha256} is not in this backup; look for it in an older one.",
              file=sys.stderr)  # fmt: skip
    for number, seq, why in broken:
        print(f"maild restore: {number}: event {seq}: {why}; compare with another backup.", file=sys.stderr)
    return 1 if missing or broken else 0


def _erased_again(settings: "Settings", known: "Erasures") -> int:
    """What was erased since the backup is erased again before anybody reads it."""
    from maild.adapters.erasures import erase_again
    from maild.assembly import Workshop
    from maild.daemon import machine_clock

    if not known.raws and not known.cases:
        return 0
    workshop = Workshop(settings, now=machine_clock, machine=machine_clock)
    try:
        return erase_again(workshop.eraser(progress), known)
    finally:
        workshop.close()


def _put_keys(files: dict[str, bytes], path: Path) -> None:
    """The keys of the reply keys, where there are none: mode 0600 from the first byte on."""
    if "secrets.json" not in files or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(files["secrets.json"])


def _write(files: dict[str, bytes], folder: Path) -> None:
    """The office's files under `folder`; a name that leads out of it is left out."""
    top = folder.resolve()
    for name, content in files.items():
        path = (top / name).resolve()
        if path.is_relative_to(top):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(content)
