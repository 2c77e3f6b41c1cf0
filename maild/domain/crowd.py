"""Many letters on one matter: which are alike, and which of them leads (casework 5, "Many letters on one matter")."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from maild.domain.case import Case, State
from maild.domain.likeness import tokens
from maild.domain.script import fold

FEW = 5
"""So many letters are handled one by one; more are led as one."""
MOST = 60
"""Of so many open cases of a unit, the newest, a new one is compared with."""
_ALIKE = 0.35
"""Unrelated letters of one type reach 0.2, letters on one matter 0.25 to 0.65 (subject and summary, tests/corpus)."""
_COMPARED = 400
_FIGURES = re.compile(r"\d+")
_PRESSING = frozenset({"high", "critical"})
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def may_be_led(case: Case) -> bool:
    """Whether a case can be one of many: with a handler and a known writer; neither pressing, a crisis, nor sealed."""
    known = bool(case.handler and case.requester.address) and not case.requester.unconfirmed
    calm = case.urgency not in _PRESSING and not case.crisis and not case.circulation and not case.confidential
    return known and calm and case.state not in _OVER and case.type != "unclassified"


def alike(one: Case, other: Case) -> bool:
    """Whether two cases are of one matter, as far as their words tell: same desk, same type, like words.

    Letters whose figures have nothing in common speak of different orders, days or sums: of different matters.
    """
    same = (one.type, one.handler, one.unit) == (other.type, other.handler, other.unit)
    if not same or not may_be_led(other):
        return False
    first, second = _words(one), _words(other)
    figures = set(_FIGURES.findall(first)), set(_FIGURES.findall(second))
    if all(figures) and figures[0].isdisjoint(figures[1]):
        return False
    a, b = _tokens(first), _tokens(second)
    return bool(a and b) and len(a & b) / math.sqrt(len(a) * len(b)) >= _ALIKE


def writers(cases: Iterable[Case]) -> int:
    """How many different people wrote these."""
    return len({case.requester.address for case in cases})


def leading(cases: Sequence[Case]) -> Case:
    """The oldest of them: it leads."""
    return min(cases, key=lambda case: (case.received, case.number))


def _words(case: Case) -> str:
    return f"{case.subject}\n{case.summary}"[:_COMPARED]


@lru_cache(maxsize=2048)
def _tokens(words: str) -> frozenset[str]:
    return frozenset(tokens(fold(words)))
