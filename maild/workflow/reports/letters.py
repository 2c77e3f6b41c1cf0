"""A report as a mail: tables, pictures beside them, a spreadsheet, and a key that knows what each figure counts."""

from collections.abc import Mapping
from datetime import timedelta

from maild.domain.directory import Person
from maild.domain.ladder import not_before
from maild.domain.letter import Enclosure, Letter, LetterKind
from maild.domain.recurrence import Every
from maild.domain.reporttable import Cell, Figure, Report, Table
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.reports.behind import Find, behind, pages
from maild.workflow.reports.drawing import Drawing
from maild.workflow.reports.wordings import Wordings

REPORT = "report"
"""Under this name a key keeps which report its mail is, and what each figure counts."""
MOST_LISTED = 2_000
"""Cases behind one figure that a mail's spreadsheet lists, so that it stays a file that a mail can carry."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PNG = "image/png"
_KEPT = {Every.WEEK: 31, Every.MONTH: 62, Every.QUARTER: 124, Every.YEAR: 400}
"""Days for which a report's figures can be opened: until the next one has come."""


def report_letter(
    report: Report, reader: Person, office: Office, *, words: Wordings, drawing: Drawing, find: Find
) -> Letter:  # fmt: skip
    """The mail to this reader."""
    drawn = charts(report, drawing)
    file = spreadsheet(report, reader, office, words=words, drawing=drawing, find=find, most=MOST_LISTED)
    data = report_data(report, {n: f"cid:{one.cid}" for n, one in drawn.items()}) | {"has_file": file is not None}
    known: dict[str, object] = {REPORT: {
        "rule": report.rule, "period": report.period.key, "unit": report.unit,
        "period_name": report.period_name,
        "figures": {ident: [one.code, one.label, _before(one)] for ident, one in report.figures.items()},
    }}  # fmt: skip
    data |= {"key_data": known, "key_expires": office.now + timedelta(days=_KEPT[report.period.every])}
    calendar = office.calendar_at(reader.address)
    return Letter(
        kind=LetterKind.REPORT, to=to_person(reader), language=reader.language, data=data, keyed=True,
        enclosures=(*drawn.values(), *((file,) if file else ())),
        not_before=not_before(office.now, "normal", office.pack.deadlines.quiet, calendar),
    )  # fmt: skip


def report_data(report: Report, charts: Mapping[int, str]) -> dict[str, object]:
    """What the template reads; `charts`: by the table's place, where its picture is."""
    wanted = [n for n, table in enumerate(report.tables) if table.chart]
    return {
        "name": report.name, "period_name": report.period_name, "unit_name": report.unit_name, "lead": report.lead,
        "example": next((one.id for one in report.figures.values() if one.cases), next(iter(report.figures), "")),
        "tables": [_table(table, charts.get(n, "")) for n, table in enumerate(report.tables)],
        "no_charts": any(n not in charts for n in wanted),
    }  # fmt: skip


def charts(report: Report, drawing: Drawing) -> dict[int, Enclosure]:
    """The pictures by the place of their table; those that can be made here."""
    drawn = ((n, drawing.chart(table.chart)) for n, table in enumerate(report.tables) if table.chart)
    return {
        n: Enclosure(filename=f"{n}.png", content_type=_PNG, content=png, cid=f"{n}.{report.period.key}@chart")
        for n, png in drawn if png
    }  # fmt: skip


def spreadsheet(
    report: Report, reader: Person | None, office: Office, *, words: Wordings, drawing: Drawing, find: Find,
    most: int | None = None,
) -> Enclosure | None:  # fmt: skip
    """The tables and the cases behind each figure, at most so many, as a file; None where no file can be made here."""
    rows = {
        ident: behind(one.cases, find, reader, office, language=words.language)
        for ident, one in report.figures.items()
    }  # fmt: skip
    content = drawing.workbook(pages(report, rows, words, most=most))
    name = words("file", name=report.name, period=report.period.key)
    return Enclosure(filename=name, content_type=XLSX, content=content) if content else None


def _before(figure: Figure) -> str:
    """What it counted in the period before; "" where that is unknown, and of a rate."""
    return "" if figure.before is None or figure.text != str(figure.value) else str(figure.before)


def _table(table: Table, src: str) -> dict[str, object]:
    shown = {"src": src, "alt": table.chart.alt} if table.chart and src else {}
    return {
        "section": table.section, "title": table.title, "headers": list(table.headers),
        "rows": [_row(row) for row in table.rows], "total": _row(table.total), "note": table.note, "chart": shown,
    }  # fmt: skip


def _row(row: tuple[Cell, ...]) -> list[dict[str, object]]:
    return [{"text": cell.text, "figure": cell.figure} for cell in row]
