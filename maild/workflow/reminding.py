"""`remind` 催办: one reminder to the handler, by the coordinator or the requester; no new case, no new clock."""

from collections.abc import Sequence
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.circulation import item_of, unsigned
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.formletters import to_fill_in
from maild.workflow.localtime import when
from maild.workflow.notify import lane, reader_of, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan, Tally
from maild.workflow.sight import may_read_letter

DAY = timedelta(days=1)
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def can_be_reminded(case: Case) -> bool:
    """Whether somebody still has to do something."""
    return case.state not in _OVER and case.handler is not None


def reminded_by(case: Case, office: Office, facts: Facts, *, who: str, text: str = "") -> Plan:
    """The reminder, at most one a day from the same person; it is an event, and ends nobody's idleness.

    Of a circulation each receiver who has not signed everything is reminded, and nobody else.
    """
    mark = f"{case.number} {who}"
    people = reminded(case, office)
    if not people or not can_be_reminded(case) or facts.count("reminded", mark, office.now - DAY):
        return Plan()
    clocks = [c for c in facts.clocks(case.number) if c.kind not in {ClockKind.IDLE, ClockKind.WAIT}]
    by = office.index.person(who)
    letters = tuple(_letter(case, person, _own(case, person, clocks), office, by=by, text=text) for person in people)
    event = Event(kind="reminder-asked", at=office.now, actor=who if by else "requester", human=True,
                  data={"text": text})  # fmt: skip
    return Plan(letters=letters, happenings=(Happening(number=case.number, event=event),),
                tallies=(Tally(kind="reminded", who=mark, number=case.number),))  # fmt: skip


def reminded(case: Case, office: Office) -> tuple[Person, ...]:
    """Who is reminded: the handler; of a circulation the receivers that owe a receipt, with who stands in."""
    if case.state is not State.CIRCULATING:
        addresses = [case.handler]
    else:
        addresses = [a for item in unsigned(case.circulation, case.steps) for a in (item.receiver, *item.beside)]
    people = (reader_of(address, office) for address in addresses)
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _own(case: Case, person: Person, clocks: Sequence[Clock]) -> Clock | None:
    """The clock that presses this person most: of a circulation their own."""
    item = item_of(case.circulation, person.addresses)
    own = [c for c in clocks if c.subject in {"", item.receiver if item else ""} and (item is None or c.subject)]
    return min(own, key=lambda clock: clock.due, default=None)


def _letter(
    case: Case, person: Person, nearest: Clock | None, office: Office, *, by: Person | None, text: str
) -> Letter:  # fmt: skip
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {
        "clock": nearest.kind.value if nearest else "answer", "hidden": not readable,
        "due_text": when(nearest.due, office, person.address, person.language, case=case) if nearest else "",
        "asked_by": "requester" if by is None else "person", "by": by.name if by else "",
        "text": text if readable else "",
    } | to_fill_in(case, nearest.kind if nearest else "", person.language)  # fmt: skip
    return Letter(kind=LetterKind.REMINDER, to=to_person(person), language=person.language, case=case.number,
                  data=data, lane=lane(case), keyed=True)  # fmt: skip
