"""TOML that a person wrote, overlaid by the environment: every mistake is told with file and line, or the variable."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from maild.errors import Misconfigured

Where = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w\s.\"'-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+|\"[^\"]*\"|'[^']*')((?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_FULL_WIDTH = re.compile("[＝“”‘’，【】：]")
_LINE_COLUMN = re.compile(r"line (\d+), column (\d+)")


class TomlFile:
    """One file, read; able to say where each of its values stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._variables: dict[Where, str] = {}
        self._text = self._read()
        self._lines = _places(self._text)
        self.data: dict[str, Any] = self._parsed()

    def overlay(self, environ: Mapping[str, str], sections: Sequence[str], lists: Sequence[str]) -> None:
        """Lay `MAILD_A__B__0__C` over the value at a, b, 0, c; values under the keys `lists` are split at commas."""
        for name in sorted(environ, key=_numerically):
            steps = name.removeprefix("MAILD_").lower().split("__")
            if name.startswith("MAILD_") and steps[0] in sections:
                said = environ[name]
                parted = [part.strip() for part in said.split(",") if part.strip()]
                where = _put(self.data, steps, parted if steps[-1] in lists else said)
                if where is None:
                    raise Misconfigured(f"environment variable {name}: nothing in {self.path} has that place; mend it.")
                self._variables[where] = name

    def from_environment(self, where: Where) -> bool:
        """Whether the value at `where` was laid over by the environment."""
        return where in self._variables

    def mistake(self, sentence: str, where: Where = ()) -> Misconfigured:
        """An error about the value at `where`, or about the nearest thing above it."""
        if where in self._variables:
            return Misconfigured(f"environment variable {self._variables[where]}: {sentence}")
        above = (where[:length] for length in range(len(where), 0, -1))
        line = next((self._lines[place] for place in above if place in self._lines), None)
        return Misconfigured(f"{self.path}{f':{line}' if line else ''}: {sentence}")

    def _read(self) -> str:
        try:
            return self.path.read_text("utf-8-sig")
        except FileNotFoundError as error:
            raise Misconfigured(
                f"{self.path}: there is no such file; write one with `maild init`, or name it with -c FILE."
            ) from error
        except UnicodeDecodeError as error:
            raise Misconfigured(f"{self.path}: is not UTF-8; save it as UTF-8.") from error
        except OSError as error:
            raise Misconfigured(f"{self.path}: cannot be read ({error.strerror}); check its rights.") from error

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured(self._syntax(error)) from error

    def _syntax(self, error: tomllib.TOMLDecodeError) -> str:
        lines = self._text.splitlines() or [""]
        at = _LINE_COLUMN.search(str(error))
        number, column = (int(at.group(1)), int(at.group(2))) if at else (len(lines), 1)
        wide = _FULL_WIDTH.search(lines[min(number, len(lines)) - 1].split("#")[0])
        if wide:
            place = f"{self.path}:{number}:{wide.start() + 1}"
            return f"{place}: full-width '{wide.group()}' stands here; write the half-width character."
        what = str(error).split(" (at")[0]
        return f"{self.path}:{number}:{column}: {what}; write `key = value`, text in quotes, each key once."


def dotted(where: Where) -> str:
    """The path of a value as people write it: mailbox.0.imap.port."""
    return ".".join(str(step) for step in where)


def _places(text: str) -> dict[Where, int]:
    """Where each table and key stands: its path to its line."""
    found: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _table(_names(header.group(2)), counts, is_array=header.group(1) == "[[")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault(table + _names(key.group(1) + key.group(2)), number)
    return found


def _table(names: Where, counts: dict[Where, int], *, is_array: bool) -> Where:
    """The path of a table; `[a.b]` below `[[a]]` belongs to the latest entry of the array."""
    path: Where = ()
    for at, name in enumerate(names):
        path = (*path, name)
        if is_array and at == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _names(dotted: str) -> Where:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _numerically(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else -1, part) for part in name.split("__")]


def _put(holder: Any, steps: Sequence[str], said: object) -> Where | None:
    """Put a value at its place, making what is missing on the way; its path, None where there can be no such place."""
    key: str | int = steps[0]
    if isinstance(holder, list):
        if not steps[0].isdecimal() or int(steps[0]) > len(holder):
            return None
        key = int(steps[0])
        if key == len(holder):
            holder.append({})
    elif isinstance(holder, dict):
        holder.setdefault(key, [] if len(steps) > 1 and steps[1].isdecimal() else {})
    else:
        return None
    if len(steps) == 1:
        holder[key] = said
        return (key,)
    below = _put(holder[key], steps[1:], said)
    return None if below is None else (key, *below)
