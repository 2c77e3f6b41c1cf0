"""The case sheet as a PDF of one A4 page (extra `print`).

Chinese is set in STSong-Light, one of the standard CID fonts of PDF (ISO 32000 section 9.7.5.2): nothing is embedded,
the file stays small, and every reader that shows Chinese at all has a font for it; Latin words stand in Helvetica.
"""

import re
from collections.abc import Sequence
from html import escape
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from maild.adapters.finding import Finding, ok, warn
from maild.errors import Misconfigured
from maild.workflow.sheet import Sheet

if TYPE_CHECKING:
    from reportlab.platypus import Table

MISSING = "Printing case sheets needs the extra 'print'; run: pip install 'maild[print]'."
_CHINESE, _LATIN = "STSong-Light", "Helvetica"
_MARGIN, _GAP, _LEAST_BOX = 51.0, 7.0, 190.0
"""Points (1/72 inch): around the page, between its parts, the height of the field for the instruction."""
_LABEL = 82.0
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_NO_GLYPH = re.compile(r"[^\u0000-\uffff]")


def can_print() -> bool:
    """Whether the library is installed."""
    return find_spec("reportlab") is not None


def check_printing() -> Finding:
    """Whether 处理单 / print brings a PDF."""
    check = "printing"
    if can_print():
        return ok(check, "case sheets are printed as PDF")
    return warn(check, "a mail that asks for a case sheet is answered without one", "pip install 'maild[print]'")


def sheet_file(sheet: Sheet) -> bytes:
    """The PDF; raises `Misconfigured` with the mend where the extra is not installed."""
    if not can_print():
        raise Misconfigured(MISSING)
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    if _CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE))
    whole = BytesIO()
    canvas = Canvas(whole, pagesize=A4, invariant=True, lang="zh-CN" if sheet.language.startswith("zh") else "en")
    canvas.setTitle(f"{sheet.title} {sheet.number}")
    canvas.setAuthor(sheet.organisation)
    _draw(canvas, sheet, width=A4[0] - 2 * _MARGIN, top=A4[1] - _MARGIN)
    canvas.showPage()
    canvas.save()
    return whole.getvalue()


def _draw(canvas: Any, sheet: Sheet, *, width: float, top: float) -> None:
    """From the top: title, facts, summary, as much history as leaves room, and the field with what is left."""
    top = _put(canvas, _text(sheet.organisation, sheet, align=1), width, top, gap=3)
    top = _put(canvas, _text(sheet.title, sheet, size=19, align=1), width, top, gap=12)
    top = _put(canvas, _grid(_pairs(sheet), sheet, (_LABEL, width / 2 - _LABEL) * 2), width, top)
    wide = [[_text(name, sheet, muted=True), _text(said, sheet)] for name, said in sheet.wide]
    top = _put(canvas, _grid(wide, sheet, (_LABEL, width - _LABEL)), width, top)
    foot = _text(sheet.foot, sheet, size=8, muted=True)
    _, high = foot.wrap(width, top)
    bottom = _MARGIN + high + _GAP
    top = _put(canvas, _text(sheet.history_label, sheet, muted=True), width, top, gap=3)
    top = _put(canvas, _history(sheet, width, top - bottom - _LEAST_BOX), width, top)
    _box(canvas, sheet, width, (top, bottom))
    foot.drawOn(canvas, _MARGIN, _MARGIN)


def _put(canvas: Any, flowable: Any, width: float, top: float, *, gap: float = _GAP) -> float:
    _, high = flowable.wrap(width, top)
    flowable.drawOn(canvas, _MARGIN, top - high)
    return float(top - high - gap)


def _pairs(sheet: Sheet) -> list[list[Any]]:
    """The facts, two beside each other."""
    cells = [cell for name, said in sheet.facts for cell in (_text(name, sheet, muted=True), _text(said, sheet))]
    cells += [""] * (-len(cells) % 4)
    return [cells[at : at + 4] for at in range(0, len(cells), 4)]


def _history(sheet: Sheet, width: float, room: float) -> "Table":
    """The first row and the newest ones that fit, with what says how many there are where some are left out."""
    columns = (118.0, 82.0, width - 200.0)
    for left in range(max(len(sheet.history), 1)):
        table = _grid([[_text(one, sheet, size=9) for one in row] for row in _kept(sheet, left)], sheet, columns)
        if table.wrap(width, room)[1] <= room:
            return table
    return _grid([[_text(sheet.cut, sheet, size=9)]], sheet, (width,))


def _kept(sheet: Sheet, left: int) -> list[Sequence[str]]:
    rows = list(sheet.history)
    if not left:
        return [*rows]
    return [*rows[:1], ("…", "", sheet.cut), *rows[left + 1 :]]


def _grid(rows: Sequence[Sequence[Any]], sheet: Sheet, columns: Sequence[float]) -> "Table":
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    lines = [("GRID", (0, 0), (-1, -1), 0.5, HexColor("#8a929c")), ("VALIGN", (0, 0), (-1, -1), "TOP"),
             ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]  # fmt: skip
    return Table(
        [list(row) for row in rows] or [[_text("", sheet)] * len(columns)], colWidths=list(columns), style=lines
    )


def _box(canvas: Any, sheet: Sheet, width: float, between: tuple[float, float]) -> None:
    """The empty field with the lines for signature and date in its lower right corner."""
    top, bottom = between
    canvas.setLineWidth(0.9)
    canvas.rect(_MARGIN, bottom, width, top - bottom)
    _put_at(canvas, _text(sheet.instruction, sheet, size=12), (_MARGIN + 9, top - 22), width / 2)
    y, right = bottom + 16, _MARGIN + width
    for label, x in ((sheet.signature, right - 320), (sheet.date, right - 155)):
        _put_at(canvas, _text(label, sheet, size=10), (x, y - 3), 70)
        canvas.setLineWidth(0.6)
        canvas.line(x + 52, y, x + 145, y)


def _put_at(canvas: Any, flowable: Any, at: tuple[float, float], width: float) -> None:
    flowable.wrap(width, 40)
    flowable.drawOn(canvas, *at)


def _text(text: str, sheet: Sheet, *, size: float = 10, muted: bool = False, align: int = 0) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "cell", fontName=_LATIN, fontSize=size, leading=size * 1.4, alignment=align,
        wordWrap="CJK" if _HAN.search(text) else None, textColor=HexColor("#4a525c" if muted else "#000000"),
    )  # fmt: skip
    return Paragraph(_mixed(text, "cp1252" if sheet.language == "en" else "latin-1"), style)


def _mixed(text: str, charset: str) -> str:
    """Runs of what Helvetica has, and runs of the rest in the Chinese font; what neither has is a 〓."""
    pieces: list[tuple[bool, str]] = []
    for char in _NO_GLYPH.sub("〓", text):
        plain = _is_in(char, charset)
        if pieces and pieces[-1][0] == plain:
            pieces[-1] = (plain, pieces[-1][1] + char)
        else:
            pieces.append((plain, char))
    return "".join(escape(run) if plain else f'<font name="{_CHINESE}">{escape(run)}</font>' for plain, run in pieces)


def _is_in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
