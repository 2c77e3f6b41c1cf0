"""The entries of a pack's files by name, and a copy of the pack without one of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from maild.adapters.yamlfile import YamlFile

Step = str | int
LEFT_OUT = frozenset({"directory.yaml", "clauses.yaml", "pack.yaml"})
"""The sample organisation, the table of clauses, and what a pack says of itself."""


def pack_entries(folder: Path) -> dict[str, tuple[Step, ...]]:
    """Each entry `FILE#NAME` of the pack, and the steps that lead to it."""
    found: dict[str, tuple[Step, ...]] = {}
    for path in sorted([*folder.glob("*.yaml"), *(folder / "rules").glob("*.yaml")]):
        if path.name not in LEFT_OUT:
            name = path.relative_to(folder).as_posix()
            found |= {f"{name}#{entry}": where for entry, where in entries(YamlFile(path).data())}
    return found


def entries(content: dict[str, Any], at: tuple[Step, ...] = ()) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Items of lists by their id, or their number from 1; of nested keys all, joined by dots.

    Word lists, and what a file of rules speaks for, are parts of its rules.
    """
    for key, said in content.items():
        if key in {"lists", "type", "group"}:
            continue
        if isinstance(said, list) and said and all(isinstance(one, dict) for one in said):
            for number, one in enumerate(said):
                yield str(one.get("id") or f"{key}.{number + 1}"), (*at, key, number)
        elif isinstance(said, dict):
            yield from ((f"{key}.{name}", where) for name, where in entries(said, (*at, key)))
        else:
            yield str(key), (*at, key)


def without(folder: Path, entry: str, into: Path) -> Path:
    """A copy of the pack in which this entry is taken out; the common rules stay beside it."""
    copy = into / folder.name
    shutil.copytree(folder, copy)
    common = folder.parent / "common"
    shutil.copytree(common, into / "common", dirs_exist_ok=True)
    name, where = entry.partition("#")[0], pack_entries(folder)[entry]
    content = YamlFile(folder / name).data()
    inner = content
    for step in where[:-1]:
        inner = inner[step]
    del inner[where[-1]]
    (copy / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy
