"""A form that comes back as a spreadsheet: which cells hold which field, however they were moved (casework 7)."""

from collections.abc import Sequence

from maild.domain.form import Form, Row, folded
from maild.domain.formread import folded_name

_HEAD = 20
"""Within so many rows the names of the fields are looked for."""

Sheet = Sequence[Sequence[str]]


def rows_in(sheet: Sheet, form: Form) -> tuple[Row, ...]:
    """The filled rows: below a row of field names, or beside a column of them; none where there are no names."""
    names = {folded(name): field.id for field in form.fields for name in (field.name.zh, field.name.en)}
    for at, line in enumerate(sheet[:_HEAD]):
        places = {column: names[word] for column, cell in enumerate(line) if (word := folded_name(cell)) in names}
        if len(set(places.values())) > 1:
            return _below(sheet[at + 1 :], places)
    return _beside(sheet, names)


def _below(lines: Sheet, places: dict[int, str]) -> tuple[Row, ...]:
    rows = []
    for line in lines:
        row = {field: line[column].strip() for column, field in places.items() if column < len(line)}
        rows.append({field: said for field, said in row.items() if said})
    return tuple(row for row in rows if row)


def _beside(sheet: Sheet, names: dict[str, str]) -> tuple[Row, ...]:
    """One row, whose fields stand under each other: name, what was written, and a hint that is not read."""
    row: dict[str, str] = {}
    for line in sheet:
        for at, cell in enumerate(line[:-1]):
            field = names.get(folded_name(cell))
            if field and field not in row and line[at + 1].strip():
                row[field] = line[at + 1].strip()
    return (row,) if row else ()
