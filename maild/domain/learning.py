"""How much each example of a pack counts for each type: a linear support vector machine, one type against the rest.

Dual coordinate descent for the squared hinge loss (Hsieh, Chang, Lin, Keerthi, Sundararajan, ICML 2008, algorithm 1,
with shrinking). It takes seconds for thousands of examples, so `maild policy learn` keeps the result beside them.
"""

import math
from collections.abc import Sequence
from operator import mul

from maild.domain.likeness import DIGITS, Example, rarities, tokens_of, vector
from maild.domain.value import value

_ROUNDS = 30
_ENOUGH = 0.02
_LOOSENESS = 1.0
"""The C of the textbooks: larger fits the examples more closely."""


@value
class _Text:
    """One example as numbers: the places of its tokens and their weights; place 0 is the constant."""

    places: tuple[int, ...]
    parts: tuple[float, ...]
    square: float


def learn(examples: Sequence[Example]) -> dict[str, tuple[float, ...]]:
    """By fingerprint how much each example counts for each type (alphabetic order); the same for the same examples."""
    folded = [tokens_of(example) for example in examples]
    rarity = rarities(folded)
    place = {token: number for number, token in enumerate(rarity, 1)}
    texts = [_text(vector(words, rarity), place) for words in folded]
    columns = [
        _column(texts, [1 if example.type == name else -1 for example in examples], len(place) + 1)
        for name in sorted({example.type for example in examples})
    ]
    rows = zip(*columns, strict=True)
    return {example.fingerprint: row for example, row in zip(examples, rows, strict=True)}


def _text(parts: dict[str, float], place: dict[str, int]) -> _Text:
    weights = (1.0, *parts.values())
    return _Text(
        places=(0, *(place[token] for token in parts)), parts=weights, square=sum(weight**2 for weight in weights)
    )


def _column(texts: Sequence[_Text], signs: Sequence[int], size: int) -> list[float]:
    """How much each text counts for one type (positive) or against it."""
    weights, counts = [0.0] * size, [0.0] * len(texts)
    active, bound = list(range(len(texts))), math.inf
    for turn in range(_ROUNDS):
        kept, widest = [], 0.0
        for at in _shuffled(active, turn):
            slope = _slope(texts[at], signs[at], counts[at], weights)
            if counts[at] == 0.0 and slope > 0:
                if slope <= bound:
                    kept.append(at)
                continue
            kept.append(at)
            widest = max(widest, abs(slope))
            _step(texts[at], signs[at], at, (slope, counts, weights))
        if widest > _ENOUGH:
            active, bound = kept, widest
        elif len(active) == len(texts):
            break
        else:
            active, bound = list(range(len(texts))), math.inf
    return [round(sign * count * DIGITS) / DIGITS for sign, count in zip(signs, counts, strict=True)]


def _shuffled(places: Sequence[int], turn: int) -> list[int]:
    """Another order each turn, the same in each run: neighbours in the file are alike, which slows the descent."""
    return sorted(places, key=lambda at: ((at + 1) * (2 * turn + 7919) * 104_729) % 1_000_003)


def _slope(text: _Text, sign: int, count: float, weights: list[float]) -> float:
    said: float = sum(map(mul, text.parts, map(weights.__getitem__, text.places)))
    return sign * said - 1 + count / (2 * _LOOSENESS)


def _step(text: _Text, sign: int, at: int, state: tuple[float, list[float], list[float]]) -> None:
    slope, counts, weights = state
    new = max(0.0, counts[at] - slope / (text.square + 1 / (2 * _LOOSENESS)))
    moved = sign * (new - counts[at])
    counts[at] = new
    for place, part in zip(text.places, text.parts, strict=True):
        weights[place] += moved * part
