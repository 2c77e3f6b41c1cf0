"""How large and how deep a mail may be before anything is done with it (security.md, mail bombs).

The raw bytes are looked at first, in one pass over the header; the reader keeps the other bounds while it goes.
Within them every step is linear, so that a mail costs no more than its size.
"""

import re

from maild.errors import Unparsable

TOTAL = 160 << 20
HEADER = 256 << 10
HEADERS = 1 << 20
"""Bytes of the headers of all parts together."""
FIELDS = 1000
FIELD = 128 << 10
MIME_FIELD = 8 << 10
PARTS = 1000
DEPTH = 60
ADDRESSES = 5000
TEXT = 1 << 21
"""Characters of text or HTML that are kept; the rest stays in the archive."""
TEXTS = 50
"""Inline parts of one kind that are read; guessing the charset of each costs milliseconds."""
GUESSES = 2000
"""Header fields with raw 8-bit bytes whose charset is guessed; a mail of a thousand named parts has two each."""
UNPACKED = 2
"""How many times its own size a mail may unfold to, parts encoded that should not be (RFC 2045 section 6.4)."""
EXCERPT = 1 << 20
"""Bytes of an unreadable mail that the bounded reading looks at."""

_END = re.compile(rb"\r?\n\r?\n|\r\r")


def header_end(raw: bytes, limit: int = HEADER + 4) -> int:
    """Where the first blank line stands, or how far it was looked for."""
    found = _END.search(raw, 0, limit)
    return found.start() if found else min(len(raw), limit)


def check(raw: bytes) -> None:
    """Raise `Unparsable` for a mail that is too large, or whose header is."""
    if len(raw) > TOTAL:
        raise Unparsable(f"The mail has {len(raw) >> 20} MB, more than the {TOTAL >> 20} MB that are read; see it raw.")
    end = header_end(raw)
    if end > HEADER:
        raise Unparsable(f"The mail's header is longer than {HEADER >> 10} KB; see the original before trusting it.")
    if raw.count(b"\n", 0, end) > 4 * FIELDS:
        raise Unparsable(f"The mail's header has more than {4 * FIELDS} lines; see the original before trusting it.")


def excerpt(raw: bytes) -> bytes:
    """The part of a mail past the bounds that is looked at all the same: a bounded header and a bounded body."""
    end = min(header_end(raw), HEADER)
    lines = raw[:end].split(b"\n", 2 * FIELDS)[: 2 * FIELDS]
    return b"\n".join(line[:1000] for line in lines) + b"\n\n" + raw[end : end + EXCERPT].lstrip(b"\r\n")
