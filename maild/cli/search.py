"""Find cases by words: number, subject, summary, requester, type, handler, and what their mails say.

All words must occur, in any order; upper and lower case are the same. --bodies reads every mail again from the
archive (some 150 a second). A confidential case is found by its alias, number and facts, never by who wrote it.

example: maild search 空气炸锅 退款
         maild search --bodies SF123456
"""

import argparse
import json
import os
from zoneinfo import ZoneInfo

from maild.cli.books import open_casebook
from maild.cli.case import case_line
from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild search`."""
    parser.add_argument("words", nargs="+", metavar="TEXT")
    config_argument(parser)
    parser.add_argument("--bodies", action="store_true", help="look into the text of every mail, too")
    parser.add_argument("--json", action="store_true", help="one array, with the keys of `maild case list`")


def run(args: argparse.Namespace) -> int:
    """Print the cases found, newest first; exit status 1 when there are none."""
    from maild.adapters.archive import open_archive
    from maild.adapters.casesearch import CaseSearch
    from maild.adapters.sealring import read_ring
    from maild.config import load
    from maild.domain.maskrules import together
    from maild.mail.parse import parse_anyway

    settings = load(args.config, os.environ)
    with open_casebook(settings) as (book, store):
        archive = open_archive(settings.store.archive, read_ring(settings.seal))
        search = CaseSearch(store, archive, parse_anyway, together(book.looks.values()))
        numbers = search.find(args.words, bodies=args.bodies)
        cases = [found for number in numbers if (found := book.one(number))]
        records = search.records(args.words)
    zone = ZoneInfo(settings.organisation.timezone)
    lines = "\n".join(case_line(case, zone) for case in cases)
    lines = "\n".join(part for part in (lines, *records) if part)
    print(json.dumps(cases, ensure_ascii=False, indent=1) if args.json else lines)
    return 0 if cases or records else 1
