"""A docx, xlsx or pptx without what tells who made it (ISO/IEC 29500, parts 1 and 2).

Whole parts go: properties, thumbnails, printers, custom data, lists of people, signatures. In the others the authors,
paths and file names are overwritten, pictures lose their own properties, and documents inside are cleaned the same
way. A part whose contents nobody here can look through (macros, OLE objects, films, metafiles) keeps the whole file in.
"""

import io
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from maild.adapters.barexml import bare_relations, bare_xml, without_overrides
from maild.domain.cleaned import How, Uncleanable
from maild.domain.value import value

UNPACKED = 60 << 20
"""Bytes that a document may unfold to."""
_MOST_PARTS, _DEEPEST = 4000, 2
_TYPES = "[Content_Types].xml"
_GONE = re.compile(
    r"docProps/.*|customXml/.*|_xmlsignatures/.*|(?:word|xl|ppt)/printerSettings/.*|word/people\.xml|xl/persons/.*"
    r"|xl/threadedComments/.*|xl/revisions/.*|xl/userShapes/.*|xl/calcChain\.xml|(?:.*/)?thumbnail\.\w+"
)
_XML = re.compile(r".*\.(?:xml|rels|vml|svg)", re.IGNORECASE)
_PICTURE = re.compile(r".*\.(?:png|jpe?g|gif|bmp|tiff?|webp)", re.IGNORECASE)
_DOCUMENT = re.compile(r".*\.(?:docx|xlsx|pptx)", re.IGNORECASE)
_PLAIN = re.compile(r".*\.(?:odttf|fntdata|ttf)", re.IGNORECASE)
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@value
class _Packing:
    """What is known while the parts of one document are cleaned."""

    gone: frozenset[str]
    deep: int
    said: list[str]


def bare_office(data: bytes, deep: int = 0) -> tuple[bytes, str]:
    """The document without its properties, and the words that stay; `Uncleanable` where a part is opaque."""
    if data.startswith(_CFB):
        raise Uncleanable(How.LOCKED)
    parts = _unpacked(data)
    gone = frozenset(name for name in parts if _GONE.fullmatch(name.lstrip("/")))
    packing = _Packing(gone=gone, deep=deep, said=[])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            if name not in gone and not _of_gone(name, gone):
                member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(member, _bare_part(name, content, packing))
    return made.getvalue(), "\n".join(packing.said)


def _unpacked(data: bytes) -> dict[str, bytes]:
    left = UNPACKED
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        members = [one for one in folder.infolist() if not one.is_dir()]
        if len(members) > _MOST_PARTS:
            raise Uncleanable(How.TOO_LARGE)
        for member in members:
            if member.flag_bits & 1:
                raise Uncleanable(How.LOCKED)
            with folder.open(member) as opened:
                parts[member.filename] = opened.read(left + 1)
            left -= len(parts[member.filename])
            if left < 0:
                raise Uncleanable(How.TOO_LARGE)
    if _TYPES not in parts:
        raise Uncleanable(How.DAMAGED)
    return parts


def _of_gone(name: str, gone: frozenset[str]) -> bool:
    """Whether these are the relationships of a part that is gone."""
    folder, _, own = name.rpartition("_rels/")
    return own.endswith(".rels") and f"{folder}{own[: -len('.rels')]}" in gone


def _bare_part(name: str, content: bytes, packing: _Packing) -> bytes:
    if name == _TYPES:
        return without_overrides(content, packing.gone)
    for shape, clean in _WAYS:
        if shape.fullmatch(name):
            bare, words = clean(name, content, packing)
            packing.said.append(words)
            return bare
    raise Uncleanable(How.UNKNOWN)


def _xml(name: str, content: bytes, packing: _Packing) -> tuple[bytes, str]:
    if name.endswith(".rels"):
        base = name.rpartition("_rels/")[0]
        content = bare_relations(content, packing.gone, base)
    try:
        return bare_xml(content)
    except (expat.ExpatError, UnicodeError, ValueError):
        raise Uncleanable(How.DAMAGED) from None


def _picture(_name: str, content: bytes, _packing: _Packing) -> tuple[bytes, str]:
    from maild.adapters.bareimage import bare_image

    return bare_image(content), ""


def _document(_name: str, content: bytes, packing: _Packing) -> tuple[bytes, str]:
    if packing.deep >= _DEEPEST:
        raise Uncleanable(How.TOO_LARGE)
    return bare_office(content, packing.deep + 1)


def _plain(_name: str, content: bytes, _packing: _Packing) -> tuple[bytes, str]:
    return content, ""


_WAYS: tuple[tuple[re.Pattern[str], Callable[[str, bytes, _Packing], tuple[bytes, str]]], ...] = (
    (_XML, _xml), (_PICTURE, _picture), (_DOCUMENT, _document), (_PLAIN, _plain),
)  # fmt: skip
