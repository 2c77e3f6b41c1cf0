"""One XML part of an office document without what tells who wrote it; every other byte stays as it is.

Only the tags that tell something are written anew, so that no namespace and no order changes: Word refuses a document
whose prefixes were renamed. A document type of its own is refused (billion laughs).
"""

import re
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

_ATTRIBUTE = re.compile(rb"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_DECLARED = re.compile(r"""^<\?xml[^>]*\?>""")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_EVERYWHERE = {
    "author": "Author", "initials": "A", "userName": "Author", "userId": "None", "providerId": "None",
    "lastModifiedBy": "", "presenceInfo": "",
}  # fmt: skip
"""What an attribute of this name becomes, whatever its element: authors of comments and of tracked changes."""
_IN: Mapping[str, Mapping[str, str]] = {
    "docPr": {"name": "Item", "descr": "", "title": ""},
    "cNvPr": {"name": "Item", "descr": "", "title": ""},
    "imagedata": {"title": ""},
    "shape": {"alt": ""},
    "absPath": {"url": ""},
    "docVar": {"val": ""},
    "rsid": {"val": "00000000"},
    "rsidRoot": {"val": "00000000"},
    "cmAuthor": {"name": "Author", "clrIdx": "0"},
    "author": {"name": "Author"},
    "cm": {"dt": "2000-01-01T00:00:00.000"},
    "fileSharing": {"userName": "Author", "reservationPassword": ""},
}
"""The same within one element: the file names and paths that Office keeps beside a picture, ids of editing sessions."""
_DATED = "2000-01-01T00:00:00Z"
_LINK = re.compile(r"https?://", re.IGNORECASE)
_BREAKS = frozenset({"p", "si", "c", "row", "comment", "tr", "br"})


class _Part:
    """Collects what is to be written anew, and the words that stay."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.edits: list[tuple[int, int, bytes]] = []
        self.words: list[str] = []
        self.said: list[str] = []
        self._author_at = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._open, self._close
        self.parser.CharacterDataHandler = self._say
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.CommentHandler = self._comment
        self.parser.Parse(data, True)

    def _say(self, text: str) -> None:
        if not self._author_at:
            self.words.append(text)

    def _refuse(self, *_: object) -> None:
        raise expat.ExpatError("a document type of its own")

    def _comment(self, _text: str) -> None:
        begin = self.parser.CurrentByteIndex
        self.edits.append((begin, self.data.index(b"-->", begin) + 3, b""))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        begin, local = self.parser.CurrentByteIndex, _local(name)
        end = _tag_end(self.data, begin)
        own = {one: new for one, said in attributes.items() if (new := _instead(local, one, said, attributes)) != said}
        self.said += [said for one, said in attributes.items() if one not in own]
        if own:
            self.edits.append((begin, end, _rewritten(self.data[begin:end], own)))
        if local == "author":
            self._author_at = end

    def _close(self, name: str) -> None:
        local = _local(name)
        if local == "author" and self._author_at and self.data[self._author_at - 2 : self._author_at] != b"/>":
            begin, end = self._author_at, self.parser.CurrentByteIndex
            if begin < end:
                self.edits.append((begin, end, b"Author"))
        self._author_at = 0
        if local in _BREAKS:
            self.words.append("\n")


def bare_xml(data: bytes) -> tuple[bytes, str]:
    """The part in UTF-8 without authors, paths and sessions, and the words and values that stay in it.

    `expat.ExpatError` where it is not well formed.
    """
    part = _Part(_in_utf8(data))
    done, at = [], 0
    for begin, end, new in sorted(part.edits):
        if begin >= at:
            done += [part.data[at:begin], new]
            at = end
    done.append(part.data[at:])
    return b"".join(done), "".join(part.words) + "\n" + "\n".join(part.said)


def bare_relations(data: bytes, gone: frozenset[str], base: str) -> bytes:
    """The relationships of a part in folder `base` without those to parts that are `gone` and to places on a disk."""
    text = _in_utf8(data)
    done = text
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", text):
        own = {name.decode(): said[1:-1].decode() for name, _, said in _ATTRIBUTE.findall(tag)}
        target = own.get("Target", "")
        if own.get("TargetMode") == "External":
            if not _LINK.match(target):
                done = done.replace(tag, _rewritten(tag, {"Target": "removed"}))
        elif resolved(base, target) in gone:
            done = done.replace(tag, b"")
    return done


def without_overrides(data: bytes, gone: frozenset[str]) -> bytes:
    """The list of content types without the parts that are `gone`."""
    return re.sub(
        rb'<(?:\w+:)?Override\b[^>]*\bPartName="([^"]*)"[^>]*>',
        lambda found: b"" if found[1].decode().lstrip("/") in gone else found[0], _in_utf8(data),
    )  # fmt: skip


def resolved(base: str, target: str) -> str:
    """The name of the part that a relationship of a part in `base` means."""
    steps = [] if target.startswith("/") else [one for one in base.split("/") if one]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def _instead(element: str, name: str, said: str, attributes: Mapping[str, str]) -> str:
    local = _local(name)
    if local.startswith("rsid") and len(local) > len("rsid"):
        return "00000000"
    if local == "date" and any(_local(one) == "author" for one in attributes):
        return _DATED
    return _IN.get(element, {}).get(local, _EVERYWHERE.get(local, said))


def _rewritten(tag: bytes, new: Mapping[str, str]) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return found[1] + b'="' + escape(new[name], {'"': "&quot;"}).encode() + b'"' if name in new else found[0]

    return _ATTRIBUTE.sub(one, tag)


def _tag_end(data: bytes, begin: int) -> int:
    """Where a start tag ends; `>` within quotes does not end it."""
    found = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""").match(data, begin)
    return found.end() if found else begin


def _in_utf8(data: bytes) -> bytes:
    charset = _BOMS.get(data[:2]) or _BOMS.get(data[:3])
    if charset is None:
        return data
    text = data.decode(charset)
    return _DECLARED.sub('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', text).encode()


def _local(name: str) -> str:
    return name.rpartition(":")[2]
