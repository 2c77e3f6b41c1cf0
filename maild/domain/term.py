"""A term: the small notation in which a clerk writes what to look for.

`投诉` stands anywhere; `test` is a whole word, `complain*` any word that begins so; `被(调岗|降职)` has alternatives
and `(请|)` may be missing; `…` is a gap within one sentence; `#` is a number. Each term has anchors, of which one must
stand in the mail before the term is tried at all.
"""

import re
from functools import cached_property, lru_cache
from itertools import pairwise, product

from maild.domain.anchor import anchor_of
from maild.domain.script import fold
from maild.domain.value import value

GAP = "…"
_MAX_SPELLINGS = 2000
_FEW_SPELLINGS = 12
_GROUP = re.compile(r"\(([^()]*)\)")
_NUMBER = "[0-9一二三四五六七八九十百千万两几半多][0-9一二三四五六七八九十百千万两几半多.,]*"
_HAN_GAP = r"[^。!?;\n]{0,14}?"
_LATIN_GAP = r"(?:[^。!?;\n.]|\.(?!\s)){0,45}?"
_FIXED = re.compile(r"[^#*\s]+")
_Tree = dict[str, "_Tree"]
"""The spellings of a part by their beginnings; an empty key ends one."""


class BadTerm(ValueError):
    """A term that cannot be read; the sentence says why and how to write it."""


@value
class Term:
    """A compiled term: its source, its expression on folded text, and its anchors."""

    source: str
    expression: str
    anchors: frozenset[str]
    literal: str = ""
    """Set where a plain substring search is enough."""
    fragments: tuple[tuple[str, ...], ...] = ()
    """Of each part with few spellings the longest fixed words, of which one must stand in the mail."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: most terms never are."""
        return re.compile(self.expression)

    def may_stand_in(self, folded: str) -> bool:
        """Whether each part's fixed words stand somewhere; cheaper than the pattern, which says where."""
        for words in self.fragments:
            for word in words:
                if word in folded:
                    break
            else:
                return False
        return True


@lru_cache(maxsize=32768)
def compile_term(source: str) -> Term:
    """Read one term; `BadTerm` says what is wrong with it. A term that was read is kept: rules are read many times."""
    folded = fold(source.replace("...", GAP)).strip()
    pieces = [_spellings(piece.strip()) for piece in folded.split(GAP)]
    if any(not spelling for piece in pieces for spelling in piece):
        raise BadTerm("a part of it is empty; write a word on both sides of the gap")
    anchors = _anchors(pieces)
    if len(pieces) == 1 and len(pieces[0]) == 1 and _is_plain(pieces[0][0]):
        literal = pieces[0][0]
        return Term(source=source, expression=re.escape(literal), anchors=anchors, literal=literal)
    return Term(source=source, expression=_pattern(pieces), anchors=anchors, fragments=_fragments(pieces))


def same_spelling(source: str) -> str:
    """What all ways of writing one term have in common: simplified, narrow, lower case."""
    return fold(source.replace("...", GAP)).strip()


def _spellings(piece: str) -> list[str]:
    parts = _GROUP.split(piece)
    if any(mark in part for part in parts for mark in "()"):
        raise BadTerm("its brackets do not match, or stand inside one another; write (a|b) side by side")
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    if "|" in "".join(parts[::2]):
        raise BadTerm("a | stands outside of brackets; write (a|b), or two terms")
    spellings = ["".join(choice) for choice in product(*choices)]
    if len(spellings) > _MAX_SPELLINGS:
        raise BadTerm(f"it has more than {_MAX_SPELLINGS} spellings; write two terms")
    return spellings


def _anchors(pieces: list[list[str]]) -> frozenset[str]:
    """The anchors of the part whose commonest spelling is rarest, and among such parts of the one with fewest."""
    candidates = []
    for piece in pieces:
        found = {anchor_of(spelling) for spelling in piece}
        candidates.append((min(rare for rare, _ in found), -len(found), frozenset(anchor for _, anchor in found)))
    rare, _, anchors = max(candidates, key=lambda one: one[:2])
    if not rare:
        raise BadTerm("it has no fixed word; put at least one word beside the number")
    return anchors


def _fragments(pieces: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    found = (tuple({_fixed(spelling) for spelling in piece}) for piece in pieces)
    return tuple(words for words in found if "" not in words and len(words) <= _FEW_SPELLINGS)


def _fixed(spelling: str) -> str:
    return max(_FIXED.findall(spelling), key=len, default="")


def _is_plain(spelling: str) -> bool:
    return (
        not set(spelling) & set("#*") and not _latin(spelling[0]) and not _latin(spelling[-1]) and " " not in spelling
    )


def _pattern(pieces: list[list[str]]) -> str:
    result = _alternation(pieces[0])
    for before, after in pairwise(pieces):
        latin = any(_latin(spelling[-1]) for spelling in before) or any(_latin(spelling[0]) for spelling in after)
        result += (_LATIN_GAP if latin else _HAN_GAP) + _alternation(after)
    return result


def _alternation(piece: list[str]) -> str:
    """All spellings as one expression, common beginnings tried once, longer spellings first."""
    tree: _Tree = {}
    for spelling in sorted(set(piece), key=lambda spelling: (-len(spelling), spelling)):
        node = tree
        for atom in _atoms(spelling):
            node = node.setdefault(atom, {})
        node[""] = {}
    return _branches(tree)


def _branches(tree: "_Tree") -> str:
    choices = [atom + (_branches(rest) if rest else "") for atom, rest in tree.items()]
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _atoms(spelling: str) -> list[str]:
    """The expression of one spelling, piece by piece: an English word is whole unless a `*` ends it."""
    open_end = spelling.endswith("*")
    body = spelling.rstrip("*")
    atoms = [{"#": _NUMBER, " ": r"\s{1,3}"}.get(char) or re.escape(char) for char in body]
    if _latin(body[0]):
        atoms[0] = r"(?<![a-z0-9])" + atoms[0]
    if open_end or _latin(body[-1]):
        atoms.append("[a-z]*" if open_end else r"(?![a-z0-9])")
    return atoms


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "*")
