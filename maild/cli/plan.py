"""The plan: what was accepted and cannot be done yet, with its dates, the nearest first (P3.1.1, P3.5.9).

Entering, dating and finishing a plan item are done by mail: 计划 12月20日, 已完成.

example: maild plan list
         maild plan list --xlsx plan.xlsx
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.books import open_casebook
from maild.cli.main import config_argument

if TYPE_CHECKING:
    from maild.assembly import House

_COLUMNS = ("number", "type", "unit", "handler", "summary", "received", "date", "late")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild plan`."""
    parser.add_argument("what", choices=["list"])
    config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="the plan as a spreadsheet")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the spreadsheet")


def run(args: argparse.Namespace) -> int:
    """Print every plan item that is open."""
    from maild.assembly import read_house
    from maild.config import load

    settings = load(args.config, os.environ)
    zone = ZoneInfo(settings.organisation.timezone)
    house = read_house(settings)
    with open_casebook(settings) as (book, _):
        planned = [case for case in book.all() if case["state"] == "planned"]
    today = datetime.now(zone).date().isoformat()
    rows = sorted((_row(case, zone, today) for case in planned), key=lambda row: (row["date"] or "9999", row["number"]))
    if args.xlsx:
        _write(args.xlsx, [_named(row, house, args.language) for row in rows], args.language)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_line(row) for row in rows) or "no plan item is open")
    return 0


def _row(case: Mapping[str, Any], zone: ZoneInfo, today: str) -> dict[str, Any]:
    date = case["plan_date"] or ""
    received = datetime.fromisoformat(case["received"]).astimezone(zone).date().isoformat()
    return {
        "number": case["number"], "type": case["type"], "unit": case["unit"] or "", "handler": case["handler"] or "",
        "summary": case["summary"], "received": received, "date": date, "late": bool(date) and date < today,
    }  # fmt: skip


def _line(row: Mapping[str, Any]) -> str:
    late = "  overdue" if row["late"] else ""
    return f"{row['date']}  {row['number']}  {row['unit'] or '-'}  {row['summary']}{late}"


def _named(row: Mapping[str, Any], house: "House", language: str) -> dict[str, Any]:
    """The row as an office reads it: the type by its name, the handler by theirs."""
    kinds = {kind.id: kind.name.in_language(language) for desk in house.desks.values()
             for kind in desk.pack.policy.types}  # fmt: skip
    handler = house.person_names.get(row["handler"], row["handler"])
    return {**row, "type": kinds.get(row["type"], row["type"]), "handler": handler}


def _write(path: Path, rows: Sequence[Mapping[str, Any]], language: str) -> None:
    from maild.adapters.catalogue import Catalogue
    from maild.adapters.shipped import shipped
    from maild.adapters.tablefile import write_table

    word = Catalogue(language, [shipped("templates")]).word
    said = [[word("plan-column", "is-late") if row["late"] else "" if c == "late" else row[c] for c in _COLUMNS]
            for row in rows]  # fmt: skip
    write_table(path, word("plan-column", "title"), [word("plan-column", c) for c in _COLUMNS], said)
