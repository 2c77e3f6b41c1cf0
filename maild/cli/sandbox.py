"""Embedded IMAP and SMTP on loopback and the daemon beside them, to try maild out without a mail account.

example: maild sandbox                 (leaves it running; prints how to reach it with a mail client)
         maild sandbox --tour          (plays the story of the gm-mailbox pack and ends)
"""

import argparse
import logging
import tempfile
from pathlib import Path

from maild.cli.main import now_argument
from maild.errors import Misconfigured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild sandbox`."""
    parser.add_argument("--dir", type=Path, metavar="DIR", help="where settings, database and archive are kept")
    parser.add_argument("--tour", nargs="?", const="gm-mailbox", metavar="PACK", help="play a pack's story and end")
    parser.add_argument("--keep", action="store_true", help="leave mails, database and settings in ./maild-demo")
    parser.add_argument("--rules", type=Path, metavar="DIR", help="use these rules instead of the shipped ones")
    parser.add_argument("--imap-port", type=int, default=0, help="IMAP port; 0: any free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="SMTP port; 0: any free one")
    now_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Play the tour, or run until interrupted."""
    try:
        import aiosmtpd as _aiosmtpd
        import pymap as _pymap
    except ImportError as error:
        raise Misconfigured("The sandbox needs its extra; run pip install 'maild[sandbox]'.") from error
    del _aiosmtpd, _pymap
    from maild.sandbox.show import leave_running, play_tour

    logging.basicConfig(level=logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="maild-") as scratch:
        folder = args.dir or (Path("maild-demo") if args.keep else Path(scratch))
        if args.tour and args.now:
            raise Misconfigured("A tour has a clock of its own; leave out --now, or leave out --tour.")
        if args.tour:
            return play_tour(folder, args.tour, keep=args.keep or args.dir is not None, rules=args.rules)
        return leave_running(folder, imap_port=args.imap_port, smtp_port=args.smtp_port, rules=args.rules, now=args.now)
