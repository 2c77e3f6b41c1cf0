"""Derive everything again from the archive, and show what is not as it is kept. Sends nothing, changes no event.

Derived are: of each mail Message-ID, sender, subject and the case to which its references lead; of each case subject,
summary, requester's name and language, type, kind of customer, class of subject, missing points and names. A type that
a person gave stands; the type of a case that somebody works on is shown and stays; names and confidentiality only
grow. State, handler, clocks, urgency and history are never touched.

example: maild reprocess                # what would change
         maild reprocess --write        # change it
"""

import argparse
import json
import os
import sys
from dataclasses import asdict

from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild reprocess`."""
    config_argument(parser)
    parser.add_argument("--write", action="store_true", help="write what is shown without `stays`")
    parser.add_argument("--json", action="store_true", help="one object a line: where, what, was, now, kept_because")


def run(args: argparse.Namespace) -> int:
    """Exit status 0, or 1 when the archive copy of a mail is gone or damaged; each of these is named."""
    from maild.adapters.reprocess import Reprocess
    from maild.adapters.voice import Voice
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock

    workshop = Workshop(load(args.config, os.environ), now=machine_clock, machine=machine_clock)
    seen, differences, troubles = 0, 0, list[str]()
    try:
        for box in workshop.settings.mailbox:
            again = Reprocess(
                workshop.store, workshop.archive, Voice(), office=workshop.office(box), parse=workshop.parse_anyway
            )
            for change in again.run(write=args.write):
                differences += 1
                print(json.dumps(asdict(change), ensure_ascii=False) if args.json else change, flush=True)
            seen, troubles = seen + again.seen, [*troubles, *again.troubles]
    finally:
        workshop.close()
    for sentence in troubles:
        print(f"maild reprocess: {sentence}", file=sys.stderr)
    done = "written" if args.write else "nothing written; --write does"
    print(f"{seen} mails read again, {differences} differences; {done}", file=sys.stderr)
    return 1 if troubles else 0
