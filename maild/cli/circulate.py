"""Circulations: which letters go round, and who has signed what.

Sending one round and signing is done by mail: 下发 生产部、物流部; 收到, 已传达, 已学习, 已落实.

example: maild circulate list
         maild circulate show GM-2026-000160 --xlsx register.xlsx
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.cli.books import open_casebook
from maild.cli.main import config_argument

_STEPS = ("received", "relayed", "studied", "done")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild circulate`."""
    parser.add_argument("what", choices=["list", "show"])
    parser.add_argument("number", nargs="?", help="the case number, for show")
    config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array, or one object")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="the register as a spreadsheet, for show")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the register")


def run(args: argparse.Namespace) -> int:
    """Print; exit status 1 when nothing of this number goes round, 2 when none is named."""
    from maild.assembly import read_house
    from maild.config import load

    if (args.what == "show") != bool(args.number):
        print("maild circulate: write `maild circulate list` or `maild circulate show NUMBER`.", file=sys.stderr)
        return 2
    settings = load(args.config, os.environ)
    with open_casebook(settings) as (book, _):
        found = book.rounds() if args.what == "list" else [one] if (one := book.one(args.number)) else []
    rounds = [case for case in found if case["circulation"] and not case["round"]]
    if args.what == "show" and not rounds:
        print(f"maild circulate: {args.number} does not go round; maild circulate list shows all.", file=sys.stderr)
        return 1
    zone = ZoneInfo(settings.organisation.timezone)
    if args.xlsx and rounds:
        _write(args.xlsx, rounds[0], args.language, zone, names=read_house(settings).person_names)
    shown = [_plain(case) for case in rounds]
    if args.json:
        print(json.dumps(shown if args.what == "list" else shown[0], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_line(case) for case in rounds) if args.what == "list" else _page(rounds[0], zone))
    return 0


def _plain(case: Mapping[str, Any]) -> dict[str, Any]:
    return {key: case[key] for key in ("number", "subject", "state", "received", "circulation")}


def _line(case: Mapping[str, Any]) -> str:
    items = case["circulation"]
    return f"{case['number']}  {sum(not item['open'] for item in items)}/{len(items)}  {case['subject']}"


def _page(case: Mapping[str, Any], zone: ZoneInfo) -> str:
    rows = [
        f"  {item['unit'] or '-'}  {item['receiver']}  {_signed(item, zone) or '-'}"
        f"{'  open: ' + ', '.join(item['open']) if item['open'] else ''}{'  returned' if item['returned'] else ''}"
        for item in case["circulation"]
    ]
    return "\n".join([_line(case), *rows])


def _signed(item: Mapping[str, Any], zone: ZoneInfo) -> str:
    return ", ".join(f"{step} {_local(item['signed'][step], zone)}" for step in _STEPS if step in item["signed"])


def _local(at: str | None, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""


def _write(
    path: Path, case: Mapping[str, Any], language: str, zone: ZoneInfo, *, names: Mapping[str, str]
) -> None:  # fmt: skip
    from maild.adapters.catalogue import Catalogue
    from maild.adapters.shipped import shipped
    from maild.adapters.tablefile import write_table

    words = Catalogue(language, [shipped("templates")])
    named = ("unit", "receiver", *_STEPS, "open", "returned")
    headers = [words.word("register", name) for name in named]
    rows = [_row(item | {"receiver": names.get(item["receiver"], item["receiver"])}, words.word, zone)
            for item in case["circulation"]]  # fmt: skip
    write_table(path, case["number"], headers, rows)


def _row(item: Mapping[str, Any], word: Any, zone: ZoneInfo) -> Sequence[str]:
    steps = [_local(item["signed"].get(step), zone) for step in _STEPS]
    owed = "、".join(word("step", step) for step in item["open"])
    return [item["unit"] or "", item["receiver"], *steps, owed, word("register", "yes") if item["returned"] else ""]
