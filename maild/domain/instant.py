"""The instant message 紧急通知: what the second channel carries when mail alone may come too late (P1.1.2, casework 6).

It says that something waits and where to look, and nothing else: no name, no sentence of a letter, no address. A chat
robot belongs to somebody else's server, and its group may have anybody in it.
"""

from datetime import datetime

from maild.domain.value import value


@value
class Instant:
    """One short message; its words stand in the catalogues under `instant`."""

    kind: str
    """The word of the catalogue."""
    number: str = ""
    """The case; "" where none is spoken of."""
    urgency: str = ""
    """The word of the catalogue's `urgency`, or ""."""
    trouble: str = ""
    """The word of the catalogue's `trouble`, or ""."""
    language: str = "zh"
    ways: tuple[str, ...] = ()
    """The kinds of channel that carry it, `chat`, `sms`; empty: every one."""
    not_before: datetime | None = None
    """Held until then: quiet hours."""
    had_by: tuple[str, ...] = ()
    """Channels that have it already, by name; the others still wait for it."""


@value
class Unsaid:
    """A message that was put down and has not reached every channel."""

    id: int
    mailbox: str
    instant: Instant
    queued_at: datetime
    attempts: int = 0


def split(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` bytes of UTF-8, at line ends where possible, never inside a character."""
    pieces, rest = [], text
    while len(rest.encode()) > most:
        piece = rest.encode()[:most].decode(errors="ignore")
        at = piece.rfind("\n") + 1 or len(piece)
        pieces.append(rest[:at].rstrip("\n"))
        rest = rest[at:]
    return [*pieces, rest]
