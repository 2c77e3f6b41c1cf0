"""The week's mail on its first working day at 09:00: to each head the open cases of their unit, to the gm what climbed.

The gm hears of escalations of normal and low cases here alone (casework 6 and 7; P4.5.20).
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from maild.domain.case import Case
from maild.domain.directory import Person, Unit
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import is_overdue
from maild.domain.wording import day_text
from maild.workflow.books import Books
from maild.workflow.digest import case_row
from maild.workflow.lists import list_key
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.reports.due import with_stand_in
from maild.workflow.sight import Sight, sight

AT = time(9)
CLIMBED = "weekly"
"""The kind of the lines that keep what climbed up to the gm."""
MOST_ROWS = 60
_WEEK = timedelta(days=7)


def weekly_due(office: Office, last: datetime | None) -> bool:
    """Whether this week's mail is due: past 09:00 of its first working day, or later where that was missed."""
    own = office.calendar_at(office.coordinator())
    local = own.local(office.now)
    if local.time() < AT or not own.is_workday(local.date()):
        return False
    monday = local.date() - timedelta(days=local.weekday())
    if last is not None:
        return own.local(last).date() < monday
    return not any(own.is_workday(monday + timedelta(days=day)) for day in range(local.weekday()))


def weekly(office: Office, books: Books) -> Plan:
    """One letter a head, and the gm's; nobody gets an empty one.

    A unit without a head has its deputy, without both who stands above it; while a head is away who stands in has it
    too, as far as they may see.
    """
    heads: dict[str, list[str]] = {}
    for unit in office.index.directory.units:
        head = _leader(unit, office)
        for person in with_stand_in(head, office) if head else ():
            heads.setdefault(person.address, []).append(unit.id)
    gm = office.index.gm()
    own = [_of_head(office.index.person(a), units, office, books) for a, units in heads.items()
           if gm is None or a != gm.address]  # fmt: skip
    letters = [*own, _of_gm(gm, office, books) if gm else None]
    return Plan(letters=tuple(letter for letter in letters if letter is not None))


def _leader(unit: Unit, office: Office) -> Person | None:
    """Who answers for a unit: its head or deputy, else the nearest above but the gm, at last the coordinator."""
    index = office.index
    own = index.person(unit.head) or index.person(unit.deputy)
    above = (one for one in index.superiors_of(unit.id) if "gm" not in one.roles)
    return own or next(above, None) or office.coordinator_person()


def _of_head(person: Person | None, units: Sequence[str], office: Office, books: Books) -> Letter | None:
    if person is None:
        return None
    found = books.cases_near(office.box.address, [person.address], units, None)
    cases = [case for case in found if sight(case, person, office) > Sight.EXISTS]
    return _letter(person, cases, office, books, role="head") if cases else None


def _of_gm(gm: Person, office: Office, books: Books) -> Letter | None:
    """What climbed up to the gm since the last time and is still open; told lines are told once."""
    lines = books.lines(office.box.address, CLIMBED, who=gm.address)
    books.lines_told([ident for ident, _, _ in lines], office.now)
    numbers = dict.fromkeys(line.number for _, _, line in lines if line.number)
    cases = [case for number in numbers if (case := books.case(number)) and case.closed_at is None]
    cases = [case for case in cases if sight(case, gm, office) > Sight.EXISTS]
    return _letter(gm, cases, office, books, role="gm") if cases else None


def _letter(person: Person, cases: Sequence[Case], office: Office, books: Books, *, role: str) -> Letter:
    clocks = books.clocks_of([case.number for case in cases])
    late = {n for n, own in clocks.items() if any(is_overdue(c, office.now) for c in own)}
    ordered = [*(c for c in cases if c.number in late), *(c for c in cases if c.number not in late)][:MOST_ROWS]
    rows = {case.number: case_row(case, clocks[case.number], person, office) for case in ordered}
    data: dict[str, object] = {
        "role": role, "date_text": day_text(office.calendar_at(person.address).local(office.now), person.language),
        "overdue": [row for number, row in rows.items() if number in late],
        "open": [row for number, row in rows.items() if number not in late],
        "counts": {"open": len(cases), "overdue": len(late),
                   "new": sum(case.received > office.now - _WEEK for case in cases)},
    }  # fmt: skip
    return Letter(kind=LetterKind.WEEKLY, to=to_person(person), language=person.language,
                  data=data | list_key(rows, office), keyed=True)  # fmt: skip
