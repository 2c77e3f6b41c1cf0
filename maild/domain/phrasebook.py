"""Sentences that the program writes in English, said in another language.

The English sentence is the key, as with gettext. By the time somebody must read it, it is filled in: it is found again
by its fixed words, and what was filled in goes into the places of the same name. A sentence that the book does not
know is left as it is: a fault that is told in English is better than none.
"""

import re
from collections.abc import Iterable, Mapping

_PIECE = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}")
_PLACE = re.compile(r"(?P<lead>[^\n]+?:\d+(?::\d+)?|[\w.\[\]]+): (?P<rest>.+)", re.DOTALL)
"""File and line, or the name of a setting, in front of a sentence."""
_DEEPEST = 5
"""Sentences inside sentences: a mistake holds a mend, that holds a list of choices."""


class Phrasebook:
    """Says sentences in its language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        """`sentences`: English to the other language, both with `{names}`; `{{` and `}}` are braces, no full stops."""
        entries = sorted(sentences.items(), key=lambda entry: _rank(entry[0]))
        self._entries = [_Entry(english, other) for english, other in entries]

    def said(self, sentence: str) -> str:
        """The sentence in this language, file and line in front of it as they are; itself where it is not known."""
        return self._whole(sentence, _DEEPEST) or sentence

    def _whole(self, sentence: str, depth: int) -> str:
        text = sentence.strip()
        bare = text.removesuffix(".")
        stop = "。" if bare != text else ""
        if found := self._found(bare, depth):
            return found + ("" if found.endswith(("。", "？")) else stop)
        if (placed := _PLACE.fullmatch(text)) and (rest := self._whole(placed["rest"], depth)):
            return f"{placed['lead']}: {rest}"
        return ""

    def _found(self, text: str, depth: int) -> str:
        if not depth:
            return ""
        for entry in self._entries:
            if (filled := entry.fits(text)) is not None:
                free = {name: self._whole(words, depth - 1) or words for name, words in filled.items()}
                return entry.filled({name: filled[name] if name in entry.quoted else free[name] for name in filled})
        return ""


class _Entry:
    """One sentence: how it is found in English, and how it is said."""

    def __init__(self, english: str, other: str) -> None:
        self._fits = re.compile(_pattern(english), re.DOTALL)
        self._other = tuple(_pieces(other))
        self.quoted = frozenset(re.findall(r"'\{([a-z_]+)\}", english))
        """Places whose words stand in quotation marks: what a person wrote, which is never said otherwise."""

    def fits(self, text: str) -> dict[str, str] | None:
        """What stands in the places, where the text is this sentence."""
        found = self._fits.fullmatch(text)
        return {name: words.strip() for name, words in found.groupdict().items()} if found else None

    def filled(self, values: Mapping[str, str]) -> str:
        """The sentence in the other language."""
        return "".join(values[piece] if is_name else piece for piece, is_name in self._other)


def _rank(english: str) -> tuple[bool, int]:
    """Sentences that begin with words of their own before those that hold another; the longest first."""
    return english.startswith("{"), -len(_PIECE.sub("", english))


def _pattern(english: str) -> str:
    """A name that stands twice holds the same words both times."""
    seen, pattern = set[str](), ""
    for piece, is_name in _pieces(english):
        place = f"(?P={piece})" if piece in seen else f"(?P<{piece}>.*?)"
        pattern += place if is_name else re.escape(piece)
        seen |= {piece} if is_name else set()
    return pattern


def _pieces(text: str) -> Iterable[tuple[str, bool]]:
    at = 0
    for piece in _PIECE.finditer(text):
        yield text[at : piece.start()], False
        yield (piece[1], True) if piece[1] else (piece[0][0], False)
        at = piece.end()
    yield text[at:], False
