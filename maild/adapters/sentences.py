"""One sentence of a catalogue: words, `{names}` that are filled in, and `**bold**` for the HTML.

A sentence is the clerk's; what is filled in may be a stranger's, so it is shown on one line and escaped.
"""

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from maild.errors import Misconfigured

_PIECE = re.compile(r"\{([a-z_]+)\}|(\*\*)|([{}])")
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[A-Z]{1,8}-\d{4}-\d{4,}")
_HAN = "[\u4e00-\u9fff]"
_BEFORE = re.compile(rf"({_HAN})(?=(?:<span[^>]{{0,40}}>)?{_NUMBER.pattern})")
_BEHIND = re.compile(rf"({_NUMBER.pattern}(?:</span>)?)(?={_HAN})")
_UNBROKEN = r'<span style="white-space:nowrap">\g<0></span>'
_BOLD = ("<strong>", "</strong>")


class Sentence:
    """A sentence that was read once and is filled in often; `place` finds file, line and column for an error."""

    def __init__(self, text: str, place: Callable[[], str]) -> None:
        self._place = place
        self.names: tuple[str, ...] = ()
        self._plain: list[tuple[str, str]] = []
        """Pairs of fixed words and the name that follows them, "" for none."""
        self._html: list[tuple[str, str]] = []
        self._read(text)

    def plain(self, values: Mapping[str, object]) -> str:
        """The sentence as text."""
        pieces = [f"{words}{_line(self._value(name, values))}" if name else words for words, name in self._plain]
        return _spaced("".join(pieces))

    def html(self, values: Mapping[str, object]) -> Markup:
        """The sentence as HTML, its values escaped."""
        pieces = [f"{words}{_escaped(self._value(name, values))}" if name else words for words, name in self._html]
        return Markup(_spaced("".join(pieces)))  # noqa: S704  words and values were escaped one by one

    def _value(self, name: str, values: Mapping[str, object]) -> object:
        try:
            return values[name]
        except KeyError:
            known = " ".join(f"{{{key}}}" for key in values) or "no names"
            raise Misconfigured(
                f"{self._place()}: {{{name}}} is not known here; this sentence may use {known}."
            ) from None

    def _read(self, text: str) -> None:
        plain, html, at, marks = "", "", 0, 0
        for piece in _PIECE.finditer(text):
            words = text[at : piece.start()]
            plain, html, at = plain + words, html + str(escape(words)), piece.end()
            if piece[3]:
                raise Misconfigured(
                    f"{self._place()}: a lone '{piece[3]}' stands here; names are written as {{number}}."
                )
            if piece[2]:
                html, marks = html + _BOLD[marks % 2], marks + 1
            else:
                self._add(plain, html, piece[1])
                plain, html = "", ""
        if marks % 2:
            raise Misconfigured(f"{self._place()}: ** is opened and not closed; write **bold** in pairs.")
        self._add(plain + text[at:], html + str(escape(text[at:])), "")

    def _add(self, plain: str, html: str, name: str) -> None:
        self.names += (name,) if name else ()
        self._plain.append((plain, name))
        self._html.append((html, name))


def _line(value: object) -> str:
    return _SPACE.sub(" ", str(value)).strip()


def _spaced(said: str) -> str:
    """The sentence with a space between a case number and the Chinese beside it, as a Chinese office sets it."""
    return _BEHIND.sub(r"\1 ", _BEFORE.sub(r"\1 ", said)) if "-" in said else said


def _escaped(value: object) -> str:
    """The value as HTML; a case number is not broken at its hyphens, one inside elements of its own excepted."""
    text = str(value).strip() if isinstance(value, Markup) else str(escape(_line(value)))
    if "<" in text:
        return text
    return _NUMBER.sub(_UNBROKEN, text) if "-" in text else text
