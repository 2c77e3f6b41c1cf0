"""The figures of a week, a month, a quarter or a year, as the report mails say them.

Every figure has a number, such as M3; --cases M3 lists the cases behind it. --score keeps to the score sheets. Whoever
reads the database may count everything: --as ADDRESS prints what that person's report says. Confidential cases stand
there as number and alias.

example: maild report monthly --period 2026-10
         maild report score --period 2026-Q4 --unit 物流部 --xlsx scores.xlsx
         maild report monthly --cases M3
"""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.main import config_argument

if TYPE_CHECKING:
    from maild.domain.reporttable import Report

_KINDS = ("weekly", "monthly", "quarterly", "yearly", "score")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild report`."""
    parser.add_argument("what", choices=_KINDS, help="score: the score sheets alone, of a month unless --period")
    config_argument(parser)
    parser.add_argument("--period", metavar="2026-10", help="2026-W48, 2026-10, 2026-Q4 or 2026; else the last one")
    parser.add_argument("--mailbox", metavar="ADDRESS", help="where there are several; else the first")
    parser.add_argument("--unit", metavar="UNIT", help="this unit with those below it; id or name")
    parser.add_argument("--as", dest="reader", metavar="ADDRESS", help="as this person's report says it")
    parser.add_argument("--cases", metavar="M3", nargs="+", help="the cases behind these figures")
    parser.add_argument("--json", action="store_true", help="one object")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="the tables and the cases as a spreadsheet")
    parser.add_argument("--html", type=Path, metavar="FILE", help="the report as a page with its pictures")
    parser.add_argument("--language", choices=["zh", "en"], default="zh")


def run(args: argparse.Namespace) -> int:
    """Print the tables; exit status 2 where period, unit, person or figure cannot be read."""
    from maild.cli.reporting import Desk

    with Desk.open(args, os.environ, datetime.now(UTC)) as desk:
        if args.xlsx:
            desk.write_xlsx(args.xlsx)
        if args.html:
            desk.write_html(args.html)
        if args.cases:
            found = desk.rows(args.cases)
            print(json.dumps(found, ensure_ascii=False, indent=1) if args.json else desk.cases_text(found), end="")
        elif args.json:
            print(json.dumps(_plain(desk.report), ensure_ascii=False, indent=1))
        else:
            print(desk.text(), end="")
    return 0


def _plain(report: "Report") -> dict[str, Any]:
    """The report as plain data: its tables as they read, and every figure with its numbers and cases."""
    return {
        "report": report.rule, "name": report.name, "period": report.period.key, "period_name": report.period_name,
        "unit": report.unit, "unit_name": report.unit_name,
        "tables": [
            {"section": table.section, "title": table.title, "headers": list(table.headers), "note": table.note,
             "rows": [[{"text": cell.text, "figure": cell.figure} for cell in row]
                      for row in (*table.rows, *((table.total,) if table.total else ()))]}
            for table in report.tables
        ],
        "figures": [
            {"id": one.id, "code": one.code, "label": one.label, "value": one.value, "text": one.text,
             "before": one.before, "year_before": one.year_before,
             "cases": list(dict.fromkeys(case.number for case in one.cases))}
            for one in report.figures.values()
        ],
    }  # fmt: skip
