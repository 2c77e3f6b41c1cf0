"""Outlook's winmail.dat (MS-OXTNEF): the attachments in it and the text of the mail, bounded, never raising.

No kept library reads the format; this reads the attributes that hold files and text and passes over the rest.
"""

import hashlib
import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from maild.domain.message import Attachment
from maild.mail import bounds
from maild.mail.charset import decode
from maild.mail.htmltext import html_text
from maild.mail.parts import clean_name

_SIGNATURE = 0x223E9F78
_BODY, _TITLE, _DATA, _ATTACHMENT, _NEW, _MAPI, _CODEPAGE = (
    0x0002800C, 0x00018010, 0x0006800F, 0x00069005, 0x00069002, 0x00069003, 0x00069007,
)  # fmt: skip
_PR_BODY, _PR_HTML, _PR_DATA, _PR_SHORT, _PR_LONG, _PR_MIME = 0x1000, 0x1013, 0x3701, 0x3704, 0x3707, 0x370E
_MOST_ATTRIBUTES, _MOST_FILES, _MOST_VALUES = 5000, 500, 2000
_FIXED = {1: 0, 2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 2, 20: 8, 64: 8, 72: 16}
"""Bytes of a MAPI value by its type; anything else has a count and lengths before it."""
_OBJECT = 0x0D
_OBJECT_ID = 16
"""An embedded object begins with the identifier of its interface."""


class Packed(NamedTuple):
    """One file of a winmail.dat."""

    name: str
    media: str
    content: bytes

    @property
    def attachment(self) -> Attachment:
        """The file as the mail lists it."""
        return Attachment(
            filename=self.name, content_type=self.media, size=len(self.content),
            sha256=hashlib.sha256(self.content).hexdigest(),
        )  # fmt: skip


class Package(NamedTuple):
    """What a winmail.dat holds."""

    files: tuple[Packed, ...] = ()
    text: str = ""


def unpacked(data: bytes) -> Package:
    """The files and the text; empty for what is no winmail.dat, as far as it goes for one that is damaged."""
    reader = _Reader()
    try:
        for code, content in islice(_attributes(data), _MOST_ATTRIBUTES):
            reader.take(code, content)
    except (struct.error, IndexError):
        pass  # cut off: what came before it counts
    return reader.package()


class _Reader:
    def __init__(self) -> None:
        self._files: list[dict[str, bytes]] = []
        self._body: dict[str, bytes] = {}
        self._charset = "windows-1252"

    def take(self, code: int, content: bytes) -> None:
        """One attribute."""
        if code == _CODEPAGE and len(content) >= 4:
            number = struct.unpack_from("<I", content)[0]
            self._charset = {65001: "utf-8", 936: "gb18030", 950: "big5", 54936: "gb18030"}.get(number, f"cp{number}")
        elif code == _NEW and len(self._files) < _MOST_FILES:
            self._files.append({})
        elif code == _BODY:
            self._body["body"] = content
        elif code == _MAPI:
            self._body |= {name: value for name, value in _named(content) if name in {"text", "html"}}
        elif self._files and code in {_TITLE, _DATA}:
            self._files[-1]["title" if code == _TITLE else "data"] = content
        elif self._files and code == _ATTACHMENT:
            self._files[-1] |= dict(_named(content))

    def package(self) -> Package:
        """Everything taken so far."""
        return Package(tuple(self._file(one) for one in self._files if one), self._text())

    def _file(self, one: dict[str, bytes]) -> Packed:
        name = next((said for key in ("long", "title", "short") if (said := self._decoded(one.get(key, b"")))), "")
        media = self._decoded(one.get("mime", b"")).lower()
        known = media if "/" in media and len(media) < 100 and media.isascii() else "application/octet-stream"
        return Packed(clean_name(name), known, one.get("data") or one.get("mapi-data", b""))

    def _text(self) -> str:
        plain = self._decoded(self._body.get("text", b"") or self._body.get("body", b""))
        page = self._body.get("html", b"")[: bounds.TEXT]
        return plain or (html_text(decode(page, self._charset).text[: bounds.TEXT // 2]) if page else "")

    def _decoded(self, value: bytes) -> str:
        """Text of the package's code page, or UTF-16 where `_named` marked it."""
        if value.startswith(b"\xff\xfe"):
            text = value[2 : 2 * bounds.TEXT].decode("utf-16-le", "replace")
        else:
            text = decode(value[: bounds.TEXT], self._charset).text
        return text.split("\0")[0].replace("\r\n", "\n").strip()


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(attribute, content) in order (MS-OXTNEF 2.1.3)."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return
    at = 6
    while at + 9 <= len(data):
        code, length = struct.unpack_from("<II", data, at + 1)
        if at + 9 + length > len(data):
            return
        yield code, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _named(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The MAPI values that matter, by our names (MS-OXTNEF 2.1.3.4)."""
    names = {_PR_BODY: "text", _PR_HTML: "html", _PR_DATA: "mapi-data", _PR_SHORT: "short", _PR_LONG: "long",
             _PR_MIME: "mime"}  # fmt: skip
    try:
        for ident, kind, value in _values(content):
            if ident in names:
                yield names[ident], b"\xff\xfe" + value if kind == 0x1F else value
    except (struct.error, IndexError):
        return


def _values(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    count = min(struct.unpack_from("<I", content)[0], _MOST_VALUES)
    at = 4
    for _ in range(count):
        kind, ident = struct.unpack_from("<HH", content, at)
        at += 4
        if ident >= 0x8000:
            at = _behind_name(content, at)
        several, base = bool(kind & 0x1000), kind & 0x0FFF
        if base in _FIXED:
            number = struct.unpack_from("<I", content, at)[0] if several else 1
            at += 4 if several else 0
            size = _FIXED[base] * min(number, len(content))
            yield ident, kind, content[at : at + size]
            at += size + -size % 4
            continue
        number = min(struct.unpack_from("<I", content, at)[0], _MOST_VALUES)
        at += 4
        for _ in range(number):
            size = struct.unpack_from("<I", content, at)[0]
            start = at + 4 + (_OBJECT_ID if base == _OBJECT else 0)
            yield ident, base, content[start : at + 4 + size]
            at += 4 + size + -size % 4
        if at > len(content):
            return


def _behind_name(content: bytes, at: int) -> int:
    """Past the identity of a named property."""
    if struct.unpack_from("<I", content, at + 16)[0] == 0:
        return at + 24
    length: int = struct.unpack_from("<I", content, at + 20)[0]
    return at + 24 + length + -length % 4
