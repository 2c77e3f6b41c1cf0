"""Mails in files as people export them: a folder of .eml, an mbox, a maildir, or a tree of these.

Places are found first and sorted by the mails' own dates, so that an answer comes after what it answers; the bytes of
one mail at a time are read afterwards.
"""

import mailbox
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from maild.domain.value import value
from maild.errors import Misconfigured

_HEAD = 64 << 10
_MAILDIR = ("cur", "new")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@value
class Place:
    """Where one mail lies: a file of its own, or a stretch of an mbox; `at` is when it says that it was written."""

    path: Path
    at: datetime
    start: int = 0
    end: int | None = None

    def read(self) -> bytes:
        """The raw mail; `OSError` when it is gone."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            raw = file.read() if self.end is None else file.read(self.end - self.start)
        return raw if self.end is None else _without_from_line(raw)

    def __str__(self) -> str:
        return str(self.path) if self.end is None else f"{self.path} (byte {self.start})"


def find_mails(root: Path) -> list[Place]:
    """Every mail at or below `root`, oldest first; `Misconfigured` when there is nothing of the kind."""
    if not root.exists():
        raise Misconfigured(f"{root}: there is no such file or folder; check the path.")
    found = sorted(_found(root), key=lambda place: (place.at, str(place.path), place.start))
    if not found:
        raise Misconfigured(f"{root}: no mail is found in it; name a folder of .eml files, an mbox or a maildir.")
    return found


def _found(root: Path) -> Iterator[Place]:
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if not path.is_file() or path.name.startswith(".") or path.parent.name == "tmp":
            continue
        if path.suffix.lower() == ".eml" or path.parent.name in _MAILDIR:
            yield Place(path=path, at=_date(_head(path), path))
        elif _is_mbox(path):
            yield from _in_mbox(path)
        elif path == root:
            yield Place(path=path, at=_date(_head(path), path))


def _in_mbox(path: Path) -> Iterator[Place]:
    """The mails of an mbox (RFC 4155), found by the standard library's table of contents."""
    # The only way to the offsets without reading every mail.
    box: Any = mailbox.mbox(path, create=False)
    try:
        box._generate_toc()
        spans: Sequence[tuple[int, int]] = list(box._toc.values())
    finally:
        box.close()
    for start, end in spans:
        with path.open("rb") as file:
            file.seek(start)
            head = _without_from_line(file.read(min(end - start, _HEAD)))
        yield Place(path=path, at=_date(head, path), start=start, end=end)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _without_from_line(raw: bytes) -> bytes:
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _date(head: bytes, path: Path) -> datetime:
    """The mail's Date, else the topmost Received's, else the file's; never later than the file's own time."""
    fields = BytesHeaderParser(policy=compat32).parsebytes(head)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    for said in (str(fields.get("Date", "")), str(fields.get("Received", "")).rpartition(";")[2]):
        try:
            at = parsedate_to_datetime(said.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if at >= _NEVER:
            return at
    return written
