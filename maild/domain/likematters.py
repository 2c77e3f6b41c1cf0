"""Texts that tell of the same thing, put into groups: repeated causes, and many letters on one matter (P3.5.8).

Words alone decide, as pairs of Chinese characters and whole Latin words; the same texts in the same order give the
same groups.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
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


@dataclass
class _Open(Generic[K]):
    """A group that still takes texts."""

    bound: str
    words: frozenset[str]
    """Of its first text."""
    texts: list[Said[K]]


def grouped(texts: Iterable[Said[K]], alike: float = ALIKE) -> list[Group[K]]:
    """All groups, the largest first, then in the order of their first text; each text stands in one.

    A text is held against the groups alone that share a word with it which is rare enough to tell: what shares half
    of the shorter one's words shares one of its rarer half too. So the work grows with the texts, not with their pairs.
    """
    own = [(one, frozenset(tokens(one.text[:_LONGEST]))) for one in texts]
    common = Counter(word for _, words in own for word in words)
    groups: list[_Open[K]] = []
    by_word, by_rare = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    bound: dict[str, int] = {}
    for one, words in own:
        rare = _rare(words, common, alike)
        near = {at for word in rare for at in by_word[word]} | {at for word in words for at in by_rare[word]}
        if one.bound in bound:
            near.add(bound[one.bound])
        fits = next((at for at in sorted(near) if _belongs(one, words, groups[at], alike)), None)
        if fits is not None:
            groups[fits].texts.append(one)
            continue
        for index, named in ((by_word, words), (by_rare, rare)):
            for word in named:
                index[word].append(len(groups))
        if one.bound:
            bound.setdefault(one.bound, len(groups))
        groups.append(_Open(bound=one.bound, words=words, texts=[one]))
    made = [Group(name=_name(group.texts), keys=tuple(one.key for one in group.texts)) for group in groups]
    return sorted(made, key=lambda group: -len(group.keys))


def _rare(words: frozenset[str], common: Mapping[str, int], alike: float) -> list[str]:
    """So many of its words, the rarest first, that who shares `alike` of them must share one of these."""
    return sorted(words, key=lambda word: (common[word], word))[: len(words) - max(1, ceil(alike * len(words))) + 1]


def _belongs(one: Said[K], words: frozenset[str], group: _Open[K], alike: float) -> bool:
    known = group.words
    if one.bound and one.bound == group.bound:
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
