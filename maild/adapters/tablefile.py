"""Tables as XLSX files, for people who go on working with them in a spreadsheet (extra `tables`)."""

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from maild.domain.value import value
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | None
_WIDEST, _NARROWEST = 60, 8
_SHEET_NAME = 31


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
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101  a new workbook has one sheet
    for number, spread in enumerate(sheets):
        sheet = book.create_sheet() if number else first
        sheet.title = "".join(c for c in spread.title if c not in "[]:*?/\\")[:_SHEET_NAME] or "table"
        _fill(sheet, spread.headers, spread.rows)
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


def _fill(sheet: "Worksheet", headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for at, row in enumerate((headers, *rows), 1):
        for column, said in enumerate(row, 1):
            text = isinstance(said, str)
            cell = sheet.cell(at, column, ILLEGAL_CHARACTERS_RE.sub(" ", said) if isinstance(said, str) else said)
            if text:
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if at == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(headers) + 1):
        longest = max((_width(row[column - 1]) for row in (headers, *rows)), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
    sheet.freeze_panes = "A2"


def _width(value: Cell) -> int:
    """Columns that a value takes; a Chinese character takes two."""
    lines = str("" if value is None else value).split("\n")
    return max(sum(1 if ord(c) < 0x2E80 else 2 for c in line) for line in lines)
