"""The cells of one spreadsheet, read in a process of its own; run as a program by `filledforms`.

Standard input is the file; standard output is one JSON array of sheets, each of rows, each of texts. Memory, time and
size are bounded before anything is opened; what goes past them ends this process alone.
"""

import io
import json
import sys
import zipfile
from datetime import date, datetime, time

from maild.adapters.attachedreader import bounded

_SHEETS, _ROWS, _COLUMNS, _CELL = 3, 600, 60, 2500
_UNPACKED = 40 << 20
_TEXT = 300_000
"""Characters of all cells together."""


def cells(data: bytes) -> list[list[list[str]]]:
    """The cells of the first sheets as texts; formulas count as what they showed last."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        if sum(member.file_size for member in folder.infolist()[:2000]) > _UNPACKED or len(folder.infolist()) > 2000:
            return []
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found, left = [], _TEXT
    for sheet in book.worksheets[:_SHEETS]:
        rows = []
        for line in sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS, values_only=True):
            row = [_text(cell)[: min(_CELL, max(0, left))] for cell in line]
            left -= sum(map(len, row))
            rows.append(row)
        while rows and not any(rows[-1]):
            rows.pop()
        found.append(rows)
    return found


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell).strip()


if __name__ == "__main__":
    bounded()
    try:
        answer = cells(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001  whatever a damaged file does to a library
        answer = []
    json.dump(answer, sys.stdout)
