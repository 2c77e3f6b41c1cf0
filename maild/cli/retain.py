"""What has been kept long enough, by retention.yaml of the pack: listed with the reason, and erased after a yes.

`hold` keeps a case whatever its age, for instance for a lawsuit, until `lift`; both are in its history. Run it from a
timer with --yes, or now and then by hand.

example: maild retain --dry-run
         maild retain --yes -c maild.toml
         maild retain hold GM-2026-000142 --reason "lawsuit of 12 Nov"
"""

import argparse
import getpass
import json
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from maild.cli.erase import confirmed, from_server, from_server_quoting, tell_what_is_left
from maild.cli.main import config_argument
from maild.cli.progress import progress

if TYPE_CHECKING:
    from maild.assembly import Workshop
    from maild.domain.case import Case
    from maild.domain.retention import Keep

_AT_ONCE = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild retain`."""
    parser.add_argument("what", nargs="?", choices=["hold", "lift"], help="left out: what is due")
    parser.add_argument("number", nargs="?", help="the case that is held or held no more")
    config_argument(parser)
    parser.add_argument("--reason", default="", help="why it is held, or no more; kept in its history")
    parser.add_argument("--dry-run", action="store_true", help="list what is due, and no more")
    parser.add_argument("--yes", action="store_true", help="erase without asking")
    parser.add_argument("--json", action="store_true", help="one array of what is due")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it is done, 1 where there is no such case or nobody said yes, 2 without number or reason."""
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock

    if args.what and not (args.number and args.reason.strip()):
        print(f"maild retain: write maild retain {args.what} NUMBER --reason WHY.", file=sys.stderr)
        return 2
    workshop = Workshop(load(args.config, os.environ), now=machine_clock, machine=machine_clock)
    try:
        return _held(args, workshop) if args.what else _due(args, workshop)
    finally:
        workshop.close()


def _held(args: argparse.Namespace, workshop: "Workshop") -> int:
    from maild.adapters.legalhold import hold

    reason = args.reason.strip() if args.what == "hold" else ""
    if not hold(workshop.store, args.number, reason, why=args.reason.strip(), by=getpass.getuser(), now=workshop.now()):
        print(f"maild retain: there is no case {args.number}; maild case list shows all.", file=sys.stderr)
        return 1
    print(f"{args.number}: {'kept until it is lifted' if reason else 'held no more'}")
    return 0


def _due(args: argparse.Namespace, workshop: "Workshop") -> int:
    found = _found(workshop, workshop.now())
    rows = [{"number": case.number, "type": case.type, "due": at.isoformat(), "after": row.after,
             "erase": row.erase.value} for case, row, at in found]  # fmt: skip
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for case, row, at in found:
            print(f"{case.number}  {case.type:<20}due {at:%Y-%m-%d}  after {row.after}: {row.erase.value}")
        print(f"{len(found)} cases are due")
    if args.dry_run or not found:
        return 0
    if not args.yes and not confirmed("erase"):
        return 1
    _erase(workshop, found)
    return 0


def _found(workshop: "Workshop", now: datetime) -> "list[tuple[Case, Keep, datetime]]":
    """What is due of all mailboxes, with its row and since when; cases that are one with each other together."""
    from maild.domain.erasure import families
    from maild.domain.retention import Goes, due

    cases = {case.number: case for case in workshop.eraser().cases()}
    packs = {box.address: workshop.house.desks[box.address].pack for box in workshop.settings.mailbox}
    found = []
    for numbers in families(cases.values()):
        own = [cases[number] for number in sorted(numbers) if number in cases]
        pack = packs.get(own[0].mailbox)
        ruling = due(own, pack.retention) if pack else None
        if ruling and ruling[1] <= now:
            row, at = ruling
            found += [(case, row, at) for case in own if case.erased not in {row.erase, Goes.EVERYTHING}]
    return sorted(found, key=lambda one: (one[2], one[0].number))


def _erase(workshop: "Workshop", found: "list[tuple[Case, Keep, datetime]]") -> None:
    from maild.domain.erasure import Order

    eraser = workshop.eraser(progress)
    rows: dict[tuple[str, str], list[str]] = {}
    ruled = {(row.after, row.erase.value): row for _, row, _ in found}
    for case, row, _ in found:
        rows.setdefault((row.after, row.erase.value), []).append(case.number)
    for key, numbers in rows.items():
        for at in range(0, len(numbers), _AT_ONCE):
            some = frozenset(numbers[at : at + _AT_ONCE])
            from_server(workshop, some)
            done = eraser.erase(Order(numbers=some, goes=ruled[key].erase, by=getpass.getuser(), reason="retention",
                                      at=workshop.now(), rule=f"after {key[0]}: {key[1]}"))  # fmt: skip
            from_server_quoting(workshop, done)
            print(f"{done.cases} cases erased, {done.mails} raw mails, {done.traces} rows elsewhere")
    tell_what_is_left(eraser)
