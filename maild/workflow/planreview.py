"""Each month every handler is asked about the plan items, in one mail with a line an item to answer (P3.5.9)."""

from collections.abc import Sequence
from datetime import date, time

from maild.domain.case import Case, State
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.wording import day_text
from maild.workflow.books import Books
from maild.workflow.lists import list_key
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.planoverview import plan_overview
from maild.workflow.sight import Sight, sight

_MOST = 60


def plan_reviews(office: Office, books: Books) -> Plan:
    """The month's mails, once the pack's day has come; what nobody handles is the coordinator's."""
    today = office.calendar.local(office.now).date()
    name = f"plan-review:{office.box.address}"
    last = books.marked_time(name)
    if today < _day(office, today) or (last is not None and office.calendar.local(last).date() >= _day(office, today)):
        return Plan()
    books.mark_time(name, office.now)
    by_person: dict[str, list[Case]] = {}
    opened = books.open_cases(office.box.address, None)
    for case in opened:
        begun = case.last_human_event.date() < today
        person = office.index.person(case.handler) or office.coordinator_person(case)
        if case.state is State.PLANNED and begun and person and sight(case, person, office) > Sight.EXISTS:
            by_person.setdefault(person.address, []).append(case)
    planned = [one for one in opened if one.state is State.PLANNED]
    people = ((office.index.person(address), cases) for address, cases in by_person.items())
    return Plan(letters=tuple(_letter(person, cases[:_MOST], office) for person, cases in people if person)) + (
        plan_overview(planned, office)
    )


def _day(office: Office, today: date) -> date:
    """This month's day of the review."""
    return today.replace(day=office.pack.deadlines.plan_review)


def _letter(person: Person, cases: Sequence[Case], office: Office) -> Letter:
    rows: list[dict[str, object]] = [_row(case, person, office) for case in cases]
    example = cases[0].number.rpartition("-")[2].lstrip("0")
    data: dict[str, object] = {"items": rows, "example": example, **list_key([c.number for c in cases], office)}
    return Letter(kind=LetterKind.PLAN_REVIEW, to=to_person(person), language=person.language, data=data, keyed=True)


def _row(case: Case, person: Person, office: Office) -> dict[str, object]:
    calendar = office.calendar_at(person.address)
    day = calendar.instant(case.plan_date, time(12)).astimezone(calendar.zone) if case.plan_date else None
    return {
        "number": case.number, "type_name": office.pack.type_name(case.type, person.language),
        "summary": case.summary if sight(case, person, office) is Sight.LETTER else "",
        "date_text": day_text(day, person.language) if day else "",
        "late": case.plan_date is not None and case.plan_date < calendar.local(office.now).date(),
    }  # fmt: skip
