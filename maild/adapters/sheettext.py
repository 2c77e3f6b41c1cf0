"""The words of the parts of office files (ISO/IEC 29500, ISO/IEC 26300): of a text all, of a spreadsheet cell by cell.

A cell is told together with the first cell of its column, which may be the word that says what it holds.
"""

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from maild.domain.looked import Shut, Unreadable

_LINES = frozenset({"p", "h", "row", "table-row", "br", "si", "tab", "tc", "c", "table-cell", "cell", "comment", "f"})
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_COLUMN = re.compile(r"[A-Z]{1,3}")


class _Words:
    """The characters of one part, a new line where a paragraph or cell ends; entities of its own are refused."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self.pieces.append
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def end(self, name: str) -> None:
        if name.rpartition("}")[2] in _LINES:
            self.pieces.append("\n")

    def refuse(self, *_: object) -> None:
        raise Unreadable(Shut.DAMAGED)

    def read(self, content: bytes) -> str:
        """The text of the part."""
        self.parser.Parse(content, True)
        return "".join(self.pieces)


class _Cells(_Words):
    """The cells of one sheet, row by row: column and text."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self.rows: list[dict[str, str]] = []
        self._strings, self._column, self._shared = strings, "", False
        self.parser.StartElementHandler = self.begin

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        if local == "row":
            self.rows.append({})
        elif local == "c":
            found = _COLUMN.match(attributes.get("r", ""))
            self._column = found[0] if found else str(len(self.rows[-1]) if self.rows else 0)
            self._shared = attributes.get("t") == "s"
            self.pieces.clear()

    def end(self, name: str) -> None:
        local = name.rpartition("}")[2]
        if local == "f":
            self.pieces.clear()  # a formula stands in front of what it gives
        elif local == "c" and self.rows:
            said = "".join(self.pieces)
            known = self._shared and said.isdigit() and int(said) < len(self._strings)
            self.rows[-1][self._column] = self._strings[int(said)] if known else said


def document_text(content: bytes) -> str:
    """The words of one XML part."""
    return _Words().read(content)


def sheet_text(parts: Mapping[str, bytes]) -> Iterator[str]:
    """The cells of all sheets, each with the first one of its column, and each row as one line."""
    shared = parts.get("xl/sharedStrings.xml")
    strings = _strings(shared) if shared else []
    for name, content in parts.items():
        if _SHEET.fullmatch(name):
            cells = _Cells(strings)
            cells.read(content)
            yield "\n".join(_lines(cells.rows))


def _lines(rows: list[dict[str, str]]) -> Iterator[str]:
    heads: dict[str, str] = {}
    for row in rows:
        yield " ".join(row.values())
        for column, said in row.items():
            if column in heads:
                yield f"{heads[column]}：{said}"
            elif said.strip():
                heads[column] = said


def _strings(content: bytes) -> list[str]:
    """The shared strings, each as one."""
    words = _Words()
    words.parser.EndElementHandler = lambda name: words.pieces.append("\0") if name.endswith("}si") else None
    return words.read(content).split("\0")
