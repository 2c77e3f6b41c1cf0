"""Whether the files that people write have changed: rules, templates, the directory (interfaces.md, "Own rules")."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from maild.errors import MaildError

_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl", ".j2", ".csv"})
_PLACE = re.compile(r"(?P<file>[^\n]+?):(?P<line>\d+)(?::\d+)?: ")
State = tuple[tuple[str, int, int], ...]


class FileWatch:
    """Looks at folders and files by name, time and size; a file that is just being written is waited for."""

    def __init__(self, paths: Iterable[Path | None]) -> None:
        self._paths = tuple(path for path in paths if path is not None)
        self._in_force = self._before = self._state()

    def changed(self) -> bool:
        """Whether something changed since it was last said so, and has not moved since the look before."""
        now = self._state()
        settled, self._before = now == self._before, now
        if now == self._in_force or not settled:
            return False
        self._in_force = now
        return True

    def _state(self) -> State:
        return tuple(sorted(one for path in self._paths for one in _files(path)))


def _files(path: Path) -> Iterator[tuple[str, int, int]]:
    found = (one for one in path.rglob("*") if one.suffix in _SUFFIXES) if path.is_dir() else (path,)
    for file in found:
        try:
            about = file.stat()
        except OSError:
            continue
        yield str(file), about.st_mtime_ns, about.st_size


def place_of(error: MaildError) -> tuple[str, str, str]:
    """File and line number of a mistake, the line itself, and the sentence with the mend; "" for what is not known."""
    found = _PLACE.match(error.sentence)
    if found is None:
        return "", "", error.sentence
    number = int(found["line"])
    return f"{found['file']}:{number}", _line(Path(found["file"]), number), error.sentence[found.end() :]


def _line(file: Path, number: int) -> str:
    try:
        raw = file.read_bytes()
    except OSError:
        return ""
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = raw.decode("gb18030", "replace").splitlines()
    return lines[number - 1].strip()[:200] if number <= len(lines) else ""
