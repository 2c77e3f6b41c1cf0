"""The daemon: fetch, handle, watch deadlines, send; SIGTERM drains and stops, SIGHUP re-reads rules and `mode`.

example: maild run -c /etc/maild/maild.toml
"""

import argparse
import logging
import os

from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild run`."""
    config_argument(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")


def run(args: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock
    from maild.daemon import run as run_daemon

    set_up_logging(verbose=args.verbose)
    settings = load(args.config, os.environ)
    workshop = Workshop(
        settings, now=machine_clock, machine=machine_clock, reread=lambda: load(args.config, os.environ)
    )
    try:
        run_daemon(workshop)
    finally:
        workshop.close()
    return 0


def set_up_logging(*, verbose: bool) -> None:
    """Plain lines on stderr; no bodies, keys or secrets are ever logged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("maild").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in ("imapclient", "apscheduler", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
