"""Files that are made for one letter: the case sheet, a form to fill in, the table of a round or of the plan.

How they become bytes is an adapter's matter; where the library for a kind is not installed, the letter goes without.
"""

from collections.abc import Callable, Mapping, Sequence

from maild.domain.letter import Letter, LetterKind
from maild.domain.masks import masked_cell
from maild.domain.value import value
from maild.domain.wording import shown
from maild.mail.compose import AttachedFile
from maild.workflow.books import Books
from maild.workflow.masking import look_of
from maild.workflow.office import Office
from maild.workflow.sheet import Sheet, sheets
from maild.workflow.view import Names

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OWN_COLUMNS = ("unit", "person", "at", "late", "version")
_IN_A_NAME = 60
_FORMS = frozenset({LetterKind.FORM, LetterKind.FORM_RETURNED})


@value
class FormSheet:
    """A form as a spreadsheet: many rows under a row of names, or one row beside a column of them."""

    title: str
    hint: str
    """One line above the fields: how to send it back."""
    fields: tuple[Mapping[str, object], ...]
    """As `formletters.field_row` has them."""
    needs: tuple[str, ...]
    """What may be written into each."""
    many: bool
    rows: int
    yes_no: tuple[str, str]


@value
class Press:
    """What makes files; None where the library for it is not installed."""

    sheet: Callable[[Sheet], bytes] | None = None
    form: Callable[[FormSheet], bytes] | None = None
    table: Callable[[str, Sequence[str], Sequence[Sequence[str]]], bytes] | None = None


NO_PRESS = Press()


def told(letter: Letter, names: Names, press: Press) -> dict[str, object]:
    """What the words of a letter say of its file, whether it is there; and of the fields that it asks for."""
    if letter.kind is LetterKind.SHEET:
        return {"printed": press.sheet is not None}
    if letter.kind in _FORMS:
        fields = [dict(one) for one in _list(letter.data.get("fields")) if isinstance(one, Mapping)]
        faults = [one for one in _list(letter.data.get("faults")) if isinstance(one, Mapping)]
        return {"filed": press.form is not None, "fields": [one | {"need": needs(one, names)} for one in fields],
                "faults": [fault_said(one, names) for one in faults]}  # fmt: skip
    return {"filed": press.table is not None} if "table_file" in letter.data else {}


def fault_said(fault: Mapping[str, object], names: Names) -> str:
    """One fault as a sentence: 第3项“得分”要 1 到 5 的整数，收到“很好”."""
    words = {key: str(fault.get(key, "")) for key in ("n", "name", "said", "least", "most", "row")}
    choices = names("form-kind", "between").join(str(one) for one in _list(fault.get("choices")))
    said = names("form-fault", str(fault["code"])).format(**words, choices=choices)
    return (names("form-fault", "in-row").format(row=words["row"]) if fault.get("row") else "") + said


def made(letter: Letter, names: Names, press: Press, *, books: Books, office: Office) -> tuple[AttachedFile, ...]:
    """The files that go along with this letter."""
    form, table = letter.data.get("form_file"), letter.data.get("table_file")
    if isinstance(form, Mapping) and press.form is not None:
        return (_file(str(form["title"]), press.form(_form(form, names))),)
    if isinstance(table, Mapping) and press.table is not None:
        headers, rows = _cells(table, names)
        look = look_of(letter, books, office)
        rows = [[masked_cell(head, cell, look) for head, cell in zip(headers, row, strict=True)] for row in rows]
        title = str(table["title"]) or names(str(table.get("group", "")), "title")
        return (_file(title, press.table(title, headers, rows)),)
    return sheets(letter, names, press.sheet, books=books, office=office)


def needs(field: Mapping[str, object], names: Names) -> str:
    """What may be written into a field, in words: 1 到 5 的整数，必填."""
    choices = field["choices"] if isinstance(field["choices"], Sequence) else ()
    said = names("form-kind", _kind(field)).format(
        choices=names("form-kind", "between").join(map(str, choices)), least=field["least"], most=field["most"]
    )
    return said + (names("form-kind", "required") if field["required"] else "")


def _kind(field: Mapping[str, object]) -> str:
    kind, least, most = str(field["kind"]), field["least"], field["most"]
    if kind != "number":
        return kind
    return (
        "number"
        if not (least or most)
        else "number-both"
        if least and most
        else f"number-{'least' if least else 'most'}"
    )


def _form(form: Mapping[str, object], names: Names) -> FormSheet:
    fields = tuple(one for one in _list(form["fields"]) if isinstance(one, Mapping))
    return FormSheet(
        title=str(form["title"]), hint=names("form-kind", "hint"), fields=fields, many=bool(form["many"]),
        needs=tuple(needs(one, names) for one in fields), rows=int(str(form["rows"])),
        yes_no=(names("form-kind", "yes"), names("form-kind", "no")),
    )  # fmt: skip


def _cells(table: Mapping[str, object], names: Names) -> tuple[list[str], list[list[str]]]:
    """Headers and rows; the rows of a round begin with whose they are."""
    rows = [row for row in _list(table["rows"]) if isinstance(row, Mapping)]
    own = _OWN_COLUMNS if "own" not in table else ()
    group = str(table.get("group", ""))
    headers = [names(group, str(one)) if group else str(one) for one in _list(table["headers"])]
    headers = [*(names("form-column", one) for one in own), *headers]
    done = []
    for row in rows:
        late = names("form-column", "is-late") if row.get("late") else ""
        lead = [row.get("unit_name"), row.get("person_name"), row.get("at_text"), late, row.get("version")]
        said = [names(group, "is-late") if group and one == "is-late" else one for one in _list(row["cells"])]
        done.append([shown(str(one)) if one else "" for one in (*(lead if own else ()), *said)])
    return headers, done


def _list(said: object) -> Sequence[object]:
    return said if isinstance(said, Sequence) and not isinstance(said, str) else ()


def _file(title: str, content: bytes) -> AttachedFile:
    name = "".join(c for c in title if c not in '\\/:*?"<>|').strip()[:_IN_A_NAME]
    return AttachedFile(filename=f"{name}.xlsx", content_type=XLSX, content=content)
