"""Anchors: the short piece of a term that must stand in a mail before the term is worth trying.

Two Chinese characters, or the beginning of an English word. A mail's own pieces are collected once.
"""

import re
from operator import add

_RUN = re.compile(r"[a-z]+\*?|[\u4e00-\u9fff]+|[^\sa-z\u4e00-\u9fff#*]+")
_WORD = re.compile(r"[a-z]+")
_LONG, _SHORT = 4, 3


def pieces_of(folded: str) -> set[str]:
    """Every piece of this text that can be an anchor."""
    found = set(map(add, folded, folded[1:]))
    found.update(folded)
    for word in set(_WORD.findall(folded)):
        found.add(word[:_LONG] if len(word) >= _LONG else word + " ")
        found.add(word[:_SHORT] + "*")
    return found


def anchor_of(spelling: str) -> tuple[int, str]:
    """The best anchor of one spelling and how rare such an anchor is; (0, "") where there is none."""
    return max((_anchor(run) for run in _RUN.findall(spelling)), default=(0, ""))


def _anchor(run: str) -> tuple[int, str]:
    if not run[0].isascii():
        return (5, run[:2]) if len(run) > 1 else (1, run)
    if not run[0].isalpha():
        return (3, run[:2]) if len(run) > 1 else (1, run)
    word = run.rstrip("*")
    if len(word) >= _LONG:
        return (4, word[:_LONG])
    if len(word) == _SHORT and run != word:
        return (3, word + "*")
    return (2, word + " ") if run == word else (0, "")
