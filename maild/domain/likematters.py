"""Texts that tell of the same thing, put into groups: repeated causes, and many letters on one matter (P3.5.8).

Words alone decide, as pairs of Chinese characters and whole Latin words; the same texts in the same order give the
same groups.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from maild.domain.bigrams import tokens
from maild.domain.value import value

K = TypeVar("K", bound=Hashable)
ALIKE = 0.5
"""What part of the shorter text's words the other one must share."""
_LONGEST = 200
_LEAST = 2
"""A text of fewer words is like another only where it is the same."""


@value
class Said(Generic[K]):
    """A text and whose it is; `bound` joins what belongs together whatever its words say, "" nothing."""

    key: K
    text: str
    bound: str = ""


@value
class Group(Generic[K]):
    """Texts that are alike; `name` is the one that is most like all of them."""

    name: str
    keys: tuple[K, ...]


def grouped(texts: Iterable[Said[K]], alike: float = ALIKE) -> list[Group[K]]:
    """All groups, the largest first, then in the order of their first text; each text stands in one."""
    groups: list[tuple[str, frozenset[str], list[Said[K]]]] = []
    for one in texts:
        words = frozenset(tokens(one.text[:_LONGEST]))
        fits = next((g for g in groups if _belongs(one, words, g, alike)), None)
        if fits is not None:
            fits[2].append(one)
        else:
            groups.append((one.bound, words, [one]))
    made = [Group(name=_name(own), keys=tuple(one.key for one in own)) for _, _, own in groups]
    return sorted(made, key=lambda group: -len(group.keys))


def _belongs(
    one: Said[K], words: frozenset[str], group: tuple[str, frozenset[str], Sequence[Said[K]]], alike: float
) -> bool:
    bound, known, _ = group
    if one.bound and one.bound == bound:
        return True
    fewer = min(len(words), len(known))
    if fewer < _LEAST:
        return words == known and bool(words)
    return len(words & known) >= alike * fewer and max(len(words), len(known)) <= 4 * fewer


def _name(texts: Sequence[Said[K]]) -> str:
    """The text whose words are the commonest of the group."""
    counted = Counter(word for one in texts for word in set(tokens(one.text[:_LONGEST])))

    def weight(one: Said[K]) -> float:
        words = set(tokens(one.text[:_LONGEST]))
        return sum(counted[word] for word in words) / max(1, len(words))

    return max(texts, key=weight).text
