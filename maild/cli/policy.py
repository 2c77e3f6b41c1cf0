"""List the policy packs, or check them: every rule, route, deadline, template and person resolves.

`check` reads all files and tells each one's first mistake as file:line:column: sentence with the mend; exit status 2
when something is wrong. Warnings are told and do not count.

example: maild policy list
         maild policy check gm-mailbox --rules rules --directory directory.yaml
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.trial import rules_of, settings_of

if TYPE_CHECKING:
    from maild.adapters.packcheck import Finding
    from maild.domain.policy import Policy
    from maild.domain.rule import Bilingual
    from maild.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild policy`."""
    parser.add_argument("what", choices=["list", "check"])
    parser.add_argument("pack", nargs="?", help="the pack to check, by name or folder; default: all")
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", help="a folder of packs that comes before the shipped ones"
    )
    parser.add_argument(
        "--directory", type=Path, metavar="FILE", help="directory.yaml; default: the sample organisation"
    )
    parser.add_argument("--json", action="store_true", help="one array")
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="maild.toml (default: the one here, if any)")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when all is well, 2 when something is wrong."""
    settings = settings_of(args)
    folders = _folders(args, rules_of(args, settings))
    return _list(folders, as_json=args.json) if args.what == "list" else _check(folders, args, settings)


def _folders(args: argparse.Namespace, own: Path | None) -> list[Path]:
    from maild.adapters.packfile import find_pack, pack_names

    if args.pack and (Path(args.pack) / "pack.yaml").is_file() and ("/" in args.pack or args.pack.startswith(".")):
        return [Path(args.pack)]
    return [find_pack(name, own) for name in ([args.pack] if args.pack else pack_names(own))]


def _list(folders: Sequence[Path], *, as_json: bool) -> int:
    from maild.adapters.rulebook import read_policy
    from maild.errors import Misconfigured

    packs, status = [], 0
    for folder in folders:
        try:
            packs.append(_about(read_policy(folder), folder))
        except Misconfigured as error:
            print(f"maild policy: {error.sentence}", file=sys.stderr)
            status = 2
    print(json.dumps(packs, ensure_ascii=False, indent=1) if as_json else "\n\n".join(_entry(pack) for pack in packs))
    return status


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


def _check(folders: Sequence[Path], args: argparse.Namespace, settings: "Settings") -> int:
    from maild.adapters.packcheck import PackCheck
    from maild.adapters.trial import directory_path

    said = []
    for folder in folders:
        directory = directory_path(folder, args.directory or settings.organisation.directory)
        found = PackCheck(folder, directory, settings.organisation, settings.templates).findings()
        said += [_told(folder, one) for one in found]
        if not args.json:
            _print(folder, found)
    if args.json:
        print(json.dumps(said, ensure_ascii=False, indent=1))
    return 2 if any(one["level"] == "error" for one in said) else 0


def _told(folder: Path, found: "Finding") -> dict[str, Any]:
    level = "warning" if found.warning else "error"
    return {"pack": folder.name, "level": level, "file": found.file, "line": found.line, "column": found.column,
            "sentence": found.sentence}  # fmt: skip


def _print(folder: Path, found: "Sequence[Finding]") -> None:
    for one in found:
        print(one)
    wrong = sum(not one.warning for one in found)
    print(f"{folder.name}: {f'{wrong} to mend' if wrong else 'ok'}", flush=True)
