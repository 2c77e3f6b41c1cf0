"""Which personal data files hold, found in a process of its own; run as a program by `maskapart`.

Standard input is one line of JSON, what is looked for and name and size of each file, and behind it the files; standard
output is one JSON object a file as soon as it is known, the `kinds` found or why it is `shut`. Memory, time and size
are bounded before anything is opened. What cannot be read to its end counts as shut: half a look would let the other
half through.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator

from pydantic import TypeAdapter

from maild.adapters.cleaner import bound
from maild.adapters.sheettext import document_text, sheet_text
from maild.domain.looked import Shut, Unreadable
from maild.domain.masks import Kind, Look, kinds_in
from maild.mail.charset import decode
from maild.mail.htmltext import declared_charset, html_text

_UNPACKED, _MOST_PARTS, _DEEPEST = 60 << 20, 4000, 3
_PIECE, _OVERLAP = 200_000, 200
"""Characters that are looked at together, and how many of them once more with the next."""
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHUT = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")
_MEDIA = (
    b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"\xff\xfb", b"\x1aE\xdf\xa3", b"\0\0\1\0", b"\xd7\xcd\xc6\x9a",
)  # fmt: skip
"""How pictures, sound and film begin: the only files that go along unread."""
_LIKE_WORDS = (b"GIF8", b"BM", b"ID3", b"OggS", b"fLaC", b"#!AMR", b"RIFF", b"FLV")
"""The same where a text could begin so; a film holds zeros, a text none."""
_LOOK: TypeAdapter[Look] = TypeAdapter(Look)


class Reading:
    """One file with all that is packed in it; counts what it unfolds to."""

    def __init__(self) -> None:
        self._left = _UNPACKED

    def words(self, data: bytes, name: str, deep: int = 0, *, part: bool = False) -> Iterator[str]:
        """The words of a file; of a `part` of a document, what is no file of its own is its fonts and drawings."""
        if deep > _DEEPEST:
            raise Unreadable(Shut.TOO_LARGE)
        if data.startswith((b"PK\3\4", b"PK\5\6")):
            yield from self._packed(data, deep)
        elif b"%PDF-" in data[:1024]:
            yield from self._pdf(data, deep)
        elif data.startswith(_CFB):
            yield from _compound(data)
        elif name.lower().endswith((".eml", ".mht", ".mhtml")):
            yield from self._mail(data, deep)
        elif not (part or _is_media(data)):
            yield _plain(data, name)

    def _packed(self, data: bytes, deep: int) -> Iterator[str]:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            members = [one for one in folder.infolist() if not one.is_dir()]
            names = {one.filename for one in members}
            if len(members) > _MOST_PARTS:
                raise Unreadable(Shut.TOO_LARGE)
            if any(one.flag_bits & 1 for one in members) or _is_locked_odf(folder, names):
                raise Unreadable(Shut.LOCKED)
            document = "[Content_Types].xml" in names or "META-INF/manifest.xml" in names
            if "xl/workbook.xml" in names:
                yield from sheet_text({one: self._member(folder, one) for one in names if one.startswith("xl/")})
            for member in members:
                content = self._member(folder, member.filename)
                if document and member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    yield document_text(content)
                else:
                    yield member.filename
                    yield from self.words(content, member.filename, deep + 1, part=document)

    def _member(self, folder: zipfile.ZipFile, name: str) -> bytes:
        with folder.open(name) as opened:
            content = opened.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(Shut.TOO_LARGE)
        return content

    def _pdf(self, data: bytes, deep: int) -> Iterator[str]:
        """Pages, what is filled in, and files inside; one without words is a picture."""
        import logging

        from pypdf import PdfReader

        logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it may quote the file
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(Shut.LOCKED)
        for page in reader.pages:
            text = page.extract_text()
            yield from (text, text.replace("\n", ""))  # a number may go over the end of a line
            for note in page.get("/Annots") or ():
                yield str(note.get_object().get("/Contents", ""))
        for field in (reader.get_fields() or {}).values():
            yield f"{field.get('/T', '')}：{field.get('/V', '')}"
        for name, contents in reader.attachments.items():
            for content in contents:
                yield from self.words(content, name, deep + 1)

    def _mail(self, data: bytes, deep: int) -> Iterator[str]:
        from email import message_from_bytes

        for part in message_from_bytes(data).walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from self.words(content, part.get_filename() or f".{part.get_content_subtype()}", deep + 1)


def _is_media(data: bytes) -> bool:
    like_words = data.startswith(_LIKE_WORDS) and b"\0" in data[:4096]
    return data.startswith(_MEDIA) or data[4:8] == b"ftyp" or like_words


def _is_locked_odf(folder: zipfile.ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    if "mimetype" not in names or manifest not in names:
        return False
    with folder.open(manifest) as opened:
        return b"encryption-data" in opened.read(1 << 20)


def _compound(data: bytes) -> Iterator[str]:
    """Office files of before 2007 and Outlook's: their letters stand in them as they are, between other bytes."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable(Shut.LOCKED)
    for charset, first in (("utf-16-le", 0), ("utf-16-le", 1), ("gb18030", 0)):
        yield data[first:].decode(charset, "ignore").translate(_NO_CONTROLS)


def _plain(data: bytes, name: str) -> str:
    if data.startswith(b"{\\rtf"):
        from maild.adapters.attachedreader import rtf

        return rtf(data)
    if data.startswith(_SHUT):
        raise Unreadable(Shut.UNKNOWN)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\0" in data[:65536]:
        raise Unreadable(Shut.UNKNOWN)
    html = name.lower().endswith((".htm", ".html")) or b"<html" in data[:2048].lower()
    text = data.decode("utf-16") if wide else decode(data, declared_charset(data) if html else None).text
    return html_text(text) if html else text


_NO_CONTROLS = dict.fromkeys((*range(32), 127), "\n")


def looked(data: bytes, name: str, look: Look) -> dict[str, object]:
    """What was found, or why it is shut; never raises."""
    found: set[Kind] = set()
    try:
        for words in Reading().words(data, name):
            for start in range(0, len(words), _PIECE):
                found |= kinds_in(words[max(0, start - _OVERLAP) : start + _PIECE], look)
    except Unreadable as error:
        return {"shut": error.why.value}
    except ModuleNotFoundError:
        return {"shut": Shut.NO_READER.value}
    except (MemoryError, RecursionError):
        return {"shut": Shut.TOO_LARGE.value}
    except Exception:  # noqa: BLE001  whatever a damaged file does to a library
        return {"shut": Shut.DAMAGED.value}
    return {"kinds": sorted(found)}


if __name__ == "__main__":
    bound()
    asked = json.loads(sys.stdin.buffer.readline())
    wanted = _LOOK.validate_python(asked["look"])
    for filename, size in asked["files"]:
        print(json.dumps(looked(sys.stdin.buffer.read(size), filename, wanted)), flush=True)
