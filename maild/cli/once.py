"""One pass: fetch all, handle, sweep deadlines, send what is due, end.

example: maild once -c maild.toml
"""

import argparse
import asyncio
import os
import sys

from maild.cli.main import config_argument, now_argument
from maild.cli.run import set_up_logging


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild once`."""
    config_argument(parser)
    now_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when everything that came is accounted for, 1 when a server could not be used."""
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock
    from maild.onepass import once

    set_up_logging(verbose=False)
    now = (lambda: args.now) if args.now else machine_clock
    workshop = Workshop(load(args.config, os.environ), now=now, machine=machine_clock)
    try:
        new, troubles, kept, until = asyncio.run(once(workshop))
    finally:
        workshop.close()
    for sentence in troubles:
        print(f"maild once: {sentence}", file=sys.stderr)
    zone = workshop.settings.organisation.timezone
    print(f"{new} new; {_stays(kept, until, zone)}")
    return 1 if troubles else 0


def _stays(kept: int, until: object, zone: str) -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if not kept or not isinstance(until, datetime):
        return "nothing waits to be sent"
    return f"{kept} outgoing stay, until {until.astimezone(ZoneInfo(zone)).isoformat(timespec='minutes')}"
