"""Header values into text: unfolding (RFC 5322 section 2.2.3), encoded-words (RFC 2047), raw 8-bit bytes.

Real mailers quote encoded-words, cut them in the middle of a character, forget padding, or write no encoding at
all; each is read for what it means. The work is linear in the length of the value.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from maild.mail.charset import decode
from maild.mail.transfer import from_base64

_WORD = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_FOLD = re.compile(r"(?:\r\n|\r|\n)+[ \t]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=_-]")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

Word = tuple[str, str, str]
"""Charset, encoding in capitals, encoded text."""


def unfolded(value: str) -> str:
    """One line: each fold with the blanks behind it becomes one blank."""
    return _FOLD.sub(" ", value).replace("\t", " ").strip() if ("\n" in value or "\r" in value) else value.strip()


def header_text(raw: bytes, hint: str | None = None) -> tuple[str, tuple[str, ...]]:
    """A header's raw bytes as Unicode, encoded-words left standing; and the charset defects found.

    UTF-8 needs no label here (RFC 6532).
    """
    if raw.isascii() and b"\x1b" not in raw and b"~{" not in raw:
        return unfolded(raw.decode("ascii")), ()
    text, charset, defects = decode(raw, None, hint=hint)
    return unfolded(text), defects if charset != "utf-8" or "\ufffd" in text else ()


def decoded_words(value: str) -> tuple[str, tuple[str, ...]]:
    """`value` with its encoded-words read (RFC 2047 section 6), and the charset defects found."""
    end = value.rfind("?=")
    if "=?" not in value:
        return one_line(value), ()
    if end < 0 or re.fullmatch(r"[^?]*\?[bBqQ]\?[^?]*", value[value.rfind("=?") + 2 :]):
        value, end = value + "?=", len(value)  # the last word lost its end
    texts: list[str] = []
    defects: list[str] = []
    for plain, words in _runs(value, end + 2):
        texts.append(plain)
        for charset, data in _joined(words):
            text, _, found = decode(data, charset)
            texts.append(text)
            defects += found
    return one_line("".join(texts)), tuple(defects)


def one_line(text: str) -> str:
    """Without control characters; what could break a line becomes a blank."""
    return _CONTROL.sub(" ", text.replace("\0", "")).strip()


def _runs(value: str, end: int) -> Iterator[tuple[str, list[Word]]]:
    """The value as (text before, encoded-words that stand together); blanks between two words say nothing."""
    words: list[Word] = []
    before, position = "", 0
    for match in _WORD.finditer(value, 0, end):
        between = value[position : match.start()]
        if words and between.strip():
            yield before, words
            before, words = between, []
        elif not words:
            before = between
        words.append((match[1].partition("*")[0], match[2].upper(), match[3]))
        position = match.end()
    yield before, words
    yield value[position:], []


def _joined(words: Iterable[Word]) -> Iterator[tuple[str, bytes]]:
    """Neighbours of one charset as one run of bytes: a character may be cut between them."""
    for charset, group in groupby(words, key=lambda word: word[0].lower()):
        yield charset, b"".join(_bytes(group))


def _bytes(words: Iterable[Word]) -> Iterator[bytes]:
    rest = ""
    for _, encoding, text in words:
        if encoding == "B":
            rest += _NOT_BASE64.sub("", text)
            if _cut_short(rest):
                continue  # the next word goes on with the same four digits
        yield from_base64(rest.encode())
        rest = ""
        if encoding == "Q":
            yield _from_q(text)
    yield from_base64(rest.encode())


def _cut_short(digits: str) -> bool:
    """Whether base64 digits end where no byte ends, so that the last ones belong to the following word."""
    left = len(digits) % 4
    if not left or digits.endswith("="):
        return False
    value = _DIGITS.find(digits[-1])
    return left == 1 or bool(value & (0b1111 if left == 2 else 0b11))


def _from_q(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return binascii.a2b_qp(data.replace(b"\r", b"").replace(b"\n", b""), header=True)
