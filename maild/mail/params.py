"""Parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231), as mailers really write them.

Blanks instead of semicolons, missing quotation marks, comments, encoded-words inside quotation marks, continued
and percent-encoded values: all are read, in time linear in the length of the value.
"""

import re
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from maild.mail.charset import decode
from maild.mail.words import decoded_words

_PARAMETER = re.compile(r'(?<![^\s;=()<>@,"])([^\s;=()<>@,"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_SEGMENT = re.compile(r"(.*?)(?:\*(\d{1,3}))?(\*)?", re.DOTALL)
_MOST = 64
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")
_ESCAPE = re.compile(r'\\(["\\])')
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")


class Field(NamedTuple):
    """A media type or disposition in lower case, its decoded parameters, and the charset defects found."""

    value: str
    parameters: dict[str, str]
    defects: tuple[str, ...] = ()


_Segment = tuple[int, bool, str]


def field(text: str) -> Field:
    """The main value and the parameters; of a parameter given twice the first counts."""
    main = re.split(r"[;\s]", text.strip(), maxsplit=1)[0]
    segments: dict[str, list[_Segment]] = {}
    for match in islice(_PARAMETER.finditer(text, len(main) if "=" not in main else 0), _MOST):
        name, number, encoded = _SEGMENT.fullmatch(match[1]).groups()  # type: ignore[union-attr]
        segments.setdefault(name.lower(), []).append((int(number or -1), bool(encoded), _unquoted(match[2])))
    defects: list[str] = []
    parameters = {}
    for name, found in segments.items():
        parameters[name], more = _assembled(found)
        defects += more
    return Field(main.lower().strip('"'), parameters, tuple(defects))


def media_type(value: str, default: str) -> str:
    """The media type, or `default` where it is none (RFC 2045 section 5.2)."""
    if _MEDIA_TYPE.fullmatch(value):
        return value
    return default if not value or value.startswith("text") else "application/octet-stream"


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(r"\1", text[1:-1])
    return text.strip("\"'") if text[:1] in "\"'" else text


def _assembled(found: list[_Segment]) -> tuple[str, list[str]]:
    """RFC 2231 sections 3 and 4: numbered segments in order, percent-encoded ones under the first one's charset."""
    extended = [segment for segment in found if segment[0] >= 0]
    single = [segment for segment in found if segment[0] < 0 and segment[1]]
    if single:
        return _extended(single[:1])
    if extended:
        return _extended(sorted({segment[0]: segment for segment in reversed(extended)}.values()))
    return plain_name(found[0][2])


def _extended(segments: list[_Segment]) -> tuple[str, list[str]]:
    charset, first = "", segments[0][2]
    encoded = any(segment[1] for segment in segments)
    if segments[0][1] and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    texts = [first, *(segment[2] for segment in segments[1:])]
    if not encoded:
        return plain_name("".join(texts))
    data = b"".join(
        unquote_to_bytes(text) if segment[1] else text.encode("utf-8", "replace")
        for text, segment in zip(texts, segments, strict=True)
    )
    text, _, defects = decode(data, charset)
    return (plain_name(text)[0] if "=?" in text else text), list(defects)


def plain_name(text: str) -> tuple[str, list[str]]:
    """A value without RFC 2231 marks: encoded-words and percent signs are read, though no RFC allows them here."""
    decoded, defects = decoded_words(text) if "=?" in text else (text, ())
    if _PERCENT.search(decoded) and decoded.isascii():
        data = unquote_to_bytes(decoded)
        if not data.isascii():
            found = decode(data, "utf-8")
            return (found.text, [*defects, *found.defects]) if "\ufffd" not in found.text else (decoded, list(defects))
    return decoded, list(defects)
