"""Address lists (RFC 5322 section 3.4) as people's mailers write them, read once from left to right.

Structure first, encoded-words afterwards, so that a comma inside a decoded name parts nothing. Comments and
quotation marks are counted, never nested by calls: thousands of either cost no more than their length.
"""

import re
from collections.abc import Iterator

from maild.domain.message import Address
from maild.domain.spelling import lower_address
from maild.mail.bounds import ADDRESSES
from maild.mail.words import decoded_words, one_line

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>"]*(?:"[^"]*"[^<>"]*)?>|[()<>,;:"]|\\.|[^()<>,;:"\\]+|\\', re.DOTALL)
_BEHIND = re.compile(r"[^\s<>@,;:\"'()]{1,255}")
_BEFORE = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,64}\Z")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ROUTE = re.compile(r"^(?:@[^:,]*,?)+:")
_BLANKS = re.compile(r"\s+")


class _Entry:
    """One mailbox while it is read: words of the name, comments, what stood in angle brackets."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def __bool__(self) -> bool:
        return self.angle is not None or any(word.strip() for word in self.words)


def addresses(value: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The mailboxes of one field in order, groups dissolved, at most `ADDRESSES`; and the charset defects."""
    found: list[Address] = []
    defects: list[str] = []
    for entry in _entries(value):
        address, more = _address(entry)
        if address.address or address.name:
            found.append(address)
            defects += more
        if len(found) >= ADDRESSES:
            break
    return tuple(found), tuple(defects)


def _entries(value: str) -> Iterator[_Entry]:
    entry = _Entry()
    in_group = ";" not in value  # a group ends in a semicolon: without one, a colon belongs to a name
    for piece in _tokens(value):
        if piece == ":" and not in_group and entry.angle is None and not _has_address(entry):
            entry, in_group = _Entry(), True
        elif piece in {",", ";"}:
            yield entry
            entry, in_group = _Entry(), piece == "," and in_group
        else:
            _take(entry, piece)
    yield entry


def _has_address(entry: _Entry) -> bool:
    return any("@" in word for word in entry.words)


def _take(entry: _Entry, piece: str) -> None:
    if piece[0] == "<" and len(piece) > 1:
        if entry.angle and "@" in entry.angle:  # two in a row without a comma: the first is kept as name
            entry.words.append(entry.angle)
        entry.angle = piece[1:-1]
    elif piece[0] == "(" and len(piece) > 1:
        entry.comments.append(piece[1:-1])
    elif piece not in {"<", ">"}:
        entry.words.append(piece)


def _tokens(value: str) -> Iterator[str]:
    """Tokens with each comment as one "(...)"; brackets that never close are ordinary characters."""
    position, closing = 0, value.count(")")
    while match := _TOKEN.match(value, position):
        piece, position = match[0], match.end()
        closing -= piece == ")"
        if piece == "(" and closing > 0 and (end := _comment_end(value, position)) > 0:
            comment = value[position - 1 : end]
            closing -= comment.count(")")
            piece, position = comment, end
        elif piece == "(":
            closing = 0
        yield piece


def _comment_end(value: str, position: int) -> int:
    """Behind the bracket that closes the comment, -1 where none does."""
    depth = 1
    for match in re.compile(r"\\.|[()]", re.DOTALL).finditer(value, position):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return -1


def _address(entry: _Entry) -> tuple[Address, list[str]]:
    words, spec = _plain(entry.words), entry.angle
    if spec is None or ("@" not in spec and "@" in words):
        start, end = _found(words)
        if start < end:
            spec, words = words[start:end], words[:start] + words[end:]
        elif spec is None and len(words.split()) == 1:
            spec, words = words, ""
    name, defects = _name(words)
    if not name and entry.comments:
        name, defects = _name(" ".join(entry.comments))
    return Address(address=_spec(spec or ""), name=name), defects


def _plain(pieces: list[str]) -> str:
    """Without quotation marks, but for those of a local part (RFC 5321 section 4.1.2)."""
    following = [*pieces[1:], ""]
    return "".join(
        _ESCAPED.sub(r"\1", piece[1:-1]) if _is_quoted(piece) and after[:1] != "@" else piece
        for piece, after in zip(pieces, following, strict=False)
    )


def _is_quoted(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == piece[-1] == '"'


def _found(words: str) -> tuple[int, int]:
    """Where an address stands among bare words; (0, 0) where none does."""
    at = words.find("@")
    behind = _BEHIND.match(words, at + 1) if at > 0 else None
    if behind is None:
        return 0, 0
    if words[at - 1] == '"':
        return words.rfind('"', 0, at - 1), behind.end()
    before = _BEFORE.search(words[max(0, at - 64) : at])
    return (at - len(before[0]), behind.end()) if before else (0, 0)


def _spec(text: str) -> str:
    """An addr-spec in lower case, without route, `mailto:` and blanks."""
    text = _ROUTE.sub("", decoded_words(text)[0] if "=?" in text else text).strip().strip("'")
    text = text[7:] if text[:7].lower() == "mailto:" else text
    text = one_line(text) if text[:1] == '"' else _BLANKS.sub("", one_line(text))
    return lower_address(text)[:320]


def _name(text: str) -> tuple[str, list[str]]:
    """A display name: quotation marks off, encoded-words read even inside them (QQ and others send them so)."""
    decoded, defects = decoded_words(text.strip())
    decoded = _BLANKS.sub(" ", one_line(decoded)).strip()
    decoded = decoded.strip('"') if decoded.count('"') == 1 else decoded
    for mark in ('"', "'"):
        if len(decoded) > 1 and decoded[0] == decoded[-1] == mark:
            decoded = decoded[1:-1].strip()
    return decoded[:998], list(defects)
