"""The coordinator's daily digest at 08:30 of working days: oldest first (casework 7, P3.3.1).

It shows every case as far as the coordinator may know: of cases that exclude the coordinator nothing, of retaliation
and of confidential letters number, type and clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from maild.domain.case import Case, Clock, ClockKind, State
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import is_overdue
from maild.domain.wording import day_text
from maild.workflow.blocking import BLOCKED
from maild.workflow.books import Books
from maild.workflow.budget import HELD as HELD_INTAKE
from maild.workflow.digestlines import in_quarantine, lists
from maild.workflow.holding import HELD, WOULD_SEND
from maild.workflow.junk import JUNK
from maild.workflow.junk import MOST_ROWS as MOST_JUNK
from maild.workflow.lists import list_key
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan
from maild.workflow.quarantine import IN_QUARANTINE
from maild.workflow.reappeared import REAPPEARED
from maild.workflow.sameness import SAME
from maild.workflow.sameness import rows as same_rows
from maild.workflow.sight import Sight, sight
from maild.workflow.view import unit_label

AT = time(8, 30)
MOST_ROWS = 60
LATER = frozenset({"quarantined", "ack-owed", IN_QUARANTINE, HELD, REAPPEARED})
"""Lines that wait for a mail of their own, or for a person."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
Rows = list[dict[str, object]]


def digest_due(office: Office, last: datetime | None) -> bool:
    """Whether today's digest is due: a working day, past 08:30 by the coordinator's own clock, none made today."""
    own = office.calendar_at(office.coordinator())
    local = own.local(office.now)
    if local.time() < AT or not own.is_workday(local.date()):
        return False
    return last is None or own.local(last).date() < local.date()


def digest(office: Office, books: Books) -> Plan:
    """The digest of today, and the lines that it tells."""
    person = office.coordinator_person()
    if person is None:
        return Plan()
    waiting = books.lines(office.box.address, who="")
    told = [(i, at, line) for i, at, line in waiting if line.kind not in LATER]
    books.lines_told([ident for ident, _, _ in told], office.now)
    told = [(i, at, line) for i, at, line in told if _may_hear(line, person, office, books)]
    cases = [c for c in books.open_cases(office.box.address, None) if sight(c, person, office) > Sight.NOTHING]
    quarantined = in_quarantine(office, books, person)
    if not (cases or told or quarantined) and office.box.mode != "observe":
        return Plan()
    data = _tables(cases, [line for _, _, line in told], person, office=office, books=books)
    keyed = list_key(_numbers(data), office)
    junk = [line for _, _, line in told if line.kind == JUNK][:MOST_JUNK]
    if isinstance(known := keyed["key_data"], dict) and junk:
        known[JUNK] = [line.data["entry"] for line in junk]
    data |= {"quarantined": quarantined, **keyed}
    letter = Letter(kind=LetterKind.DIGEST, to=to_person(person), language=person.language, data=data, keyed=True)
    return Plan(letters=(letter,))


def _numbers(data: dict[str, object]) -> list[str]:
    """The cases that the digest shows, in the order of its lists."""
    tables = (data[part] for part in ("overdue", "triage", "idle", "new", "set_aside", "queue", "same"))
    shown = [str(row["number"]) for table in tables if isinstance(table, list) for row in table]
    noted = data["noted"] if isinstance(data["noted"], list) else []
    # Whoever reads that a sender is blocked may lift it from there.
    return shown + [number for row in noted if row["kind"] == BLOCKED for number in str(row["number"]).split(", ")]


def _tables(
    cases: Sequence[Case], lines: Sequence[Line], person: Person, *, office: Office, books: Books
) -> dict[str, object]:
    known = {case.number for case in cases if sight(case, person, office) > Sight.EXISTS}
    clocks = {case.number: () for case in cases} | dict(books.clocks_of([c.number for c in cases if c.number in known]))
    counts: dict[str, int] = {}

    def rows(part: str, wanted: Callable[[Case], bool]) -> Rows:
        """The first of them; how many there are stands in the counts."""
        chosen = [case for case in cases if wanted(case)]
        counts[part] = len(chosen)
        return [case_row(case, clocks[case.number], person, office) for case in chosen[:MOST_ROWS]]

    late = {n for n, own in clocks.items() if any(is_overdue(c, office.now) for c in own)}
    asked = {case.number for case in cases if case.state is State.WAITING}
    idle = {
        number for number, own in clocks.items()
        if number not in asked and any(c.kind is ClockKind.IDLE and c.due <= office.now for c in own)
    }  # fmt: skip
    aside = [case for line in lines if line.kind == "set-aside" and line.number and (case := books.case(line.number))]
    unsent = [line for line in lines if line.kind == WOULD_SEND]
    junk = [line for line in lines if line.kind == JUNK]
    others = [line for line in lines if line.kind not in {"set-aside", WOULD_SEND, JUNK, SAME}]
    yesterday = office.now - DAY
    data: dict[str, object] = {
        "date_text": day_text(office.calendar_at(person.address).local(office.now), person.language),
        "new": rows("new", lambda case: case.received > yesterday),
        "overdue": rows("overdue", lambda case: case.number in late),
        "idle": rows("idle", lambda case: case.number in idle),
        "triage": rows(
            "triage", lambda case: case.number in known and (case.state is State.NEW or case.type == "unclassified")
        ),
        "set_aside": [case_row(case, (), person, office) for case in aside[:MOST_ROWS]],
        **lists([_line(line, person, office, books) for line in others]),
        "queue": rows("queue", lambda _case: True),
        "same": same_rows([line for line in lines if line.kind == SAME], person, office, books),
        "junk": [_line(line, person, office, books) for line in junk[:MOST_JUNK]],
        "observing": office.box.mode == "observe",
        "would_send": [_line(line, person, office, books) for line in unsent[:MOST_ROWS]],
    }  # fmt: skip
    data["counts"] = counts | {"open": len(cases), "set_aside": len(aside), "would_send": len(unsent),
                               "junk": len(junk)}  # fmt: skip
    return data


def case_row(case: Case, clocks: Sequence[Clock], person: Person, office: Office) -> dict[str, object]:
    """A case in a list, as far as its reader may see it."""
    sees = sight(case, person, office)
    exists = sees is Sight.EXISTS
    unit = office.index.unit(case.unit) if case.unit else None
    handler = office.index.person(case.handler) if case.handler else None
    dues = [c.due for c in clocks if c.kind is not ClockKind.IDLE]
    return {
        "number": case.number,
        "type_name": office.pack.type_name(case.type, person.language),
        "summary": case.summary if sees is Sight.LETTER else "",
        "unit_name": unit_label(unit, person.language) if unit and not exists else "",
        "handler_name": handler.name if handler and sees is Sight.LETTER else "",
        "age_text": "" if exists else str((office.now - case.received).days),
        "due_text": when(min(dues), office, person.address, person.language, case=case) if dues and not exists else "",
        "urgency_name": "",
        "urgency": "normal" if exists else case.urgency,
    }


def _may_hear(line: Line, person: Person, office: Office, books: Books) -> bool:
    """Whether a line may be told: of a case that excludes its reader nothing is."""
    case = books.case(line.number) if line.number else None
    return case is None or sight(case, person, office) > Sight.NOTHING


def _line(line: Line, person: Person, office: Office, books: Books) -> dict[str, object]:
    """A line of the digest; of a case that only exists for its reader, no more than that."""
    if line.kind == HELD_INTAKE:
        since = books.marked_time(f"digest:{office.box.address}") or office.now - WEEK
        return {"kind": line.kind, **line.data, "count": books.count(line.kind, str(line.data["from"]), since)}
    case = books.case(line.number) if line.number else None
    if case is not None and sight(case, person, office) <= Sight.EXISTS:
        return {"kind": line.kind, "number": line.number}
    if case is not None and line.kind == WOULD_SEND and sight(case, person, office) < Sight.LETTER:
        line = replace(line, data={name: line.data[name] for name in ("to", "letter")})
    return {"kind": line.kind, "number": line.number or "", **{k: str(v) for k, v in line.data.items()}}
