"""Mails from files, for the commands that only look: raw ones (`.eml`), and one JSON object a line (`.jsonl`).

Of a JSON line only `id, from, to, cc, subject, body` are read; labels beside them never help.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maild.adapters.attachedtext import with_attached_text
from maild.domain.message import Address, Mail
from maild.domain.value import value
from maild.errors import Misconfigured
from maild.mail.addresses import addresses
from maild.mail.banners import MARKS, Marks, without_tags
from maild.mail.fresh import fresh_text
from maild.mail.language import language
from maild.mail.linkedfiles import linked_files
from maild.mail.parse import parse_anyway

LINES = (".jsonl", ".ndjson")


@value
class FiledMail:
    """One mail and where it was found; `id` is the line's own, or the mail's Message-ID."""

    file: str
    id: str
    mail: Mail


def read_mails(path: Path, marks: Marks = MARKS) -> Iterator[FiledMail]:
    """The mails of a file in order; `Misconfigured` when it cannot be read."""
    raw = _bytes(path)
    if path.suffix.lower() not in LINES:
        mail = with_attached_text(parse_anyway(raw, marks), raw)
        yield FiledMail(file=str(path), id=mail.message_id, mail=mail)
        return
    for number, said in _lines(raw, path):
        yield FiledMail(file=str(path), id=str(said.get("id") or number), mail=mail_of(said, marks))


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a .jsonl file, each with the number of its line; `Misconfigured` where one is none."""
    yield from _lines(_bytes(path), path)


def mail_of(said: dict[str, Any], marks: Marks = MARKS) -> Mail:
    """A mail from the six keys of a JSON line; the newest text is found as in a raw mail."""
    author = _addresses(said.get("from"))
    body = _text(said.get("body"))
    fresh = fresh_text(body, banners=marks.banners)
    subject = " ".join(_text(said.get("subject")).split())
    return Mail(
        author=author[0] if author else Address(address=""),
        to=_addresses(said.get("to")),
        cc=_addresses(said.get("cc")),
        subject=subject,
        tagless=without_tags(subject, marks.tags),
        text=body,
        fresh_text=fresh,
        linked_files=linked_files(body, ""),
        lang=language(fresh or body),
    )


def check_files(paths: list[Path]) -> None:
    """Raise before any work is done when one of the files is not there."""
    for path in paths:
        if not path.is_file():
            raise Misconfigured(f"{path}: there is no such file; check the path.")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror}); check the path and its rights.") from error


def _lines(raw: bytes, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), 1):
        if line.strip():
            yield number, _object(line, path, number)


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise Misconfigured(f"{path}:{number}: this line is not JSON ({error}); write one object a line.") from error
    if not isinstance(said, dict):
        raise Misconfigured(f"{path}:{number}: an object is expected here; write one object a line.")
    return said


def _addresses(given: object) -> tuple[Address, ...]:
    several = given if isinstance(given, list) else [given]
    return tuple(one for entry in several if entry for one in addresses(str(entry))[0])


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""
