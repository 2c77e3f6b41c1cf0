"""What is no emergency though it sounds like one: a drill 演练 never wakes anybody (casework 6)."""

import re

_DRILL = re.compile(r"演练|演习|\b(?:fire|safety|emergency|evacuation) (?:drill|exercise)\b|\bdrill\b", re.IGNORECASE)
_NO_DRILL = re.compile(
    r"(?:不是|并非|非|不要当(?:作|成)?|真实?的?[，,]?不是)(?:应急|消防|安全)?(?:演练|演习)"
    r"|\b(?:not|no) (?:a |an )?(?:fire |safety |emergency |evacuation )?(?:drill|exercise)\b",
    re.IGNORECASE,
)
_BEGINNING = 200
"""How much of a letter is asked: further down a drill is one of many things that are told."""


def is_drill(subject: str, text: str) -> bool:
    """Whether a letter says of itself that it is a drill; 不是演练 says the contrary, wherever it stands."""
    if _NO_DRILL.search(subject) or _NO_DRILL.search(text[:2000]):
        return False
    return bool(_DRILL.search(subject) or _DRILL.search(text[:_BEGINNING]))
