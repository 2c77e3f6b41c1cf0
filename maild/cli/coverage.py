"""`maild policy coverage`: each clause of a policy with how it is met, where, and the test that shows it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.language import spoken

if TYPE_CHECKING:
    from maild.adapters.clausefile import Covered


def show_coverage(places: Sequence[tuple[Path, Path | None]], args: argparse.Namespace) -> int:
    """The table of each pack that names its clauses; 1 where something that a clause names is not there."""
    from maild.adapters.clausefile import coverage, default_tests
    from maild.errors import Misconfigured

    tests = args.tests or default_tests()
    if args.tests and not args.tests.is_dir():
        raise Misconfigured(f"{args.tests}: there is no such folder of tests; check the path.")
    found = {folder.name: rows for folder, office in places if (rows := coverage(folder, office, tests)) is not None}
    if args.json:
        print(
            json.dumps([_told(pack, row) for pack, rows in found.items() for row in rows], ensure_ascii=False, indent=1)
        )
    else:
        for pack, rows in found.items():
            _print(pack, rows, spoken(args))
        _foot(found, looked=tests is not None)
    return 1 if any(row.missing for rows in found.values() for row in rows) else 0


def _foot(found: dict[str, "tuple[Covered, ...]"], *, looked: bool) -> None:
    if not found:
        print("no pack names its clauses", file=sys.stderr)
    elif not looked:
        print("the tests are not part of this installation and were not looked for; see --tests", file=sys.stderr)


def _told(pack: str, row: "Covered") -> dict[str, object]:
    one = row.clause
    return {"pack": pack, "id": one.id, "says": {"zh": one.says.zh, "en": one.says.en}, "met": list(one.met),
            "where": list(one.where), "test": list(one.test), "missing": list(row.missing)}  # fmt: skip


def _print(pack: str, rows: "tuple[Covered, ...]", language: str) -> None:
    from maild.adapters.faultwords import fault_said

    for row in rows:
        one = row.clause
        print(f"{one.id:10} {'+'.join(one.met):14} {one.says.in_language(language)}")
        for name in (*one.where, *one.test):
            print(f"{'':25} {name}")
        for sentence in row.missing:
            print(f"{'':25} ! {fault_said(sentence, language)}")
    lacking = sum(bool(row.missing) for row in rows)
    print(f"{pack}: {fault_said(f'{len(rows) - lacking} of {len(rows)} clauses carried out', language)}", flush=True)
