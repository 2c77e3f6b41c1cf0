"""The letters of a form round: the form to who fills it in, what was taken of a return, the table to its owner."""

from collections.abc import Sequence
from datetime import datetime

from maild.domain.case import Case, ClockKind
from maild.domain.circulation import Item
from maild.domain.form import Fault, FieldKind, Form, FormField, Row, shown
from maild.domain.formround import Return, Round, is_whole
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.view import unit_label

MOST_SHOWN = 40
"""Rows of a table that stand in the mail itself; the file holds all."""
_MOST_LINES = 15


def round_of(case: Case) -> Round:
    """The round that a case keeps; only where it keeps one."""
    assert case.round is not None  # noqa: S101  asked of rounds alone
    return case.round


def title(case: Case, language: str) -> str:
    """The name of the round with its period: 季度体验测试 2026-Q4."""
    known = round_of(case)
    return f"{known.entry.name.in_language(language)} {known.period}"


def addressed(to: str, office: Office) -> tuple[Address, str]:
    """A person or a unit as a recipient, and the language they read."""
    person, unit = office.index.person(to), office.index.unit_at(to)
    if person is not None:
        return to_person(person), person.language
    return Address(address=to, name=unit.name if unit else ""), (unit.language if unit else None) or "zh"


def form_letter(case: Case, item: Item, to: str, office: Office) -> Letter:
    """The form to one receiver, or to who stands in for them, with an own key."""
    known = round_of(case)
    address, language = addressed(to, office)
    owner = office.index.person(case.handler)
    absent = office.index.person(item.receiver) if to != item.receiver else None
    data: dict[str, object] = {
        "title": title(case, language), "note": known.form.note.in_language(language) if known.form.note else "",
        "fields": [field_row(known.form, field, language) for field in known.form.fields],
        "many": known.form.many, "several": known.entry.several, "may_be_empty": known.form.may_be_empty,
        "due_text": when(known.due, office, to, language, case=case), "owner_name": owner.name if owner else "",
        "stand_in_for": absent.name if absent else "", "form_file": form_file(case, language),
        "blank": _blank(known.form, language),
        "key_data": {"receiver": item.receiver},
    }  # fmt: skip
    return Letter(kind=LetterKind.FORM, to=address, language=language, case=case.number, data=data, lane=Lane.BULK,
                  keyed=True)  # fmt: skip


def return_letter(
    case: Case, taken: Return | None, to: str, office: Office, *, mail: Mail, what: str, receiver: str
) -> Letter:
    """What was taken of a return, and which cells are asked for once more; `what`: whole, faulty, nothing, same."""
    known, (address, language) = round_of(case), addressed(to, office)
    faults = taken.faults if taken else ()
    fields = [known.form.field(fault.field) for fault in faults if fault.field]
    rows = len(taken.rows) if taken else 0
    data: dict[str, object] = {
        "what": what, "title": title(case, language), "version": taken.version if taken else 0,
        "nth": taken.nth if taken else 1, "several": known.entry.several, "late": taken.late if taken else False,
        "rows": rows, "many": known.form.many,
        "faults": [fault_row(fault, known.form, language, rows) for fault in faults],
        "fields": [field_row(known.form, field, language) | {"row": fault.row if rows > 1 else 0}
                   for fault, field in zip((f for f in faults if f.field), fields, strict=True)]
        or [field_row(known.form, field, language) for field in (known.form.fields if what == "nothing" else ())],
        "due_text": when(known.due, office, to, language, case=case),
        "key_data": {"receiver": receiver} | ({"nth": taken.nth} if taken else {}),
    }  # fmt: skip
    return Letter(kind=LetterKind.FORM_RETURNED, to=address, language=language, case=case.number, data=data,
                  lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id,
                  references=(*mail.references, mail.message_id))  # fmt: skip


def round_letter(
    case: Case, to: str, office: Office, *, what: str, returns: Sequence[Return], text: str = "",
    by: str = "", until: datetime | None = None,
) -> Letter:  # fmt: skip
    """The table as it stands, to the owner or to who gets the report."""
    known, (address, language) = round_of(case), addressed(to, office)
    rows = table(case, returns, office, language)
    headers = [field.name.in_language(language) for field in known.form.fields]
    missing = [_name(item, office, language) for item in case.circulation if item.owes(case.steps)]
    data: dict[str, object] = {
        "what": what, "title": title(case, language), "receivers": len(case.circulation), "missing": missing,
        "returned": len(case.circulation) - len(missing), "late": sum(one.late for one in counted(returns)),
        "due_text": when(until or known.due, office, to, language, case=case), "text": text, "by": by,
        "asks": until is not None,
        "rows": [_said(row, headers) for row in rows[:MOST_SHOWN]], "more": max(0, len(rows) - MOST_SHOWN),
        "analysis": case.analysis, "instruction": known.instruction,
        "table_file": {"title": title(case, language), "headers": headers, "rows": rows},
    }  # fmt: skip
    return Letter(kind=LetterKind.ROUND, to=address, language=language, case=case.number, data=data, lane=Lane.WORK,
                  keyed=True)  # fmt: skip


def result_letter(case: Case, to: str, office: Office, *, text: str, by: str) -> Letter:
    """The instruction that came back, to somebody who returned the form (P1.2.1)."""
    address, language = addressed(to, office)
    data: dict[str, object] = {"title": title(case, language), "text": text, "by": by, "analysis": case.analysis}
    return Letter(kind=LetterKind.ROUND_RESULT, to=address, language=language, case=case.number, data=data,
                  lane=Lane.BULK, keyed=True)  # fmt: skip


def counted(returns: Sequence[Return]) -> tuple[Return, ...]:
    """The returns that count: of each the newest version without a fault."""
    newest: dict[tuple[str, int], Return] = {}
    for one in returns:
        if is_whole(one) and not one.replaced:
            newest[one.receiver, one.nth] = one
    return tuple(newest.values())


def table(case: Case, returns: Sequence[Return], office: Office, language: str) -> list[dict[str, object]]:
    """Everything that counts, one row a line of a return: whose, when, which version, and the cells."""
    form = round_of(case).form
    units = {item.receiver: item.unit for item in case.circulation}
    rows: list[dict[str, object]] = []
    for one in counted(returns):
        unit, author = office.index.unit(units.get(one.receiver)), office.index.person(one.author)
        own: dict[str, object] = {
            "unit_name": unit_label(unit, language) if unit else "",
            "person_name": author.name if author else one.author,
            "at_text": when(one.at, office, "", language, case=case), "late": one.late, "version": one.version,
        }  # fmt: skip
        cells: Sequence[Row] = one.rows or ({},)
        rows += [
            own | {"cells": [shown(row.get(f.id, ""), f, language, office.index) for f in form.fields]} for row in cells
        ]
    return rows


def form_file(case: Case, language: str) -> dict[str, object]:
    """What the spreadsheet of the form is made of."""
    form = round_of(case).form
    return {
        "title": title(case, language), "many": form.many, "rows": form.most_rows,
        "fields": [field_row(form, field, language) for field in form.fields],
    }  # fmt: skip


def field_row(form: Form, field: FormField, language: str) -> dict[str, object]:
    """One field as a letter or a spreadsheet shows it."""
    least, most = field.bounds
    return {
        "n": form.place(field.id), "name": field.name.in_language(language), "kind": field.kind.value,
        "required": field.required, "choices": [one.in_language(language) for one in field.choices],
        "least": "" if least is None else f"{least:g}", "most": "" if most is None else f"{most:g}", "row": 0,
    }  # fmt: skip


def fault_row(fault: Fault, form: Form, language: str, rows: int) -> dict[str, object]:
    """One fault: where it stands, what is wanted, what was written."""
    field = form.field(fault.field) if fault.field else None
    own = field_row(form, field, language) if field else {"n": 0, "name": "", "choices": [], "least": "", "most": ""}
    numeric = field is not None and field.kind in {FieldKind.NUMBER, FieldKind.SCORE}
    span = "both" if own["least"] and own["most"] else "least" if own["least"] else "most"
    code = f"{fault.code}-{span}" if fault.code == "range" and numeric else fault.code
    return own | {"row": fault.row if rows > 1 else 0, "code": code, "said": fault.said}


def to_fill_in(case: Case, clock: str, language: str) -> dict[str, object]:
    """What a reminder of a form adds, so that it can be answered with the form itself; nothing for other clocks."""
    if case.round is None or clock != ClockKind.RETURN:
        return {}
    return {"blank": _blank(case.round.form, language)}


def _said(row: dict[str, object], headers: Sequence[str]) -> dict[str, object]:
    """A row as a letter shows it: each cell that says something, with the name of its field."""
    cells = row["cells"] if isinstance(row["cells"], list) else []
    said = [{"name": name, "text": text} for name, text in zip(headers, cells, strict=True) if text]
    return {name: item for name, item in row.items() if name != "cells"} | {"said": said}


def _blank(form: Form, language: str) -> str:
    """The lines of a form, to be filled in behind their colons; "" where a link would be too long for them."""
    colon = "：" if language.startswith("zh") else ": "
    lines = [f"{at}. {field.name.in_language(language)}{colon}" for at, field in enumerate(form.fields, 1)]
    return "\n".join(lines) if len(lines) <= _MOST_LINES else ""


def _name(item: Item, office: Office, language: str) -> str:
    person, unit = office.index.person(item.receiver), office.index.unit(item.unit)
    label = unit_label(unit, language) if unit else ""
    name = person.name if person else ""
    return f"{label} {name}".strip() or item.receiver
