"""The directory: import people from CSV, export them, show who is in it.

import compares FILE.csv with directory.yaml, shows who is new, changed and gone and what becomes of the cases of those
who are gone, and writes after a yes. Comments and order of the file stay, and the old file is kept beside it.

example: maild directory import people.csv -c maild.toml
example: maild directory export --output people.csv
"""

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maild.cli.main import config_argument
from maild.domain.directory import Directory, Person
from maild.errors import Misconfigured
from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild directory`."""
    config_argument(parser)
    parser.add_argument("what", choices=("import", "export", "show"))
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.csv", help="import: the list of people")
    parser.add_argument("--yes", action="store_true", help="import: take it over without asking")
    parser.add_argument("--output", type=Path, metavar="FILE.csv", help="export: write into this file")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="export: names of the columns")
    parser.add_argument("--json", action="store_true", help="one value for scripts")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 done or nothing to do, 1 not taken over, 2 a list or directory that cannot be read."""
    from maild.config import load

    settings = load(args.config, os.environ)
    if args.what == "import":
        if args.file is None:
            raise Misconfigured("maild directory import needs a file; write maild directory import FILE.csv.")
        return _import(args, settings)
    directory = _directory(settings, _path(settings))
    if args.what == "export":
        return _export(args, directory)
    return _show(args, directory)


def _path(settings: Settings) -> Path:
    if settings.organisation.directory is None:
        mend = 'write directory = "directory.yaml" under [organisation]'
        raise Misconfigured(f"{settings.base / 'maild.toml'} names no directory of its own; {mend}.")
    return settings.organisation.directory


def _directory(settings: Settings, path: Path) -> Directory:
    """The file as it is; a line that still names somebody who left is no obstacle."""
    from maild.adapters.directoryfile import read_directory
    from maild.adapters.whoknew import known_people

    return read_directory(path, settings.organisation.timezone, known_people(settings))


def _import(args: argparse.Namespace, settings: Settings) -> int:
    from maild.adapters.directorycsv import read_people
    from maild.adapters.directoryedit import edited, replace_file
    from maild.adapters.directoryfile import read_directory
    from maild.adapters.peoplediff import people_diff
    from maild.adapters.whoknew import handovers, say_so

    path = _path(settings)
    listed, before = read_people(args.file), _directory(settings, path)
    diff = people_diff(listed, before)
    text = edited(path, diff)
    after: list[Directory] = []
    passed_on = handovers(settings, before, diff) if diff.gone else {}
    shown = _plain(diff, passed_on, listed.left_out)
    if not args.json:
        print("\n".join(_lines(shown)), flush=True)
    taken = not diff.is_empty and (args.yes or (not args.json and _agrees()))
    if taken:
        check = lambda draft: after.append(read_directory(draft, settings.organisation.timezone))  # noqa: E731
        backup = replace_file(path, text, datetime.now(UTC), check)
        say_so(settings, before, after[0])
        shown["backup"] = str(backup)
        if not args.json:
            print(f"{path} is written; what it was before is in {backup}. A running maild takes it over in a minute.")
    if args.json:
        json.dump({**shown, "written": taken}, sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif not taken and not diff.is_empty:
        print("Nothing was written.")
    return 0 if taken or diff.is_empty else 1


def _agrees() -> bool:
    """Whether the person at the terminal says yes; without a terminal nobody does."""
    if not sys.stdin.isatty():
        print("To take it over without a terminal, add --yes.")
        return False
    return input("Take this over? [y/N] ").strip().lower() in {"y", "yes", "是", "好"}


def _plain(diff: Any, passed_on: Mapping[str, Mapping[str, int]], left_out: Sequence[str]) -> dict[str, Any]:
    from maild.adapters.peoplediff import written_out

    def values(change: Any) -> dict[str, list[str]]:
        before = change.before
        old = {key: "" if before is None else written_out(_old(before, key)) for key in change.values}
        return {key: [old[key], written_out(cell)] for key, cell in change.values.items()}

    def rows(changes: Sequence[Any], *, new: bool) -> list[dict[str, Any]]:
        chosen = (change for change in changes if (change.before is None) == new)
        return [{"id": _id(one), "name": one.name, "values": values(one)} for one in chosen]

    return {
        "added": rows(diff.people, new=True), "changed": rows(diff.people, new=False),
        "gone": [{"id": p.address, "name": p.name, "unit": p.unit, "title": p.title,
                  "cases": dict(passed_on.get(p.address, {}))} for p in diff.gone],
        "units": {"added": rows(diff.units, new=True), "changed": rows(diff.units, new=False)},
        "columns_left_out": list(left_out),
    }  # fmt: skip


def _id(change: Any) -> str:
    return str(change.id if hasattr(change, "id") else change.address)


def _old(before: Any, key: str) -> Any:
    return before.addresses if key == "address" else getattr(before, key)


def _lines(shown: Mapping[str, Any]) -> Iterator[str]:
    """The difference as a person reads it: + new, ~ changed, - gone."""
    units = shown["units"]
    for name, added, changed in (("people", shown["added"], shown["changed"]), ("units", *units.values())):
        for one in added:
            told = {key: new for key, (_, new) in one["values"].items() if key not in {"name", "address", "id"}}
            more = "; ".join(f"{key}: {new}" for key, new in told.items())
            yield f"+ {name} {one['name']} <{one['id']}> {more}".rstrip()
        for one in changed:
            more = "; ".join(f"{key}: {old or '-'} -> {new or '-'}" for key, (old, new) in one["values"].items())
            yield f"~ {name} {one['name']} <{one['id']}> {more}"
    for one in shown["gone"]:
        to = ", ".join(f"{count} to {who}" for who, count in one["cases"].items())
        yield f"- people {one['name']} <{one['id']}> {one['unit'] or ''} {one['title']}; open cases: {to or 'none'}"
    if shown["columns_left_out"]:
        yield f"columns that the directory has no place for: {', '.join(shown['columns_left_out'])}"
    if not (shown["added"] or shown["changed"] or shown["gone"] or units["added"] or units["changed"]):
        yield "The list says what the directory says; there is nothing to do."
    else:
        yield (f"{len(shown['added'])} added, {len(shown['changed'])} changed, {len(shown['gone'])} gone; "
               f"units: {len(units['added'])} added, {len(units['changed'])} changed.")  # fmt: skip


def _export(args: argparse.Namespace, directory: Directory) -> int:
    from maild.adapters.directorycsv import COLUMNS

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([names[0 if args.language == "zh" else 1] for names in COLUMNS.values()])
    units = {unit.id: unit for unit in directory.units}
    for person in directory.people:
        writer.writerow([_cell(person, key, units, args.language) for key in COLUMNS])
    if args.output is None:
        sys.stdout.write(out.getvalue())
    else:
        # With a BOM, so that Excel reads it as UTF-8.
        args.output.write_text(out.getvalue(), "utf-8-sig", newline="")
        print(f"{args.output}: {len(directory.people)} people")
    return 0


def _cell(person: Person, key: str, units: Mapping[str, Any], language: str) -> str:
    unit = units.get(person.unit or "")
    yes, deputy = ("是", "副职") if language == "zh" else ("yes", "deputy")
    if key == "leads":
        posts = {unit.deputy: deputy, unit.head: yes} if unit else {}
        return posts.get(person.address, "")
    if key == "unit":
        return unit.name if unit else ""
    if key == "parent":
        above = units.get(unit.parent or "") if unit else None
        return above.name if above else ""
    found = person.addresses if key == "address" else getattr(person, key)
    if isinstance(found, bool):
        return yes if found else ""
    return "; ".join(found) if isinstance(found, tuple) else found or ""


def _show(args: argparse.Namespace, directory: Directory) -> int:
    if args.json:
        from pydantic import TypeAdapter

        json.dump(TypeAdapter(Directory).dump_python(directory, mode="json"), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for unit in directory.units:
        print(f"{unit.name} ({unit.id})")
        for person in directory.people:
            if person.unit == unit.id:
                post = " *" if unit.head == person.address else " +" if unit.deputy == person.address else "  "
                print(f" {post} {person.name} <{person.address}> {person.title} [{', '.join(person.roles)}]")
    for person in directory.people:
        if not person.unit:
            print(f"    {person.name} <{person.address}> {person.title} [{', '.join(person.roles)}]")
    for one in directory.dangling:
        print(f"{one.place}: {one.what} of {one.whose} still names {one.address}, who has left")
    print(f"{len(directory.units)} units, {len(directory.people)} people; * head, + deputy")
    return 0
