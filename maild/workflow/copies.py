"""Which folder is Sent or Junk, and which copies of our own mails are still to lie in Sent (casework 1)."""

from maild.domain.letter import LetterKind
from maild.workflow.holding import NOBODYS
from maild.workflow.plan import Line

NAMELESS = frozenset({LetterKind.UNSEALED.value})
"""Mails of which no copy lies in Sent, where others who use the mailbox would read who wrote."""
COPY = "copy"
"""A mail that left and whose copy is to lie in Sent."""


def role_name(mailbox: str, role: str) -> str:
    """Under which name the database keeps which folder is `Sent` or `Junk`."""
    return f"folder:{role}:{mailbox}"


def copy_line(maild_id: str, number: str | None) -> Line:
    """What asks for a copy of a mail that the server has accepted."""
    return Line(kind=COPY, who=NOBODYS, number=number, data={"maild_id": maild_id})
