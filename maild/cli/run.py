"""The daemon: fetch, handle, watch deadlines, send; SIGTERM drains and stops, SIGHUP re-reads rules and `mode`.

example: maild run -c /etc/maild/maild.toml
"""

import argparse
import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

from maild.cli.main import config_argument

_PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"


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

    settings = load(args.config, os.environ)
    set_up_logging(verbose=args.verbose, form=settings.log.format)
    workshop = Workshop(
        settings, now=machine_clock, machine=machine_clock, reread=lambda: load(args.config, os.environ)
    )
    try:
        run_daemon(workshop)
    finally:
        workshop.close()
    return 0


def set_up_logging(*, verbose: bool, form: str = "plain") -> None:
    """Plain lines or JSON objects on stderr; no bodies, keys or secrets are ever logged."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_PLAIN))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("maild").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in ("imapclient", "apscheduler", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and of an error its kind and where it arose."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; the message of an exception is left out, as it may quote a mail."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, object] = {
            "time": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
            frames = extract_tb(record.exc_info[2])
            said["trace"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(said, ensure_ascii=False)
