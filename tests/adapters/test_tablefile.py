"""Tables for a spreadsheet."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from maild.adapters.tablefile import table_file, write_table
from maild.errors import Misconfigured


def test_text_never_computes() -> None:
    """A cell that begins like a formula is text, so that a mail's words run nothing in a spreadsheet."""
    made = table_file("表[1]", ["=HYPERLINK(1)", "n"], [["=1+1", 3], ["@SUM(A1)", 4], ["a\x00b", None]])

    sheet = load_workbook(BytesIO(made)).active

    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["=HYPERLINK(1)", "n"], ["=1+1", 3], ["@SUM(A1)", 4], ["a b", None]]
    assert {sheet.cell(2, 1).data_type, sheet.cell(3, 1).data_type} == {"s"}
    assert sheet.title == "表1"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error says which file, and what to do."""
    with pytest.raises(Misconfigured, match="nowhere"):
        write_table(tmp_path / "nowhere" / "t.xlsx", "t", ["a"], [])
