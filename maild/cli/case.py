"""List cases, show one with its clocks and its history, or export one as a zip that can be verified without maild.

example: maild case list --json
         maild case show GM-2026-000142
         maild case export GM-2026-000142 --out case.zip --reason "for the lawyer, Ms Li"
"""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.main import config_argument

if TYPE_CHECKING:
    from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild case`."""
    parser.add_argument("what", choices=["list", "show", "export"])
    parser.add_argument("number", nargs="?", help="the case number, for show and export")
    config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array, or one object")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the export goes (NUMBER.zip)")
    parser.add_argument("--reason", default="", help="who gets the export and why; kept in the case's history")


def run(args: argparse.Namespace) -> int:
    """Print; exit status 1 when the case asked for does not exist, 2 when none is named."""
    from maild.adapters.casebook import Casebook
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.assembly import read_house
    from maild.config import load

    if (args.what != "list") != bool(args.number):
        print("maild case: write `maild case list`, `show NUMBER` or `export NUMBER`.", file=sys.stderr)
        return 2
    settings = load(args.config, os.environ)
    if args.what == "export":
        return _export(args, settings)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        units = {u.id: u.name for desk in read_house(settings).desks.values() for u in desk.index.directory.units}
        book = Casebook(store, units)
        cases = book.all() if args.what == "list" else [found] if (found := book.one(args.number)) else []
    finally:
        store.close()
    if args.what == "show" and not cases:
        print(f"maild case: there is no case {args.number}; maild case list shows all.", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(cases if args.what == "list" else cases[0], ensure_ascii=False, indent=1))
    else:
        print("\n".join(case_line(case) for case in cases) if args.what == "list" else _page(cases[0]))
    return 0


def _export(args: argparse.Namespace, settings: "Settings") -> int:
    """Exit status 1 where a mail's archive copy is gone or damaged; the export is made all the same, and says so."""
    from maild.adapters.caseexport import CaseExport
    from maild.assembly import Workshop
    from maild.daemon import machine_clock
    from maild.mail.parse import attachment_bytes

    workshop = Workshop(settings, now=machine_clock, machine=machine_clock)
    try:
        units = {u.id: u.name for desk in workshop.house.desks.values() for u in desk.index.directory.units}
        export = CaseExport(workshop.store, workshop.archive, units, parse=workshop.parse_anyway, part=attachment_bytes)
        out = args.out or Path(f"{args.number}.zip")
        done = export.write(args.number, out, by=getpass.getuser(), reason=args.reason, now=machine_clock())
    finally:
        workshop.close()
    for one in done.missing:
        print(f"maild case: not in the export: {one}", file=sys.stderr)
    print(f"{out}: {done.files} files; verify with `python verify.py`; keep this head apart: {done.head}")
    return 1 if done.missing else 0


def case_line(case: dict[str, Any]) -> str:
    """One case on one line."""
    due = min((c["due"] for c in case["clocks"] if c["state"] == "open" and c["kind"] != "idle"), default="-")
    who = case["handler"] or case["unit"] or "-"
    facts = f"{case['state']:<12}{case['type']:<20}{case['urgency']:<9}{due:<27}{who:<32}"
    return f"{case['number']}  {facts}{case['summary']}"


def _page(case: dict[str, Any]) -> str:
    facts = [f"{key:<12}{case[key]}" for key in case if key not in {"clocks", "events"}]
    clocks = [f"  {c['kind']:<14}{c['due']}  {c['state']}" for c in case["clocks"]]
    events = [f"  {e['at']}  {e['kind']:<16}{e['actor']}" for e in case["events"]]
    return "\n".join([*facts, "clocks", *clocks, "events", *events])
