"""List cases, show one with its clocks and its history, print it on one page, or export it.

Times are the office's own; with --json they are ISO 8601 as everywhere. A confidential letter is not printed from
here: whoever may read it answers a mail of the case with 处理单 / print. What masks.yaml masks, such as identity and
card numbers, is masked here for everybody.

An export is a zip that can be verified without maild. Mails stand in it as text, masked; attachments that hold such
numbers, or could not be looked through, stay behind and are named. --unmasked takes mails and attachments along as they
came: it needs --reason, and the case's history says so. A confidential case goes under its alias, without attachments,
and with the writer's name only --with-identity, which the seal-holders are told with the reason.

example: maild case list --json
         maild case show GM-2026-000142
         maild case print GM-2026-000142 --out sheet.pdf
         maild case export GM-2026-000142 --out case.zip --reason "for the lawyer, Ms Li"
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.cli.books import open_casebook
from maild.cli.casefiles import export_case, print_case, unknown
from maild.cli.main import config_argument

_LABEL = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild case`."""
    parser.add_argument("what", choices=["list", "show", "print", "export"])
    parser.add_argument("number", nargs="?", help="the case number, for all but list")
    config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array, or one object")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where it is written (NUMBER.pdf, NUMBER.zip)")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the printed sheet")
    parser.add_argument("--with-identity", action="store_true", help="export who wrote a confidential letter, too")
    parser.add_argument("--unmasked", action="store_true", help="export mails and files as they came; needs --reason")
    parser.add_argument("--reason", default="", help="who gets the export and why; kept in the case's history")


def run(args: argparse.Namespace) -> int:
    """Print; exit status 1 when the case asked for does not exist, 2 when none is named."""
    from maild.config import load

    if (args.what != "list") != bool(args.number):
        usage = "`maild case list`, `show NUMBER`, `print NUMBER` or `export NUMBER`"
        print(f"maild case: write {usage}.", file=sys.stderr)
        return 2
    settings = load(args.config, os.environ)
    if args.what in {"print", "export"}:
        return print_case(args, settings) if args.what == "print" else export_case(args, settings)
    with open_casebook(settings) as (book, _):
        cases = book.all() if args.what == "list" else [found] if (found := book.one(args.number)) else []
    if args.what == "show" and not cases:
        return unknown(args.number)
    zone = ZoneInfo(settings.organisation.timezone)
    if args.json:
        print(json.dumps(cases if args.what == "list" else cases[0], ensure_ascii=False, indent=1))
    else:
        print("\n".join(case_line(case, zone) for case in cases) if args.what == "list" else _page(cases[0], zone))
    return 0


def case_line(case: Mapping[str, Any], zone: ZoneInfo) -> str:
    """One case on one line, its nearest deadline by the office's clock."""
    due = min((c["due"] for c in case["clocks"] if c["state"] == "open" and c["kind"] != "idle"), default="")
    who = case["handler"] or case["unit"] or "-"
    facts = f"{case['state']:<12}{case['type']:<20}{case['urgency']:<9}{_local(due, zone) or '-':<18}{who:<32}"
    return f"{case['number']}  {facts}{case['summary']}"


def _page(case: Mapping[str, Any], zone: ZoneInfo) -> str:
    facts = [f"{key:<{_LABEL}}{_plain(key, case[key], zone)}" for key in case if key not in {"clocks", "events"}]
    clocks = [f"  {c['kind']:<{_LABEL}}{_local(c['due'], zone)}  {c['state']}" for c in case["clocks"]]
    events = [f"  {_local(e['at'], zone)}  {e['kind']:<20}{e['actor']}" for e in case["events"]]
    return "\n".join([*facts, "clocks", *clocks, "events", *events])


def _plain(key: str, value: Any, zone: ZoneInfo) -> str:
    if key == "received":
        return _local(str(value), zone)
    if key == "circulation" and value:
        return f"{len(value)} receivers; maild circulate show tells more"
    shown = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return shown or "-"


def _local(at: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
