"""Bring the database up to date, with its data; `maild run` does so by itself at its start.

example: maild db upgrade -c maild.toml
"""

import argparse
import os

from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild db`."""
    parser.add_argument("what", choices=["upgrade"])
    config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Migrate forward."""
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
