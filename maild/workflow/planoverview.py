"""The whole plan for the coordinator, each month with the review, as mail and XLSX (P3.3.1, P3.5.9)."""

from collections.abc import Sequence
from datetime import date, time

from maild.domain.case import Case
from maild.domain.letter import Letter, LetterKind
from maild.domain.wording import day_text
from maild.workflow.lists import list_key
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.sight import Sight, sight
from maild.workflow.view import unit_label

_MOST = 40


def plan_overview(cases: Sequence[Case], office: Office) -> Plan:
    """One mail with every plan item that the coordinator may know of, the nearest date first; none without any."""
    person = office.coordinator_person()
    known = [one for one in cases if person is not None and sight(one, person, office) > Sight.EXISTS]
    if person is None or not known:
        return Plan()
    rows = [_row(one, office) for one in sorted(known, key=lambda one: (one.plan_date or date.max, one.number))]
    cells = [
        [row[name] for name in ("number", "type_name", "unit_name", "handler_name", "summary", "date")] for row in rows
    ]
    for row, line in zip(rows, cells, strict=True):
        line.append("is-late" if row["late"] else "")
    data: dict[str, object] = {
        "items": rows[:_MOST], "more": max(0, len(rows) - _MOST), "count": len(rows),
        "late": sum(bool(row["late"]) for row in rows),
        "table_file": {"title": "", "group": "plan-column", "rows": [{"cells": line} for line in cells], "own": False,
                       "headers": ["number", "type", "unit", "handler", "summary", "date", "late"]},
    } | list_key((one.number for one in known), office)  # fmt: skip
    return Plan(letters=(Letter(kind=LetterKind.PLAN_LIST, to=to_person(person), language=person.language, data=data,
                                keyed=True),))  # fmt: skip


def _row(case: Case, office: Office) -> dict[str, object]:
    person = office.coordinator_person()
    assert person is not None  # noqa: S101  asked before
    language, today = person.language, office.calendar.local(office.now).date()
    unit, handler = office.index.unit(case.unit), office.index.person(case.handler)
    calendar = office.calendar_at(person.address)
    day = calendar.instant(case.plan_date, time(12)).astimezone(calendar.zone) if case.plan_date else None
    return {
        "number": case.number, "type_name": office.pack.type_name(case.type, language),
        "unit_name": unit_label(unit, language) if unit else "", "handler_name": handler.name if handler else "",
        "summary": case.summary if sight(case, person, office) is Sight.LETTER else "",
        "due_text": day_text(day, language) if day else "",
        "date": case.plan_date.isoformat() if case.plan_date else "",
        "late": case.plan_date is not None and case.plan_date < today, "age_text": "", "urgency": case.urgency,
    }  # fmt: skip
