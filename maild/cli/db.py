"""Bring the database up to date, with its data; `maild run` does so by itself at its start.

`index` lets the search find mails that were taken in before it existed; `maild restore` does so by itself.

example: maild db upgrade -c maild.toml
         maild db index
"""

import argparse
import os

from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild db`."""
    parser.add_argument("what", choices=["upgrade", "index"])
    config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Migrate forward, or read into the search what it does not know."""
    return _index(args) if args.what == "index" else _upgrade(args)


def _index(args: argparse.Namespace) -> int:
    from maild.adapters.archive import open_archive
    from maild.adapters.reindex import reindex
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.config import load
    from maild.mail.parse import parse_anyway

    settings = load(args.config, os.environ)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        count = reindex(store, open_archive(settings.store.archive, read_ring(settings.seal)), parse_anyway)
    finally:
        store.close()
    print(f"{count} mails more can be searched")
    return 0


def _upgrade(args: argparse.Namespace) -> int:
    from maild.adapters.engine import open_engine
    from maild.adapters.migrate import newest, upgrade
    from maild.config import load

    settings = load(args.config, os.environ)
    engine = open_engine(settings.store.url, settings.base)
    try:
        done = upgrade(engine)
    finally:
        engine.dispose()
    print(f"the database is at revision {newest()}" + ("" if done else " already"))
    return 0
