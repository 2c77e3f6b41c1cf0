"""Take old mail in as history: .eml folders, mbox, maildir. Sends nothing to anybody, rings no clock.

Cases come in closed, can be found and are counted apart; a later reply to an old mail finds its case. Run again after
an interruption: what is known already is left out. With --open-since, cases from that day on come in open and stand
on the coordinator's list, to be released or dropped.

example: maild import old-mail/ -c maild.toml
         maild import archive.mbox --open-since 2026-11-01
"""

import argparse
import os
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.main import config_argument
from maild.cli.progress import progress
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from maild.settings import MailboxSettings, Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild import`."""
    parser.add_argument("path", type=Path, metavar="DIR-or-MBOX", help="a folder (also of folders), an mbox, a maildir")
    config_argument(parser)
    parser.add_argument("--mailbox", metavar="ADDRESS", help="whose mail it was (default: the only mailbox)")
    parser.add_argument("--open-since", type=date.fromisoformat, metavar="DATE", help="open from this day on")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when every mail is accounted for, 1 when some could not be read; each of these is named."""
    from maild.adapters.backfill import Importer
    from maild.adapters.mailstore import find_mails
    from maild.adapters.voice import Voice
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock
    from maild.workflow.history import Backfill

    settings = load(args.config, os.environ)
    box = _box(settings, args.mailbox)
    zone = ZoneInfo(settings.organisation.timezone)
    since = datetime.combine(args.open_since, time(), zone) if args.open_since else None
    places = find_mails(args.path)
    workshop = Workshop(settings, now=machine_clock, machine=machine_clock)
    try:
        importer = Importer(
            workshop.store, workshop.archive, Backfill(triage=Voice(), open_since=since),
            office=lambda: workshop.office(box), parse=workshop.parse,
        )  # fmt: skip
        importer.run(progress(iter(places), len(places)))
    finally:
        workshop.close()
    for sentence in importer.troubles:
        print(f"maild import: {sentence}", file=sys.stderr)
    told = ", ".join(f"{count} {what}" for what, count in sorted(importer.counts.items()))
    print(f"{len(places)} mails: {told}; nothing was sent")
    return 1 if importer.troubles else 0


def _box(settings: "Settings", address: str | None) -> "MailboxSettings":
    boxes = settings.mailbox
    found = [box for box in boxes if address is None or box.address.lower() == address.lower()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(box.address for box in boxes)
    raise Misconfigured(f"--mailbox: {address or 'nothing'} names none of the mailboxes; write one of {names}.")
