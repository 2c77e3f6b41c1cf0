"""The second voice: how much a mail's wording is like that of example mails of each type.

A linear classifier over Chinese characters, their pairs, English words and pieces of them, in a few lines and without
a library. What it knows are the examples and how much each of them counts (`learning.py`); the weights of the words
follow from these when the pack is read. It only adds weight beside the rules; `likeness_weight` in the pack says how
much, 0 silences it.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from maild.domain.script import fold
from maild.domain.value import value

Marks = Mapping[str, Sequence[float]]
"""By the fingerprint of an example how much it counts for each type, in the alphabetic order of the types."""

_RUN = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_PIECE = 4
_SHOWN = 4
_OWN, _OTHERS = 1.0, -0.1
"""How much an example counts for its own and against other types as long as nothing was learned of it."""
_SCALE = 1024
_LANE = 64
_HALF, _MASK = 1 << (_LANE - 1), (1 << _LANE) - 1
DIGITS = 1000
"""Marks are kept to three digits."""


@value
class Example:
    """A mail whose type is known."""

    type: str
    text: str
    subject: str = ""

    @property
    def fingerprint(self) -> str:
        """Tells this example from others; another type or word makes another one."""
        return hashlib.sha256(f"{self.type}\n{self.subject}\n{self.text}".encode()).hexdigest()[:10]


class _Rows(dict[str, int]):
    """The weights of a token for all types side by side, added up when a mail first holds it: most never are."""

    def __init__(
        self, texts: Sequence[Sequence[str]], marks: Sequence[int], rarity: Mapping[str, float], *, last: int
    ) -> None:
        super().__init__()
        self.examples_of: dict[str, list[int]] = {token: [] for token in rarity}
        """In which examples a token stands: what is in none has no row."""
        for number, words in enumerate(texts):
            for token in words:
                self.examples_of[token].append(number)
        squares = {token: weight**2 for token, weight in rarity.items()}
        self._lengths = [math.sqrt(sum(map(squares.__getitem__, words))) or 1.0 for words in texts]
        self._marks, self._rarity, self._last = marks, rarity, last

    def __missing__(self, token: str) -> int:
        rare = self._rarity[token]
        row = sum(
            self._marks[number] * round(rare / self._lengths[number] * _SCALE) for number in self.examples_of[token]
        )
        made = self[token] = row * round(rare * _SCALE) + (round(rare**2 * _SCALE) << self._last)
        return made


class Likeness:
    """What the examples taught; the same examples and marks teach the same."""

    def __init__(self, examples: Sequence[Example], marks: Marks | None = None) -> None:
        self.types = tuple(sorted({example.type for example in examples}))
        texts = [tokens_of(example) for example in examples]
        rarity = rarities(texts)
        bias = 0
        packed = []
        for example in examples:
            learned = (marks or {}).get(example.fingerprint)
            mark = _packed(learned or [_OWN if name == example.type else _OTHERS for name in self.types])
            bias += mark if learned else 0
            packed.append(mark)
        self._bias = [lane / DIGITS for lane in _lanes(bias, len(self.types))]
        self._rows = _Rows(texts, packed, rarity, last=_LANE * len(self.types))

    def scores(self, folded: str) -> dict[str, float]:
        """For each type of the examples how like it the text is; about -1 (not at all) to 1 (very)."""
        total = sum(map(self._rows.__getitem__, self._rows.examples_of.keys() & tokens(folded)))
        if not total:
            return {}
        *sums, square = _lanes(total, len(self.types) + 1)
        length = math.sqrt(square / _SCALE) * DIGITS * _SCALE * _SCALE
        return {name: one / length + base for name, one, base in zip(self.types, sums, self._bias, strict=True)}

    def words(self, folded: str, name: str) -> tuple[str, ...]:
        """The words of the text that speak most for this type."""
        if name not in self.types:
            return ()
        place, size = self.types.index(name), len(self.types) + 1
        known = self._rows.examples_of.keys() & tokens(folded)
        found = {token: _lanes(self._rows[token], size)[place] for token in known}
        best = sorted((token for token in found if len(token) > 1 and token[0] != "~"), key=lambda one: -found[one])
        return tuple(token for token in best[:_SHOWN] if found[token] > 0)


def tokens(folded: str) -> set[str]:
    """Chinese characters and pairs of them, English words, pairs and pieces of them (`~ship`) in a folded text."""
    found: set[str] = set()
    before = ""
    for run in _RUN.findall(folded):
        if run[0] < "\u4e00":
            found.update(_english(run))
            found.add(f"{before} {run}")
            before = run
        else:
            before = ""
            found.update(run)
            found.update(map("".join, pairwise(run)))
    return found


def tokens_of(example: Example) -> list[str]:
    """The tokens of an example in a settled order: sums must not depend on the hash seed."""
    return sorted(tokens(fold(f"{example.text}\n{example.subject}")))


def rarities(folded: Iterable[Sequence[str]]) -> dict[str, float]:
    """How much a token weighs in a text: the more, the fewer examples have it (smoothed inverse frequency)."""
    texts = list(folded)
    seen = Counter(chain.from_iterable(texts))
    weights = {number: math.log((1 + len(texts)) / (1 + number)) + 1 for number in set(seen.values())}
    return {token: weights[number] for token, number in seen.items()}


def vector(words: Sequence[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """The tokens of a text with their weights, of length 1."""
    length = math.sqrt(sum(rarity[token] ** 2 for token in words)) or 1.0
    return {token: rarity[token] / length for token in words}


@lru_cache(maxsize=20_000)
def _english(word: str) -> tuple[str, ...]:
    """A word, and its pieces of four letters with its ends, so that `refused` and `refusal` have much in common."""
    whole = f"_{word}_"
    return (word, *("~" + whole[at : at + _PIECE] for at in range(len(whole) - _PIECE + 1)))


def _packed(mark: Sequence[float]) -> int:
    return sum(round(share * DIGITS) << (_LANE * place) for place, share in enumerate(mark))


def _lanes(packed: int, size: int) -> list[int]:
    """The numbers that lie side by side in one: so the weights of a word for all types are added in one addition."""
    result = []
    for _ in range(size):
        lane = ((packed + _HALF) & _MASK) - _HALF
        result.append(lane)
        packed = (packed - lane) >> _LANE
    return result
