"""The structure of a mail (RFC 5322, RFC 2046), read from its bytes in linear time.

A `Part` is a standard `email.message.Message`, so that everything that reads one can read it, but its body stays a
slice of the raw mail until somebody asks for it: a large attachment is never copied, and nothing is decoded twice.
The readers at hand (the standard library's, mail-parser) take minutes over some parameters and damage Chinese under
wrong labels; `tests/mail/test_second_reading.py` compares where they are good.
"""

import re
from email.message import Message
from email.policy import compat32
from typing import Any

from maild.errors import Unparsable
from maild.mail import bounds
from maild.mail.cms import SIGNED, kind_of, signed_content
from maild.mail.params import Field, field, media_type
from maild.mail.slices import Span, blocks, slices
from maild.mail.transfer import undone
from maild.mail.words import header_text, unfolded

_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_AT_ONCE = re.compile(rb"\r?\n")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_ENCODINGS = {"quoted": "quoted-printable", "base64": "base64", "base-6": "base64"}
"""By their first letters: blanks, hyphens and remarks behind them are seen in the wild."""
_PKCS7 = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_NO_FIELD = Field("", {})


class Part(Message):
    """One entity of a mail; headers are unfolded Unicode, with encoded-words left standing."""

    body: Span = Span(b"", 0, 0)
    """The bytes behind the header, still in their transfer encoding."""
    children: tuple["Part", ...] = ()
    content: Field = _NO_FIELD
    disposition: Field = _NO_FIELD
    media: str = "text/plain"
    troubles: tuple[str, ...] = ()
    """What is wrong with the structure."""
    header_defects: tuple[str, ...] = ()
    """Charset defects of the header."""

    def data(self) -> bytes:
        """The decoded body; decoded anew each time, so ask once."""
        return undone(self.body.view(), self.encoding)

    @property
    def encoding(self) -> str:
        """The transfer encoding in lower case (RFC 2045 section 6.1)."""
        name = str(self.get("content-transfer-encoding", "")).strip("\"' ;").lower().split(";")[0].strip()
        return _ENCODINGS.get(name[:6], name)

    @property
    def is_embedded(self) -> bool:
        """A whole mail, or the header of one, inside this one."""
        return self.media in {"message/rfc822", "message/global"}

    def get_payload(self, i: int | None = None, decode: bool = False) -> Any:
        """As the base class, from the raw slice: bytes when `decode`, text with surrogates otherwise."""
        if self.children:
            return None if decode else (list(self.children) if i is None else self.children[i])
        return self.data() if decode else bytes(self.body.view()).decode("ascii", "surrogateescape")

    def is_multipart(self) -> bool:
        """Whether there are parts inside."""
        return bool(self.children)

    def get_content_type(self) -> str:
        """The media type, text/plain where it is missing or wrong."""
        return self.media


class Reader:
    """Reads one mail; counts parts over the whole mail. `strict` raises past the bounds, otherwise reading stops."""

    def __init__(self, *, strict: bool = True) -> None:
        self._strict = strict
        self._parts = 0
        self._header_bytes = 0
        self._guesses = 0
        self._unpacked = 0
        self._may_unpack = 0
        self._hint: str | None = None

    def read(self, raw: bytes) -> Part:
        """The mail as a tree of parts."""
        if b"\n" not in raw[:4096] and b"\r" in raw[:4096]:
            raw = raw.replace(b"\r", b"\n")
        elif b"\r\r\n" in raw[:4096]:
            raw = raw.replace(b"\r\r\n", b"\r\n")
        start = _first_line(raw)
        self._hint = _body_charset(raw)
        self._may_unpack = bounds.UNPACKED * len(raw)
        return self._part(Span(raw, start, len(raw)), "text/plain", 0)

    def _part(self, span: Span, default: str, depth: int) -> Part:
        self._parts += 1
        part = Part(policy=compat32)
        block, part.body = _split(span)
        troubles = self._fill(part, block)
        part.content, part.disposition = field(_first(part, "content-type")), field(_first(part, "content-disposition"))
        part.media = media_type(part.content.value, default)
        part.troubles = tuple(troubles)
        if depth >= bounds.DEPTH or self._parts >= bounds.PARTS:
            self._past(part, "The mail is nested too deeply or has too many parts; see the original.")
        else:
            self._descend(part, depth + 1)
        return part

    def _past(self, part: Part, sentence: str) -> None:
        if self._strict:
            raise Unparsable(sentence)
        part.troubles += ("too many parts or levels: the rest was not read",)

    def _fill(self, part: Part, block: bytes) -> list[str]:
        """Put the fields of a header block into `part`."""
        fields, troubles = _fields(block)
        self._header_bytes += len(block)
        if len(fields) > bounds.FIELDS or self._header_bytes > bounds.HEADERS:
            self._past(part, "The mail's headers are too long; see the original before trusting it.")
        defects: list[str] = []
        for name, value in fields[: bounds.FIELDS]:
            limit = bounds.MIME_FIELD if name[:8].lower() == "content-" else bounds.FIELD
            if len(value) > limit:
                self._past(part, f"The header field {name[:40]} is too long; see the original before trusting it.")
            text, found = self._text(value[:limit])
            part._headers.append((name, text))  # type: ignore[attr-defined]
            defects += (f"{name.lower()}: {defect}" for defect in found)
        part.header_defects = tuple(defects)
        return troubles

    def _text(self, value: bytes) -> tuple[str, tuple[str, ...]]:
        """A field as Unicode; after many whose charset had to be guessed the rest is read as UTF-8."""
        if not value.isascii():
            self._guesses += 1
            if self._guesses > bounds.GUESSES:
                return header_text(value.decode("utf-8", "replace").encode())
        return header_text(value, self._hint)

    def _opened(self, part: Part) -> Span:
        """A container's body, kept as a copy where it was encoded; packed again and again it would fill the memory."""
        span = _decoded(part)
        if span.raw is not part.body.raw:
            self._unpacked += len(span.raw)
            if self._unpacked > self._may_unpack:
                self._past(part, "The mail is packed into itself again and again; see the original.")
                return Span(b"", 0, 0)
        return span

    def _descend(self, part: Part, depth: int) -> None:
        if part.media.startswith("multipart/"):
            self._multipart(part, depth)
        elif part.media in _PKCS7 and (content := _signed(part)) is not None:
            # The opaque form of a signed mail is read as the other one (RFC 8551 section 3.5).
            part.media, part.children = "multipart/signed", (self._part(content, "text/plain", depth),)
        elif part.is_embedded and part.body.start < part.body.end:
            part.children = (self._part(self._opened(part), "text/plain", depth),)
        elif part.media == "message/delivery-status":
            part.children = tuple(self._status_block(block) for block in blocks(self._opened(part)))

    def _multipart(self, part: Part, depth: int) -> None:
        default = "message/rfc822" if part.media == "multipart/digest" else "text/plain"
        pieces, closed = slices(self._opened(part), part.content.parameters.get("boundary", ""))
        if not closed:
            part.troubles += ("multipart without its closing boundary",)
        children = []
        for piece in pieces:
            if self._parts >= bounds.PARTS:
                self._past(part, "The mail has too many parts; see the original.")
                break
            children.append(self._part(piece, default, depth))
        part.children = tuple(children)

    def _status_block(self, block: bytes) -> Part:
        part = Part(policy=compat32)
        self._fill(part, block)
        return part


def _first_line(raw: bytes) -> int:
    """Where the header begins: behind a byte order mark, blank lines and the envelope line of an mbox."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in {b"\r", b"\n"} and start < 4096:
        start += 1
    while raw[start : start + 6].lstrip(b">").startswith(b"From "):
        end = raw.find(b"\n", start)
        if end < 0:
            break
        start = end + 1
    return start if start < len(raw) else 0


def _body_charset(raw: bytes) -> str | None:
    """The first charset that the mail names: the best guess for header bytes that name none."""
    found = _CHARSET.search(raw, 0, bounds.HEADER)
    return found[1].decode("ascii") if found else None


def _first(part: Part, name: str) -> str:
    return str(part.get(name, ""))


def _split(span: Span) -> tuple[bytes, Span]:
    """Header block and body; a header that never ends is bounded."""
    raw, start, end = span
    limit = min(end, start + bounds.HEADER)
    if at_once := _AT_ONCE.match(raw, start, end):
        return b"", Span(raw, at_once.end(), end)
    found = _BLANK_LINE.search(raw, start, limit)
    block = raw[start : found.start() + 1 if found else limit]
    stop = _stop(block)
    if stop < len(block):
        return block[:stop], Span(raw, start + stop, end)
    return block, Span(raw, found.end() if found else limit, end)


def _stop(block: bytes) -> int:
    """Where a header block ends because a line is no field and no field follows: the blank line was forgotten."""
    position, size = 0, len(block)
    while position < size:
        following = block.find(b"\n", position) + 1 or size
        if not _belongs(block, position) and (following >= size or not _belongs(block, following)):
            return position
        position = following
    return size


def _belongs(block: bytes, position: int) -> bool:
    return block[position] in b" \t" or _NAME.match(block, position) is not None


def _fields(block: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    """(name, raw value) in order; lines that are no field are left out and named as trouble."""
    fields: list[tuple[str, list[bytes]]] = []
    troubles: list[str] = []
    for line in block.split(b"\n"):
        if line[:1] in {b" ", b"\t"}:
            if fields:
                fields[-1][1].append(line)
        elif match := _NAME.match(line):
            fields.append((match[0][:-1].rstrip().decode("ascii"), [line[match.end() :]]))
        elif line.strip():
            troubles.append("a line in the header is no field")
    return [(name, b"\n".join(lines)) for name, lines in fields], troubles[:3]


def _decoded(part: Part) -> Span:
    """The body without its transfer encoding, which a container should not have (RFC 2045 section 6.4)."""
    if part.encoding not in {"base64", "quoted-printable"}:
        return part.body
    data = part.data()
    return Span(data, 0, len(data))


def _signed(part: Part) -> Span | None:
    data = part.data()
    content = signed_content(data) if kind_of(part.content.parameters.get("smime-type", ""), data) == SIGNED else None
    return Span(content, 0, len(content)) if content is not None else None


def unfolded_field(part: Message, name: str) -> str:
    """The first field of that name on one line, "" where there is none."""
    return unfolded(str(part.get(name, "")))
