"""Reading the example mails of a pack: one JSON object a line with `type`, `text` and, if there is one, `subject`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from maild.domain.likeness import Example
from maild.errors import Misconfigured


def read_examples(path: Path, types: frozenset[str]) -> tuple[Example, ...]:
    """The examples of this file, none when there is no file; `Misconfigured` names line and mend."""
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_example(path, number, line, types) for number, line in enumerate(lines, 1) if line.strip())


def examples_that_tell(folder: Path | None, told: Callable[[str], bool]) -> Iterator[str]:
    """Where the office's own examples quote somebody: file and line of each, from which learning must begin anew."""
    for path in sorted(folder.rglob("*.jsonl")) if folder else ():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            try:
                said = "\n".join(map(str, json.loads(line).values())) if line.strip() else ""
            except (ValueError, AttributeError):
                said = line
            if said and told(said):
                yield f"{path}:{number}"


def _example(path: Path, number: int, line: str, types: frozenset[str]) -> Example:
    try:
        given = json.loads(line)
        example = Example(type=given["type"], text=given["text"], subject=given.get("subject", ""))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        mend = 'write one object with "type" and "text" on a line'
        raise Misconfigured(f"{path}:{number}: this is no example mail; {mend}.") from error
    if example.type not in types:
        known = ", ".join(sorted(types))
        raise Misconfigured(f"{path}:{number}: '{example.type}' is no type of this pack; write one of {known}.")
    return example
