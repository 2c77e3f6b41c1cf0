"""The text of one attachment, read in a process of its own (casework 2); run as a program by `attachedtext`.

Standard input is the file, the argument its kind; standard output is one JSON object: `how` far it was read, and its
`text`. Memory, time and size are bounded before anything is opened; what goes past them ends this process alone.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from pypdf import PdfReader

MEMORY, CPU, OUTPUT = 600 << 20, 4, 1 << 20
"""Bytes of memory, seconds of work, bytes of the answer."""
_UNPACKED = 40 << 20
"""Bytes that a packed document may unfold to; what lies beyond is not read."""
LONGEST = 20_000
"""Characters of the answer."""
_PARTS, _PAGES = 60, 30
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MEMBERS = {
    "docx": re.compile(r"word/document\.xml"),
    "pptx": re.compile(r"ppt/slides/slide\d{1,4}\.xml"),
    "xlsx": re.compile(r"xl/worksheets/sheet\d{1,4}\.xml"),
    "odf": re.compile(r"content\.xml"),
}
_ENDS_LINE = frozenset({"p", "h", "row", "table-row", "br"})
_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\??|\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_RTF_SILENT = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "generator", "datastore"}
)


class Locked(Exception):
    """The file wants a password."""


class Enough(Exception):
    """As much was read as may be."""


class _Words:
    """Collects the text of one XML part; entities of its own are refused (billion laughs)."""

    def __init__(self, kind: str, strings: list[str] | None = None) -> None:
        self.pieces: list[str] = []
        self._kind, self._strings, self._size = kind, strings, 0
        self._take, self._shared = kind == "odf", False

    def read(self, chunks: Iterator[bytes]) -> str:
        """The text of the part."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        with suppress(Enough):
            for chunk in chunks:
                parser.Parse(chunk)
        return "".join(self.pieces)

    def _refuse(self, *_: object) -> None:
        raise expat.ExpatError("a document type of its own")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        if local == "c":
            self._shared = attributes.get("t") == "s"
        if self._kind != "odf":
            self._take = local in {"t", "v"}

    def _close(self, name: str) -> None:
        local = name.rpartition("}")[2]
        if self._kind != "odf":
            self._take = False
        if local in _ENDS_LINE:
            self._add("\n")
        elif local in {"tab", "tc", "c", "table-cell", "s"}:
            self._add(" ")
        elif local == "si":
            self._add("\0")

    def _characters(self, text: str) -> None:
        if self._take:
            known = self._strings if self._shared and self._strings is not None else None
            self._add(known[int(text)] if known and text.isdigit() and int(text) < len(known) else text)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self._size += len(text)
        if self._size > 50 * LONGEST:
            raise Enough


def packed(data: bytes, kind: str) -> str:
    """Text of a document that is a zip file of XML (ISO/IEC 29500, ISO/IEC 26300)."""
    if data.startswith(_CFB):
        raise Locked
    left = [_UNPACKED]
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        if any(member.flag_bits & 1 for member in folder.infolist()[:2000]):
            raise Locked
        names = [name for name in folder.namelist()[:20_000] if _MEMBERS[kind].fullmatch(name)]
        if kind == "odf" and "META-INF/manifest.xml" in folder.namelist():
            manifest = b"".join(_chunks(folder, "META-INF/manifest.xml", left))
            if b"encryption-data" in manifest:
                raise Locked
        strings = None
        if kind == "xlsx" and "xl/sharedStrings.xml" in folder.namelist():
            strings = _Words("shared").read(_chunks(folder, "xl/sharedStrings.xml", left)).split("\0")
        ordered = sorted(names, key=lambda name: (len(name), name))[:_PARTS]
        return "\n".join(_Words(kind, strings).read(_chunks(folder, name, left)) for name in ordered)


def _chunks(folder: zipfile.ZipFile, name: str, left: list[int]) -> Iterator[bytes]:
    with folder.open(name) as member:
        while left[0] > 0 and (chunk := member.read(min(1 << 16, left[0]))):
            left[0] -= len(chunk)
            yield chunk


def pdf(data: bytes) -> str:
    """Text of the first pages, by the library of the extra `attachments`."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it may quote the file
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not _opens(reader):
        raise Locked
    pieces: list[str] = []
    for number in range(min(len(reader.pages), _PAGES)):
        pieces.append(reader.pages[number].extract_text())
        if sum(map(len, pieces)) > LONGEST:
            break
    return "\n".join(pieces)


def _opens(reader: "PdfReader") -> bool:
    """Whether a file that may be read by anybody opens without a password."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # noqa: BLE001  a cipher that is not at hand is as good as a password
        return False


def rtf(data: bytes) -> str:
    """Text of a rich text file: its letters, without tables of fonts and pictures."""
    made, silent, depth = bytearray(), 0, 0
    for found in _RTF.finditer(data[: 4 << 20].decode("latin-1")):
        byte, code, word, _, sign, brace, text = found.groups()
        if brace:
            depth += 1 if brace == "{" else -1
            silent = silent if depth >= silent else 0
        elif not silent and (word in _RTF_SILENT or sign == "*"):
            silent = depth
        elif silent:
            continue
        elif byte:
            made += bytes.fromhex(byte)
        elif code:
            made += chr(int(code) % 0x10000).encode("gb18030", "replace")
        elif word in {"par", "line", "row", "cell", "tab"}:
            made += b" " if word in {"cell", "tab"} else b"\n"
        elif text:
            made += text.encode("latin-1")
    return made.decode("gb18030", "replace")


READERS: dict[str, Callable[[bytes], str]] = {
    "docx": lambda data: packed(data, "docx"), "xlsx": lambda data: packed(data, "xlsx"),
    "pptx": lambda data: packed(data, "pptx"), "odf": lambda data: packed(data, "odf"), "pdf": pdf, "rtf": rtf,
}  # fmt: skip


def answer(data: bytes, kind: str) -> dict[str, str]:
    """How far the file could be read, and its text; never raises."""
    try:
        text = READERS[kind](data)
    except Locked:
        return {"how": "locked" if not data.startswith(_CFB) or _ENCRYPTED in data else "damaged", "text": ""}
    except ModuleNotFoundError:
        return {"how": "no-reader", "text": ""}
    except MemoryError:
        return {"how": "too-large", "text": ""}
    except Exception:  # noqa: BLE001  whatever a damaged file does to a library
        return {"how": "damaged", "text": ""}
    lines = (" ".join(line.split()) for line in text[: 10 * LONGEST].split("\n"))
    clean = "\n".join(line for line in lines if line)[:LONGEST]
    return {"how": "read" if clean else "empty", "text": clean.encode("utf-8", "replace").decode()}


def bounded() -> None:
    """Bound this process: memory, work, no file larger than the answer, no core."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU), (resource.RLIMIT_FSIZE, OUTPUT),
            (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, 0),
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    bounded()
    json.dump(answer(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout)
