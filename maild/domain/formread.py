"""What somebody wrote into a form within a mail: `字段：值` lines, above or inside the quoted form (casework 7)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from maild.domain.form import Fault, FieldKind, Form, Row, folded
from maild.domain.value import value

_QUOTE = re.compile(r"^[ \t>|｜　]*")
_ROW = re.compile(r"[【\[(（]?(?:第(\d{1,3})[行条]|row(\d{1,3}))[】\])）]?")
_NUMBERED = re.compile(r"^[(（]?\d{1,2}[)）.、．]")
_BRACKETS = re.compile(r"[（(\[【][^（()）\]】]*[）)\]】]|[*＊]")
_COLON = re.compile("[:：]")
_MARK = re.compile(r"[-—–=_~·\s]*(?:(填写开始|formbegins)|(填写结束|formends))[-—–=_~·\s]*")
_COLONS = 4
"""A hint in brackets behind the name may hold colons of its own."""
_NONE = frozenset({"无", "本期无", "没有", "无反馈", "本期无反馈", "none", "nothing", "nothingtoreport", "nil"})


@value
class Answer:
    """One line of a form: which row (0: not said), which field, what was written."""

    row: int
    field: str
    text: str


def answers_in(text: str, form: Form) -> tuple[Answer, ...]:
    """The filled lines of a text that its writer wrote."""
    return tuple(_answers(text.splitlines(), form))


def answers_in_quoted(text: str, form: Form) -> tuple[Answer, ...]:
    """The filled lines between the marks of a form, for those who fill it in where it is quoted below their mail."""
    inside: list[str] = []
    begun = False
    for line in text.splitlines():
        bare = _QUOTE.sub("", line)
        mark = _MARK.fullmatch(folded(bare)) if bare else None
        if mark:
            if mark[2] and begun:
                break
            begun = begun or mark[1] is not None
        elif begun:
            inside.append(bare)
    return tuple(_answers(inside, form))


def says_nothing_to_report(text: str) -> bool:
    """Whether the first line says that there is nothing to report: 无, 本期无, none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return folded(first).strip("。.!！") in _NONE


def rows_of(answers: Sequence[Answer], form: Form) -> tuple[Row, ...]:
    """The answers as rows, for a form that is filled in anew; rows without any answer are left out."""
    rows: dict[int, dict[str, str]] = {}
    for number, answer in _numbered(answers, form):
        rows.setdefault(number, {})[answer.field] = answer.text
    return tuple(rows[number] for number in sorted(rows) if rows[number])


def corrected(before: Sequence[Row], answers: Sequence[Answer], form: Form, faults: Sequence[Fault]) -> tuple[Row, ...]:
    """The rows with these answers laid over them.

    An answer that names its row goes there. One that does not goes to the row whose fault it mends, else to the only
    row; a mail that fills in a whole form of many rows replaces them all.
    """
    if not before:
        return rows_of(answers, form)
    open_rows = {fault.row for fault in faults if fault.row}
    asked = {fault.field for fault in faults}
    bare = [one for one in answers if not one.row]
    mends = len(open_rows) == 1 and all(one.field in asked for one in bare)
    alone = next(iter(open_rows)) if mends else 1 if len(before) == 1 else 0
    if bare and (not alone or (form.many and not mends and _is_whole(bare, form))):
        return rows_of(answers, form)
    rows = [dict(row) for row in before]
    for one in answers:
        number = one.row or alone
        while len(rows) < number <= form.most_rows:
            rows.append({})
        if 1 <= number <= len(rows):
            rows[number - 1][one.field] = one.text
    return tuple(row for row in rows if row)


def folded_name(text: str) -> str:
    """The name of a field as it is compared: without its number, a star or what stands in brackets behind it."""
    name = folded(text)
    while (bare := _BRACKETS.sub("", name)) != name:
        name = bare
    return _NUMBERED.sub("", name.rstrip(":："))


def _is_whole(answers: Iterable[Answer], form: Form) -> bool:
    said = {one.field for one in answers}
    return all(field.id in said for field in form.fields if field.required)


def _numbered(answers: Sequence[Answer], form: Form) -> Iterator[tuple[int, Answer]]:
    """Each answer with its row: a field that comes again begins the next one."""
    number, seen = 1, set[str]()
    for one in answers:
        if one.row:
            number, seen = (one.row, set()) if one.row != number else (number, seen)
        elif one.field in seen and form.many:
            number, seen = number + 1, set()
        seen.add(one.field)
        yield number, one


def _answers(lines: Sequence[str], form: Form) -> Iterator[Answer]:
    """Filled lines in order; a text goes on in the lines below it, as far as the next field or an empty line."""
    names = {folded(name): field.id for field in form.fields for name in (field.name.zh, field.name.en)}
    kinds = {field.id: field.kind for field in form.fields}
    row, open_ = 0, Answer(row=0, field="", text="")
    for line in lines:
        bare = _QUOTE.sub("", unicodedata.normalize("NFC", line)).rstrip()
        marked = _ROW.match(folded(bare))
        if marked and marked.end() == len(folded(bare).rstrip(":：")):
            row = int(marked[1] or marked[2])
            yield from _filled(open_)
            open_ = Answer(row=row, field="", text="")
            continue
        found = _field(bare, names)
        if found:
            yield from _filled(open_)
            own, ident, text = found
            open_ = Answer(row=own or row, field=ident, text=text)
        elif not bare or _MARK.fullmatch(folded(bare)):
            yield from _filled(open_)
            open_ = Answer(row=row, field="", text="")
        elif open_.field and kinds[open_.field] is FieldKind.TEXT:
            open_ = Answer(row=open_.row, field=open_.field, text=f"{open_.text}\n{bare.strip()}".strip())
    yield from _filled(open_)


def _filled(answer: Answer) -> Iterator[Answer]:
    if answer.field and answer.text:
        yield answer


def _field(line: str, names: dict[str, str]) -> tuple[int, str, str] | None:
    """The row that a line names, its field, and what stands behind the colon."""
    for colon in list(_COLON.finditer(line))[:_COLONS]:
        name = folded(line[: colon.start()])
        row = _ROW.match(name)
        ident = names.get(folded_name(name[row.end() :] if row else name))
        if ident:
            return int(row[1] or row[2]) if row else 0, ident, line[colon.end() :].strip()
    return None
