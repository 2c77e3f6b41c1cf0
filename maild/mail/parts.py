"""Which parts of a mail are its own text, and which are attachments (parse-contract.md, `text`, `attachments`)."""

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from maild.domain.message import Attachment
from maild.mail import bounds
from maild.mail.charset import decode
from maild.mail.htmltext import declared_charset
from maild.mail.mime import Part

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and the marks that make `exe.pdf` of `fdp.exe` on a screen."""
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029")
_LONGEST_NAME = 255


class Body(NamedTuple):
    """The decoded text of one part, and its charset defects."""

    text: str
    defects: tuple[str, ...] = ()


def leaves(root: Part) -> Iterator[Part]:
    """The parts that hold something, in order; an attached mail is one of them and is not entered."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.media.startswith("multipart/") and part.children:
            waiting += reversed(part.children)
        else:
            yield part


def is_attachment(part: Part) -> bool:
    """Every part with a file name, disposition attachment, or neither text nor a container."""
    if part.media.startswith("multipart/"):
        return False  # one that could not be taken apart is read as text
    return not part.media.startswith("text/") or part.disposition.value == "attachment" or bool(file_name(part))


def file_name(part: Part) -> str:
    """The file name as a clean base name; "" where there is none (RFC 2183 section 2.3)."""
    given = part.disposition.parameters.get("filename") or part.content.parameters.get("name") or ""
    return clean_name(given or str(part.disposition.parameters.get("name", "")))


def clean_name(name: str) -> str:
    """Without folders, control characters and marks that turn the reading direction; never "." or ".."."""
    name = _UNSEEN.sub("", name).strip().rstrip("/\\")
    name = re.split(r"[/\\]", name)[-1].strip().strip("\"'")
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = (
            stem[: _LONGEST_NAME - 1 - len(ending)] + dot + ending if dot and len(ending) < 12 else name[:_LONGEST_NAME]
        )
    return "" if set(name) <= {".", " "} else name


def attachment(part: Part) -> Attachment:
    """Name, type, size and hash; the decoded bytes are let go at once."""
    data = part.data()
    return Attachment(
        filename=file_name(part), content_type=part.media, size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )


def name_defects(part: Part) -> tuple[str, ...]:
    """What had to be repaired in the charset of a file name."""
    defects = (*part.disposition.defects, *part.content.defects)
    return tuple(f"file name: {defect}" for defect in defects)


def is_body(part: Part, kind: str) -> bool:
    """Whether a part is inline text of that kind, `text/plain` or `text/html`."""
    return part.media == kind and not is_attachment(part)


def body_text(part: Part) -> Body:
    """The text of a part, every line end a line feed, bounded."""
    data = part.data()
    hint = declared_charset(data) if part.media == "text/html" else None
    label = part.content.parameters.get("charset") or hint
    text, _, defects = decode(data[: 4 * bounds.TEXT], label, hint=hint)
    text = _LINE_END.sub("\n", text) if "\r" in text or "\u2028" in text or "\u2029" in text else text
    return Body(text[: bounds.TEXT], tuple(f"{part.media}: {defect}" for defect in defects))


def own_texts(root: Part, kind: str) -> list[Body]:
    """The inline parts of one kind, as many as are read."""
    return [body_text(part) for part in islice(_bodies(root, kind), bounds.TEXTS)]


def unread_texts(root: Part) -> list[str]:
    """Hashes of the inline parts past that bound: two mails that differ there alone are two mails."""
    found = (part for kind in ("text/plain", "text/html") for part in islice(_bodies(root, kind), bounds.TEXTS, None))
    return [hashlib.sha256(part.body.view()).hexdigest() for part in found]


def _bodies(root: Part, kind: str) -> Iterator[Part]:
    return (part for part in leaves(root) if is_body(part, kind))


def stray_texts(root: Part) -> list[Body]:
    """Bodies that nothing else takes: other text types, and multiparts that could not be taken apart."""
    found = (part for part in leaves(root) if not is_attachment(part) and part.media not in _READ)
    return [body_text(part) for part in islice(found, bounds.TEXTS)]


_READ = frozenset({"text/plain", "text/html", "text/calendar", "text/css", "text/rfc822-headers"})
