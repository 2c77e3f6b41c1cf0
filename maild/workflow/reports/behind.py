"""The cases behind figures, as far as their reader may know of each: rows of a mail, a spreadsheet, a terminal."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from maild.domain.alias import alias_of
from maild.domain.case import Case
from maild.domain.counted import Behind
from maild.domain.directory import Person
from maild.domain.masks import masked
from maild.domain.reporttable import Cell, Figure, Report
from maild.workflow.masking import look_at
from maild.workflow.office import Office
from maild.workflow.reports.drawing import Page, Value
from maild.workflow.reports.wordings import Wordings
from maild.workflow.sight import Sight, sight
from maild.workflow.view import unit_label

Find = Callable[[str], Case | None]
Rows = list[dict[str, object]]
_COLUMNS = ("case-figure", "case-label", "case-number", "case-type", "case-unit", "case-state", "case-why",
            "case-summary")  # fmt: skip


def behind(cases: Sequence[Behind], find: Find, reader: Person | None, office: Office, *, language: str) -> Rows:
    """One row a case, in the order counted; of a confidential case number, type and alias, of an excluded one none."""
    rows = []
    for number, whys in _whys(cases).items():
        case = find(number)
        if case is not None and (reader is None or sight(case, reader, office) > Sight.NOTHING):
            rows.append(_row(case, whys, reader, office, language=language))
    return rows


def pages(
    report: Report, rows: Mapping[str, Rows], words: Wordings, *, most: int | None = None
) -> tuple[Page, ...]:  # fmt: skip
    """One sheet a table, and one with the cases behind each figure, at most so many; `rows` by the figure's id."""
    tables = [
        Page(
            title=table.title, headers=(*table.headers, words("case-figure")),
            rows=tuple(
                (*(cell.text if cell.number is None else cell.number for cell in row), _ids(row))
                for row in (*table.rows, *((table.total,) if table.total else ()))
            ),
        )
        for table in report.tables
    ]  # fmt: skip
    cases = (line for ident, own in rows.items() for line in _lines(report.figures[ident], own, words, most))
    headers = tuple(words(name) for name in _COLUMNS)
    return (*tables, Page(title=words("cases"), headers=headers, rows=tuple(cases)))


def why_text(row: Mapping[str, object], words: Wordings) -> str:
    """Why the case stands behind the figure, in words: 超时×2、空答复被退回."""
    whys = row["whys"] if isinstance(row["whys"], list) else []
    said = (
        words.word("report-why", one["why"]) if one["count"] == 1
        else words("several", why=words.word("report-why", one["why"]), count=one["count"]) for one in whys
    )  # fmt: skip
    return words("list-comma").join(said)


def _lines(figure: Figure, own: Rows, words: Wordings, most: int | None) -> Iterator[tuple[Value, ...]]:
    """The cases behind one figure; what is left out is said."""
    shown = own[:most]
    for row in shown:
        yield figure.id, figure.label, *_spread(row, words)
    if len(shown) < len(own):
        left = words("cases-more", shown=len(shown), count=len(own))
        yield figure.id, figure.label, "", "", "", "", "", left


def _spread(row: Mapping[str, object], words: Wordings) -> tuple[Value, ...]:
    state = words.word("state", str(row["state"])) if row["state"] else ""
    return (str(row["number"]), str(row["type_name"]), str(row["unit_name"]), state, why_text(row, words),
            str(row["summary"]))  # fmt: skip


def _ids(row: Sequence[Cell]) -> str:
    return " ".join(cell.figure for cell in row if cell.figure)


def _whys(cases: Sequence[Behind]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in cases:
        found.setdefault(one.number, Counter())
        if one.why:
            found[one.number][one.why] += 1
    return found


def _row(
    case: Case, whys: Mapping[str, int], reader: Person | None, office: Office, *, language: str
) -> dict[str, object]:  # fmt: skip
    exists = reader is not None and sight(case, reader, office) <= Sight.EXISTS
    unit = office.index.unit(case.unit) if case.unit and not exists else None
    summary = alias_of(case, language) if case.confidential else masked(case.summary, look_at(case, reader, office))
    return {
        "number": case.number, "type_name": office.pack.type_name(case.type, language),
        "summary": "" if exists else summary, "unit_name": unit_label(unit, language) if unit else "",
        "state": "" if exists else case.state.value,
        "whys": [] if exists else [{"why": why, "count": count} for why, count in whys.items()],
    }  # fmt: skip
