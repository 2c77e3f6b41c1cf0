"""Tables as XLSX files, for people who go on working with them in a spreadsheet (extra `tables`)."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from maild.domain.value import value
from maild.errors import Misconfigured

Cell = str | int | float | None
_WIDEST, _NARROWEST = 60, 8
_SHEET_NAME = 31
_LONG = 20
"""Rows from which on a list gets a filter in its header."""


@value
class Spread:
    """One sheet: its name, headers and rows."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def can_spread() -> bool:
    """Whether the library is installed."""
    return find_spec("openpyxl") is not None


def table_file(title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet with these headers and rows."""
    return workbook([Spread(title=title, headers=headers, rows=rows)])


def workbook(sheets: Sequence[Spread]) -> bytes:
    """A file of these sheets; text stays text, whatever it begins with, so that no cell computes.

    Raises `Misconfigured` with the mend where the extra is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as missing:
        raise Misconfigured("Writing XLSX needs the extra 'tables'; run: pip install 'maild[tables]'.") from missing
    # Row by row: the list of a report's cases may have many thousands, and a look costs three times what its text does.
    book = Workbook(write_only=True)
    for spread in sheets:
        title = "".join(c for c in spread.title if c not in "[]:*?/\\")[:_SHEET_NAME] or "table"
        _fill(book.create_sheet(title), spread.headers, spread.rows)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def write_table(path: Path, title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """`table_file` written to `path`; raises `Misconfigured` where it cannot be."""
    content = table_file(title, headers, rows)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}; name another file.") from error


def _fill(sheet: Any, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Widths and the frozen header come first: what is written row by row takes them no more afterwards."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for column in range(1, len(headers) + 1):
        longest = max((_width(row[column - 1]) for row in (headers, *rows)), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
    sheet.freeze_panes = "A2"
    look, bold = {"alignment": Alignment(vertical="top", wrap_text=True)}, {"font": Font(bold=True)}
    sheet.append([_cell(sheet, said, look | bold) for said in headers])
    for row in rows:
        wraps = any(isinstance(said, str) and ("\n" in said or _width(said) > _WIDEST - 2) for said in row)
        sheet.append([_cell(sheet, said, look if wraps else {}) for said in row])
    if len(rows) >= _LONG:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{len(rows) + 1}"


def _cell(sheet: Any, said: Cell, look: Mapping[str, Any]) -> Any:
    """The value as it is, or a cell around it where it has a look of its own or must be kept from computing."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    known = ILLEGAL_CHARACTERS_RE.sub(" ", said) if isinstance(said, str) else said
    if not look and not (isinstance(known, str) and known.startswith(("=", "#"))):
        return known
    cell = WriteOnlyCell(sheet, known)
    if isinstance(known, str):
        cell.data_type = "s"
    for name, part in look.items():
        setattr(cell, name, part)
    return cell


def _width(value: Cell) -> int:
    """Columns that a value takes; a Chinese character takes two."""
    text = str("" if value is None else value)
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(sum(1 if ord(c) < 0x2E80 else 2 for c in line) for line in text.split("\n"))
