"""What the coordinator says of a numbered list of letters that wait: let these go, drop those (casework 1, `assist`).

`放行 1、3-5，不发 2` · `全部放行` · `1 3 放行，其余不发` · `release 1, 3-5; drop the rest`
"""

from collections.abc import Collection

from maild.domain.numbered import Numbered, Said, read_numbered

_SAID = Said(
    yes=r"(?:放行|发出|发送|同意发出?|可以发出?|release|send|let\s+go(?:\s+of)?)",
    no=r"(?:不放行|不要发|不发|别发|丢弃|drop|discard|don'?t\s+send|do\s+not\s+send)",
    bare_no=False,
    reasons=False,
)


def read_wish(text: str, numbers: Collection[int]) -> Numbered | None:
    """Which letters go (yes) and which are dropped (no); a bare `放行` means all, a bare `不发` nothing."""
    return read_numbered(text, numbers, _SAID)
