"""What was published in a month, in one mail on the first working day of the next one at 09:00 (P9.1.2)."""

from collections.abc import Iterator
from datetime import date, datetime, time

from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.publication import Publication
from maild.domain.wording import day_text
from maild.workflow.books import Books
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.view import unit_label

AT = time(9)
MOST = 60


def month_due(office: Office, last: datetime | None) -> bool:
    """Whether the mail of the past month is due: past 09:00 of a working day, the first look in this month."""
    own = office.calendar_at(office.coordinator())
    local = own.local(office.now)
    if local.time() < AT or not own.is_workday(local.date()):
        return False
    return last is None or _month(own.local(last).date()) != _month(local.date())


def published_last_month(office: Office, books: Books) -> Plan:
    """One letter to each reader whom the pack names; none where nothing was published, or nobody is named."""
    own = office.calendar_at(office.coordinator())
    today = own.local(office.now).date()
    until = own.instant(today.replace(day=1), time(0))
    before = (today.replace(month=12, year=today.year - 1, day=1) if today.month == 1
              else today.replace(month=today.month - 1, day=1))  # fmt: skip
    found = [one for one in books.publications_between(office.box.address, own.instant(before, time(0)), until)
             if (case := books.case(one.case)) and not case.confidential][:MOST]  # fmt: skip
    if not found:
        return Plan()
    return Plan(letters=tuple(_letter(person, found, office) for person in readers(office)))


def readers(office: Office) -> tuple[Person, ...]:
    """Who gets the month's mail: everybody with a role, everybody of a unit, or a person, each once."""
    index = office.index
    named: dict[str, Person] = {}
    for name in office.pack.publishing.to:
        unit, person = index.unit(name), index.person(name)
        people = index.members(unit.id) if unit else (person,) if person else index.with_role(name)
        named |= {one.address: one for one in people}
    return tuple(named.values())


def rows(found: list[Publication], office: Office, language: str, reader: str = "") -> Iterator[dict[str, str]]:
    """Each publication as its readers see it: no number, no person."""
    for one in found:
        unit = office.index.unit(one.unit) if one.unit else None
        yield {"question": one.question, "answer": one.answer, "unit_name": unit_label(unit, language) if unit else "",
               "day": day_text(office.calendar_at(reader).local(one.at), language)}  # fmt: skip


def _letter(person: Person, found: list[Publication], office: Office) -> Letter:
    data: dict[str, object] = {"publications": list(rows(found, office, person.language, person.address))}
    return Letter(kind=LetterKind.PUBLISHED, to=to_person(person), language=person.language, data=data,
                  lane=Lane.BULK)  # fmt: skip


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
