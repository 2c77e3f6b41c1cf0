"""List the policy packs, check them, show how each clause is met, learn examples, or show the office's own changes.

`check` reads all files and tells each one's first mistake as file:line:column: sentence with the mend; exit status 2
when something is wrong. Warnings are told and do not count. `diff` shows each entry that the office added, changed or
removed beside the shipped one; look at it after an upgrade. `coverage` prints each clause of the policy: how it is
met, by which entry, and which test shows it; exit status 1 where an entry or a test is not there. `learn` weighs all
example mails of a pack anew and keeps the result in learned.tsv, in the office's folder where there is one; do so after
adding some.

example: maild policy list
         maild policy check gm-mailbox --rules rules --directory directory.yaml
         maild policy diff
         maild policy coverage gm-mailbox
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.language import language_argument, spoken
from maild.cli.trial import rules_of, settings_of

Place = tuple[Path, Path | None]
_WIDEST = 160

if TYPE_CHECKING:
    from maild.adapters.packcheck import Finding
    from maild.domain.policy import Policy
    from maild.domain.rule import Bilingual
    from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild policy`."""
    parser.add_argument("what", choices=["list", "check", "coverage", "diff", "learn"])
    parser.add_argument("pack", nargs="?", help="the pack, by name or folder; default: all")
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", help="a folder of packs that comes before the shipped ones"
    )
    parser.add_argument(
        "--directory", type=Path, metavar="FILE", help="directory.yaml; default: the sample organisation"
    )
    parser.add_argument(
        "--tests", type=Path, metavar="DIR", help="coverage: the folder of the tests (default: this checkout's)"
    )
    parser.add_argument("--json", action="store_true", help="one array")
    language_argument(parser)
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="maild.toml (default: the one here, if any)")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when all is well, 2 when something is wrong."""
    settings = settings_of(args)
    places = _places(args, rules_of(args, settings))
    if args.what == "list":
        return _list(places, args)
    if args.what == "learn":
        return _learn(places)
    if args.what == "coverage":
        from maild.cli.coverage import show_coverage

        return show_coverage(places, args)
    return _check(places, args, settings) if args.what == "check" else _diff(places, args, settings)


def _places(args: argparse.Namespace, own: Path | None) -> list[Place]:
    """Each pack's folder, and the office's folder that is laid over it."""
    from maild.adapters.packfile import find_pack, office_folder, pack_names

    if args.pack and (Path(args.pack) / "pack.yaml").is_file() and ("/" in args.pack or args.pack.startswith(".")):
        return [(Path(args.pack), None)]
    return [
        (find_pack(name, own), office_folder(name, own)) for name in ([args.pack] if args.pack else pack_names(own))
    ]


def _list(places: Sequence[Place], args: argparse.Namespace) -> int:
    from maild.adapters.faultwords import fault_said
    from maild.adapters.rulebook import read_policy
    from maild.errors import Misconfigured

    packs, status = [], 0
    for folder, office in places:
        try:
            packs.append(_about(read_policy(folder, office), folder))
        except Misconfigured as error:
            print(f"maild policy: {fault_said(error.sentence, spoken(args))}", file=sys.stderr)
            status = 2
    print(json.dumps(packs, ensure_ascii=False, indent=1) if args.json else "\n\n".join(_entry(pack) for pack in packs))
    return status


def _learn(places: Sequence[Place]) -> int:
    from maild.adapters.learnedfile import LEARNED, write_learned
    from maild.adapters.rulebook import read_policy
    from maild.errors import Misconfigured

    for folder, office in places:
        policy, path = read_policy(folder, office), (office or folder) / LEARNED
        if not policy.examples:
            continue
        try:
            write_learned(path, policy.examples)
        except OSError as error:
            raise Misconfigured(f"{path}: cannot be written ({error.strerror}); use a folder of your own.") from error
        print(f"{path}: {len(policy.examples)} example mails learned")
    return 0


def _about(policy: "Policy", folder: Path) -> dict[str, Any]:
    """What a pack says of itself (P2.7)."""
    return {
        "id": policy.id, "version": policy.version, "name": _both(policy.name), "interprets": _both(policy.interprets),
        "approved": _both(policy.approved), "in_force_since": policy.in_force_since, "types": len(policy.types),
        "rules": len(policy.rules), "folder": str(folder),
    }  # fmt: skip


def _both(words: "Bilingual | None") -> dict[str, str]:
    return {"zh": words.zh if words else "", "en": words.en if words else ""}


def _entry(pack: dict[str, Any]) -> str:
    names = {
        key: " / ".join(dict.fromkeys(w for w in pack[key].values() if w)) or "-"
        for key in ("name", "interprets", "approved")
    }
    since = f"in force since {pack['in_force_since'] or '-'}"
    return (
        f"{pack['id']}@{pack['version']}  {names['name']}\n"
        f"  interpreted by {names['interprets']}, approved by {names['approved']}, {since}\n"
        f"  {pack['types']} types, {pack['rules']} rules in {pack['folder']}"
    )


def _check(places: Sequence[Place], args: argparse.Namespace, settings: "Settings") -> int:
    from maild.adapters.faultwords import fault_said
    from maild.adapters.packcheck import PackCheck
    from maild.adapters.trial import directory_path

    said, language = [], spoken(args)
    for folder, office in places:
        directory = directory_path(folder, args.directory or settings.organisation.directory)
        found = PackCheck(
            folder, directory, settings.organisation, templates=settings.templates, office=office
        ).findings()
        found = [replace(one, sentence=fault_said(one.sentence, language)) for one in found]
        said += [_told(folder, one) for one in found]
        if not args.json:
            _print(folder, found, language)
    if args.json:
        print(json.dumps(said, ensure_ascii=False, indent=1))
    return 2 if any(one["level"] == "error" for one in said) else 0


def _diff(places: Sequence[Place], args: argparse.Namespace, settings: "Settings") -> int:
    from dataclasses import asdict

    from maild.adapters.directoryfile import read_directory
    from maild.adapters.packdiff import differences
    from maild.adapters.packfile import read_pack
    from maild.adapters.trial import directory_path
    from maild.domain.lookup import Index

    told = []
    for folder, office in places:
        if office is None:
            continue
        path = directory_path(folder, args.directory or settings.organisation.directory)
        people = read_directory(path, settings.organisation.timezone)
        index = Index(people, domain=settings.organisation.domain)
        shipped = read_pack(folder, index)
        found = differences(shipped, read_pack(folder, index, office))
        told.append({"pack": shipped.id, "version": shipped.policy.version, "office": str(office),
                     "entries": [asdict(one) for one in found]})  # fmt: skip
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_compared(one) for one in told) or "no office's folder is laid over a pack")
    return 0


def _compared(told: dict[str, Any]) -> str:
    """One pack's differences, an entry a block: the shipped value, then the office's."""
    lines = [f"{told['pack']}@{told['version']}, changed by {told['office']}: {len(told['entries'])} entries"]
    for entry in told["entries"]:
        lines.append(f"  {entry['how']:8} {entry['what']} {entry['id']}")
        shipped, own = entry["shipped"] or {}, entry["own"] or {}
        keys = dict.fromkeys((*shipped, *own)) if entry["how"] == "changed" else ()
        lines += [f"      {key}: {_change(shipped.get(key), own.get(key))}" for key in keys]
    return "\n".join(lines)


def _change(shipped: object, own: object) -> str:
    """What came and what went of a list; of anything else the two values."""
    if not isinstance(shipped, list) or not isinstance(own, list):
        return f"{_short(shipped)} -> {_short(own)}"
    before, after = list(_flat(shipped)), list(_flat(own))
    came = [f"+ {one}" for one in after if one not in before]
    return _short(", ".join([*came, *(f"- {one}" for one in before if one not in after)]) or "in another order")


def _flat(said: object) -> Iterator[str]:
    if isinstance(said, list):
        for one in said:
            yield from _flat(one)
    else:
        yield said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _short(said: object) -> str:
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


def _told(folder: Path, found: "Finding") -> dict[str, Any]:
    level = "warning" if found.warning else "error"
    return {"pack": folder.name, "level": level, "file": found.file, "line": found.line, "column": found.column,
            "sentence": found.sentence}  # fmt: skip


def _print(folder: Path, found: "Sequence[Finding]", language: str) -> None:
    from maild.adapters.faultwords import fault_said

    for one in found:
        warning = fault_said(f"warning: {one.sentence}", language)
        print(f"{one.file}:{one.line}:{one.column}: {warning if one.warning else one.sentence}")
    wrong = sum(not one.warning for one in found)
    print(f"{folder.name}: {fault_said(f'{wrong} to mend' if wrong else 'ok', language)}", flush=True)
