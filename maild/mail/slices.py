"""Pieces of a raw mail that are cut but not copied: what lies between boundaries, and the groups of a report."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from maild.mail import bounds

_GUESSED_BOUNDARY = re.compile(rb"\n--([^\r\n]{1,200}?)[ \t]*\r?\nContent-", re.IGNORECASE)
_LINE_TAIL = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_MOST = bounds.PARTS + 2


class Span(NamedTuple):
    """A piece of the raw mail, not copied."""

    raw: bytes
    start: int
    end: int

    def view(self) -> memoryview:
        """The bytes."""
        return memoryview(self.raw)[self.start : self.end]


def blocks(span: Span) -> list[bytes]:
    """The groups of fields of a delivery report (RFC 3464 section 2.1)."""
    found = re.split(
        rb"\r?\n(?:[ \t]*\r?\n)+", span.raw[span.start : min(span.end, span.start + bounds.HEADER)].strip()
    )
    return [block for block in found if block.strip()][:200]


def slices(span: Span, boundary: str) -> tuple[list[Span], bool]:
    """The bodies between the boundaries, and whether the last one was closed (RFC 2046 section 5.1.1).

    Of more boundaries than a mail may have parts the rest is not looked for.
    """
    needle = boundary.rstrip().encode("utf-8", "replace")
    marks = list(islice(_marks(span, needle), _MOST)) if needle else []
    if not marks:
        guess = _GUESSED_BOUNDARY.search(span.raw, max(0, span.start - 1), min(span.end, span.start + bounds.HEADER))
        marks = list(islice(_marks(span, guess[1]), _MOST)) if guess else []
    found: list[Span] = []
    for index, (_, begin, closing) in enumerate(marks):
        if closing:
            return found, True
        end = marks[index + 1][0] if index + 1 < len(marks) else span.end
        found.append(Span(span.raw, begin, max(begin, end)))
    return found, False


def _marks(span: Span, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """(end of the part before, begin of the part behind, is it the closing one) for each boundary line."""
    raw, position, end = span
    needle = b"--" + boundary
    while (at := raw.find(needle, position, end)) >= 0:
        position = at + len(needle)
        tail = _LINE_TAIL.match(raw, position, end)
        if tail and (at == span.start or raw[at - 1] == 10):
            before = at - (2 if raw[at - 2 : at] == b"\r\n" else 1)
            yield max(before, span.start), tail.end(), bool(tail[1])
            position = tail.end()
