"""The ledger: points, awards and sanctions, each tied to a case.

What is proposed is decided by mail: whoever the pack names gets a numbered list each morning. Names of complainants
stand in no list. For finance, --sums shows numbers and sums alone.

example: maild ledger list --month 2026-11 --xlsx 2026-11.xlsx
         maild ledger list --year 2026 --state approved
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.main import config_argument
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from maild.domain.ledger import Entry
    from maild.domain.pack import Pack

_STATES = ("proposed", "approved", "declined", "withdrawn", "paid", "renounced", "lapsed")
_COLUMNS = ("id", "case", "name", "person", "unit", "points", "amount", "state", "proposed_at", "decided_at",
            "decided_by", "note")  # fmt: skip
_SUMS = ("id", "amount", "state")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild ledger`."""
    parser.add_argument("what", choices=["list"])
    config_argument(parser)
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--month", metavar="YYYY-MM", help="what was proposed in this month")
    span.add_argument("--year", metavar="YYYY", help="what was proposed in this year")
    parser.add_argument("--state", choices=_STATES)
    parser.add_argument("--sums", action="store_true", help="numbers and sums alone, for finance")
    parser.add_argument("--json", action="store_true", help="one array")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="the list as a spreadsheet")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the spreadsheet")


def run(args: argparse.Namespace) -> int:
    """Print, oldest first; exit status 2 when a month or a year cannot be read."""
    from maild.adapters.ledgerbook import ledger_between
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.assembly import read_house
    from maild.config import load
    from maild.domain.maskrules import together
    from maild.domain.masks import masked

    settings = load(args.config, os.environ)
    zone = ZoneInfo(settings.organisation.timezone)
    since, until = _span(args.month, args.year, zone)
    house = read_house(settings)
    packs, look = [desk.pack for desk in house.desks.values()], together(house.looks.values())
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        with store.reading() as reading:
            found = ledger_between(reading, since, until)
    finally:
        store.close()
    wanted = (entry for entry in found if args.state in {None, entry.state.value})
    rows = [row | {"person": masked(row["person"], look)} for row in (_row(e, packs, args.language) for e in wanted)]
    columns = _SUMS if args.sums else _COLUMNS
    rows = [{name: row[name] for name in columns} for row in rows]
    if args.xlsx:
        _write(args.xlsx, rows, columns, args.language)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n".join("  ".join(str(row[name]) for name in columns if row[name] not in {"", 0}) for row in rows))
    return 0


def _span(month: str | None, year: str | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From and until, in the office's time zone."""
    try:
        if month:
            first = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
            return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        if year:
            first = datetime(int(year), 1, 1, tzinfo=zone)
            return first, first.replace(year=first.year + 1)
    except ValueError as error:
        raise Misconfigured("Write the month as 2026-11, or the year as 2026.") from error
    return datetime(1970, 1, 2, tzinfo=zone), datetime(9998, 1, 1, tzinfo=zone)


def _row(entry: "Entry", packs: "Sequence[Pack]", language: str) -> dict[str, Any]:
    named = (pack.ledger.name(entry, language) for pack in packs)
    return {
        "id": entry.number, "case": entry.case, "name": next((n for n in named if n != entry.rule), entry.rule),
        "person": entry.person or entry.who, "unit": entry.unit or "", "points": entry.points,
        "amount": entry.amount, "state": entry.state.value, "proposed_at": entry.proposed_at.isoformat(),
        "decided_at": entry.decided_at.isoformat() if entry.decided_at else "", "decided_by": entry.decided_by,
        "note": entry.note,
    }  # fmt: skip


def _write(path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], language: str) -> None:
    from maild.adapters.catalogue import Catalogue
    from maild.adapters.shipped import shipped
    from maild.adapters.tablefile import write_table

    word = Catalogue(language, [shipped("templates")]).word
    groups = {"state": "ledger-state", "note": "ledger-note"}
    said = [[word(groups[c], row[c]) if c in groups and row[c] else row[c] for c in columns] for row in rows]
    write_table(path, word("ledger", "title"), [word("ledger", c) for c in columns], said)
