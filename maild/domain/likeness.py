"""The second voice: how much a mail's wording is like that of example mails of each type.

Complement naive Bayes over Chinese characters, their pairs and English words, in a few lines and without a library.
It only adds weight beside the rules; `weight` in the pack says how much, 0 silences it.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from maild.domain.script import fold
from maild.domain.value import value

_RUN = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_SMOOTH = 0.7
_SHOWN = 4


@value
class Example:
    """A mail whose type is known."""

    type: str
    text: str
    subject: str = ""


class Likeness:
    """What the examples taught; the same examples teach the same."""

    def __init__(self, examples: Sequence[Example]) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for example in examples:
            counts[example.type].update(tokens(fold(f"{example.subject}\n{example.text}")))
        self.types = tuple(sorted(counts))
        self._weights = _weights([counts[name] for name in self.types])

    def scores(self, folded: str) -> dict[str, float]:
        """For each type of the examples how like it the text is; about -1 to 1, 0 says nothing."""
        rows = [row for token in tokens(folded) if (row := self._weights.get(token)) is not None]
        if not rows:
            return {}
        length = math.sqrt(len(rows))
        return {name: sum(column) / length for name, column in zip(self.types, zip(*rows, strict=True), strict=True)}

    def words(self, folded: str, name: str) -> tuple[str, ...]:
        """The words of the text that speak most for this type."""
        if name not in self.types:
            return ()
        place = self.types.index(name)
        found = [(row[place], token) for token in tokens(folded) if (row := self._weights.get(token)) is not None]
        return tuple(token for weight, token in sorted(found, reverse=True)[:_SHOWN] if weight > 0)


def tokens(folded: str) -> set[str]:
    """English words, Chinese characters and pairs of them in a folded text."""
    found: set[str] = set()
    for run in _RUN.findall(folded):
        if run[0] < "\u4e00":
            found.add(run)
        else:
            found.update(run)
            found.update(map("".join, pairwise(run)))
    return found


def _weights(counts: Sequence[Counter[str]]) -> dict[str, tuple[float, ...]]:
    """For each token how much more it belongs to each type than to the types on average."""
    total: Counter[str] = sum(counts, Counter())
    size, words = sum(total.values()), len(total)
    rest = [math.log(size - sum(count.values()) + _SMOOTH * words) for count in counts]
    result = {}
    for token, number in total.items():
        row = [base - math.log(number - count[token] + _SMOOTH) for base, count in zip(rest, counts, strict=True)]
        middle = sum(row) / len(row)
        result[token] = tuple(weight - middle for weight in row)
    return result
