"""Forms and tables as XLSX (extra `tables`), made to be filled in on a telephone as well as at a desk."""

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from maild.adapters.sheetfile import can_print, sheet_file
from maild.adapters.tablefile import table_file
from maild.errors import Misconfigured
from maild.workflow.pressed import FormSheet, Press

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHEET_NAME = 31
_GREY, _PALE = "FFDCE3EA", "FFF4F6F9"
_WIDE, _NARROW = 34, 16
_LONGEST_LIST = 250
"""Excel takes no longer list of choices within a cell's rule."""


def can_table() -> bool:
    """Whether the library is installed."""
    return find_spec("openpyxl") is not None


def press() -> Press:
    """Everything that this installation can make."""
    tables = can_table()
    return Press(sheet=sheet_file if can_print() else None, form=form_file if tables else None,
                 table=table_file if tables else None)  # fmt: skip


def form_file(form: FormSheet) -> bytes:
    """The form as a workbook of one sheet; cells check what is written where the program can say it.

    Raises `Misconfigured` with the mend where the extra is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as missing:
        raise Misconfigured("Writing XLSX needs the extra 'tables'; run: pip install 'maild[tables]'.") from missing
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  a new workbook has one sheet
    sheet.title = "".join(c for c in form.title if c not in "[]:*?/\\")[:_SHEET_NAME] or "form"
    _write(sheet, 1, 1, form.title, bold=True)
    _write(sheet, 2, 1, form.hint)
    (_as_table if form.many else _as_list)(sheet, form)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def _as_table(sheet: "Worksheet", form: FormSheet) -> None:
    """Names in row 3, what may be written in row 4, and rows to fill in below."""
    from openpyxl.utils import get_column_letter

    for column, (field, need) in enumerate(zip(form.fields, form.needs, strict=True), 1):
        _write(sheet, 3, column, f"{field['name']} ({need})" if need else str(field["name"]), bold=True, fill=_GREY)
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = _WIDE if field["kind"] == "text" else _NARROW + 4
        for row in range(4, 4 + form.rows):
            sheet.cell(row, column).number_format = "@"
        _rule(sheet, f"{letter}4:{letter}{3 + form.rows}", form, field)
    sheet.freeze_panes = "A4"


def _as_list(sheet: "Worksheet", form: FormSheet) -> None:
    """Names in the first column, cells to fill in beside them, and behind those what may be written."""
    for row, (field, need) in enumerate(zip(form.fields, form.needs, strict=True), 3):
        _write(sheet, row, 1, str(field["name"]), bold=True, fill=_GREY)
        sheet.cell(row, 2).number_format = "@"
        _write(sheet, row, 3, need, fill=_PALE)
        _rule(sheet, f"B{row}", form, field)
    for letter, width in (("A", _NARROW + 4), ("B", _WIDE + 16), ("C", _WIDE)):
        sheet.column_dimensions[letter].width = width


def _rule(sheet: "Worksheet", cells: str, form: FormSheet, field: object) -> None:
    """A list to choose from; other kinds are told by the hint alone, as cells are text so that nothing is lost."""
    from openpyxl.worksheet.datavalidation import DataValidation

    assert isinstance(field, dict)  # noqa: S101  `field_row` makes them
    choices = [str(one) for one in field["choices"]] if field["kind"] == "choice" else []
    if field["kind"] == "yes-no":
        choices = list(form.yes_no)
    if field["kind"] == "score" and str(field["least"]).isdigit() and str(field["most"]).isdigit():
        choices = [str(n) for n in range(int(field["least"]), int(field["most"]) + 1)]
    listed = ",".join(choices)
    if choices and len(listed) <= _LONGEST_LIST and not any(sign in one for one in choices for sign in ',"'):
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(rule)
        rule.add(cells)


def _write(sheet: "Worksheet", row: int, column: int, text: str, *, bold: bool = False, fill: str = "") -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub(" ", text))
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=bool(fill))
    cell.font = Font(bold=bold)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
