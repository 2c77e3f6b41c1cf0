"""Back everything up while the daemon runs: database, raw mails, keys, settings, rules, templates, directory.

FOLDER gets one maild-DATE-TIME.tar.gz a backup, and a folder `archive` with the raw mails, which all backups in it
share: the second backup copies only what is new. Whoever can read it can read every letter: keep it like the
original. Exit status 0 when everything is in it, 1 when a raw mail could not be read; each of these is named.

example: maild backup /srv/backup -c maild.toml
         maild backup /srv/backup --keep 30
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.main import config_argument
from maild.cli.progress import progress

if TYPE_CHECKING:
    from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild backup`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where backups are kept; made when missing")
    config_argument(parser)
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but the newest N (default: none)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Take one backup, and remove old ones where asked to."""
    from maild.adapters.archive import open_archive
    from maild.adapters.backup import prune, take_backup
    from maild.adapters.erasures import BACKUPS, keep_beside
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.config import load
    from maild.daemon import machine_clock

    settings = load(args.config, os.environ)
    files = {name: path for path, name in _files(settings, args.config)}
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        archive = open_archive(settings.store.archive, read_ring(settings.seal))
        done = take_backup(store, archive, args.folder, files=files, now=machine_clock(),
                           seal=read_ring(settings.seal), progress=progress)  # fmt: skip
        keep_beside(store, args.folder)
        with store.writing() as books:
            books.keep_text(BACKUPS, str(args.folder.resolve()))
    finally:
        store.close()
    gone = prune(args.folder, args.keep)
    about = {"path": str(done.path), "rows": done.rows, "mails": done.mails, "missing": list(done.missing),
             "removed": [str(path) for path in gone]}  # fmt: skip
    told = f"{done.path}: {done.rows} rows, {done.mails} raw mails, {len(files)} files; {len(gone)} old ones removed"
    print(json.dumps(about, ensure_ascii=False) if args.json else told)
    for sha256 in done.missing:
        print(f"maild backup: the raw mail {sha256} is gone or damaged; look for it in an older backup.",
              file=sys.stderr)  # fmt: skip
    return 1 if done.missing else 0


def _files(settings: "Settings", config: Path) -> Iterator[tuple[Path, str]]:
    """The files that an office wrote, and the keys of the reply keys, each with its name in the backup."""
    yield config, "maild.toml"
    if settings.store.secrets.is_file():
        yield settings.store.secrets, "secrets.json"
    directory = settings.organisation.directory
    if directory is not None and directory.is_file():
        yield directory, "directory.yaml"
    for kind, folder in (("rules", settings.rules), ("templates", settings.templates)):
        if folder is not None:
            files = (path for path in sorted(folder.rglob("*")) if path.is_file())
            yield from ((path, f"{kind}/{path.relative_to(folder)}") for path in files)
