"""Form rounds: the calendar and what was started, who has returned what, and a round that shall start now.

Filling in, correcting, analysing and instructing are done by mail. `start` leaves word for the daemon, which sends the
forms with its next look at time; without one running, the next `maild run` or `maild once` does.

example: maild form list
         maild form show GM-2026-000160 --xlsx returns.xlsx
         maild form start experience-quarterly
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.main import config_argument

if TYPE_CHECKING:
    from maild.adapters.formview import FormView
    from maild.assembly import House
    from maild.settings import MailboxSettings, Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild form`."""
    parser.add_argument("what", choices=["list", "show", "start"])
    parser.add_argument("name", nargs="?", help="show: the case number of a round, or its id for the newest; start: id")
    config_argument(parser)
    parser.add_argument("--mailbox", help="start: for which mailbox, where several have such a round")
    parser.add_argument("--json", action="store_true", help="one array, or one object")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="show: the returns as a spreadsheet")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the names and the spreadsheet")


def run(args: argparse.Namespace) -> int:
    """Print or leave word; exit status 1 when there is no such round, 2 when none is named."""
    from maild.adapters.formview import FormView
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.assembly import read_house
    from maild.config import load

    if (args.what != "list") != bool(args.name):
        print("maild form: write `maild form list`, `show ROUND` or `start FORM`.", file=sys.stderr)
        return 2
    settings = load(args.config, os.environ)
    house = read_house(settings)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        view = FormView(store, house.unit_names, args.language, house.looks, people=house.person_names)
        if args.what == "start":
            return _start(args, settings, house, store)
        return _show(args, view, settings) if args.what == "show" else _list(args, view, settings, house)
    finally:
        store.close()


def _start(args: argparse.Namespace, settings: "Settings", house: "House", store: Any) -> int:
    from maild.workflow.formrounds import asked_name

    boxes = [box for box in settings.mailbox if args.mailbox in {None, box.address}
             and house.desks[box.address].pack.rounds.entry(args.name)]  # fmt: skip
    if len(boxes) != 1:
        why = "several mailboxes have such a round; add --mailbox" if boxes else "there is no such round"
        print(f"maild form: {args.name}: {why}; maild form list shows all.", file=sys.stderr)
        return 1
    name = asked_name(boxes[0].address)
    with store.writing() as books:
        books.keep_text(name, f"{books.kept_text(name)} {args.name}".strip())
    print(f"{args.name} starts with the next look at time of the daemon.")
    return 0


def _list(args: argparse.Namespace, view: "FormView", settings: "Settings", house: "House") -> int:
    zone = ZoneInfo(settings.organisation.timezone)
    planned = [one for box in settings.mailbox for one in _planned(box, house, args.language)]
    started = view.rounds()
    if args.json:
        print(json.dumps({"calendar": planned, "rounds": started}, ensure_ascii=False, indent=1))
        return 0
    for one in planned:
        following = _local(one["next"], zone) if one["enabled"] and one["next"] else "-"
        print(f"{one['id']}  {one['when']}  next: {following}  {one['name']}")
    for one in started:
        count, due = f"{one['returned']}/{one['receivers']}", _local(one["due"], zone)
        print(f"{one['number']}  {count}  {one['stage']}  due {due}  {one['title']}")
    return 0


def _planned(box: "MailboxSettings", house: "House", language: str) -> list[dict[str, Any]]:
    from maild.domain.formterm import terms

    desk, now = house.desks[box.address], datetime.now(UTC)
    rows = []
    for entry in desk.pack.rounds.rounds:
        today = desk.calendar.local(now).date()
        following = next((term for term in terms(entry, today, desk.calendar) if term.opens > now), None)
        rows.append({
            "id": entry.id, "name": entry.name.in_language(language), "mailbox": box.address, "form": entry.form,
            "when": entry.when, "enabled": entry.enabled, "to": list(entry.to), "owner": entry.owner,
            "next": following.opens.isoformat() if following else None,
            "next_due": following.due.isoformat() if following else None,
        })  # fmt: skip
    return rows


def _show(args: argparse.Namespace, view: "FormView", settings: "Settings") -> int:
    found = view.one(args.name)
    if found is None:
        print(f"maild form: there is no round {args.name}; maild form list shows all.", file=sys.stderr)
        return 1
    zone = ZoneInfo(settings.organisation.timezone)
    if args.xlsx:
        from maild.adapters.tablefile import write_table

        headers, rows = view.table(found["number"], zone)
        write_table(args.xlsx, found["title"], headers, rows)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_page(found, zone)))
    return 0


def _page(found: dict[str, Any], zone: ZoneInfo) -> Sequence[str]:
    lines = [f"{found['number']}  {found['title']}  {found['stage']}  due {_local(found['due'], zone)}"]
    for one in found["people"]:
        at = _local(one["returned"], zone) if one["returned"] else "-"
        faults = f"  faulty: {', '.join(one['faulty'])}" if one["faulty"] else ""
        lines.append(f"  {one['unit'] or '-'}  {one['receiver']}  {at}{'  late' if one['late'] else ''}{faults}")
    return lines


def _local(at: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")
