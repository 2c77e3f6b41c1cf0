"""Who is meant, where a name fits more than five: the coordinator says so before the case moves (security.md).

Until then the case is with the one who is asked, its clocks running, and nobody whom the name fits hears of it. The
answer is an order: `route` gives it to a handler, `涉及 王强（物流部）` says in a note who is out.
"""

from collections.abc import Iterator
from dataclasses import replace

from maild.domain.assign import Assignment, may_handle, upwards
from maild.domain.case import Case
from maild.domain.conflict import Exclusion
from maild.domain.desk import entitled_heads
from maild.domain.directory import Person
from maild.domain.value import value
from maild.workflow.office import Office
from maild.workflow.view import unit_label

REASON = "who-is-meant"
"""Why the route's own handler does not have the case yet."""
_MOST_SHOWN = 20
_UPWARDS = 2


@value
class Question:
    """Who is asked, and who would have the case if nobody had to be asked."""

    asked: Assignment
    otherwise: Assignment
    possible: tuple[str, ...]


def question_of(chosen: Assignment, exclusion: Exclusion, kind: str, office: Office) -> Question | None:
    """The question to ask before the case goes to `chosen`; None where the names fit few enough."""
    if not exclusion.ask_coordinator or chosen.nobody:
        return None
    person = next(_askable(exclusion, kind, office), None)
    unit = (office.index.leads(person) or office.index.unit_of(person.address)) if person else None
    told = tuple(one for one in chosen.told if one not in exclusion.possible)
    asked = replace(
        chosen, unit=unit.id if unit else None, person=person.address if person else None,
        deliver_to=person.address if person else None, moved=REASON, waits=person is None, told=told,
        full_letter_to=tuple(one for one in chosen.full_letter_to if one in told), stands_in_for=None,
    )  # fmt: skip
    return Question(asked=asked, otherwise=chosen, possible=exclusion.possible)


def _askable(exclusion: Exclusion, kind: str, office: Office) -> Iterator[Person]:
    """The coordinator and that office, then hr and the gm, then the supervisory body; nobody who may be meant.

    Of a case that the coordinator's office hears nothing of, the gm is asked.
    """
    index, routes = office.index, office.pack.routes
    quiet = kind in routes.coordinator_hears_nothing
    coordinator = office.coordinator_person()
    own = () if quiet else (*((coordinator,) if coordinator else ()), *index.members(index.coordinator_unit))
    gm = index.gm()
    heads = ((gm,) if gm else ()) if quiet else tuple(entitled_heads(index, routes))
    body = tuple(person for one in index.directory.supervisory_body if (person := index.person(one)))
    for person in dict.fromkeys((*own, *heads, *body)):
        free = person.address not in exclusion.possible and not any(map(exclusion.bars, person.addresses))
        if free and may_handle(index, person.address, kind, routes=routes):
            yield person


def asks(question: Question, case: Case, person: Person, office: Office) -> dict[str, object]:
    """What the mail to the one who is asked says: whom the name fits, and what each answer would do."""
    people = [found for one in question.possible if (found := office.index.person(one))]
    rows = [
        {"name": one.name, "unit_name": _unit(one, office, person.language), "title": one.title}
        for one in people[:_MOST_SHOWN]
    ]
    return {
        "who": {"names": list(case.names), "people": rows, "more": max(0, len(people) - _MOST_SHOWN)},
        "proposals": list(_proposals(question, case, person, office)),
    }


def _proposals(question: Question, case: Case, reader: Person, office: Office) -> Iterator[dict[str, object]]:
    """To the handler of the route, as if nobody meant were near it; or to who stands above and cannot be meant."""
    start = question.otherwise.person or ""
    barred = Exclusion(addresses=frozenset((*case.excluded, *question.possible)))
    above = upwards(start, case.type, routes=office.pack.routes, index=office.index, exclusion=barred)
    own = (question.asked.person, reader.address)
    for address in dict.fromkeys((start, *[one for one in above if one not in own][:_UPWARDS])):
        person = office.index.person(address)
        if person is None or address in own:
            continue
        led = office.index.leads(person)
        unit = led or (office.index.unit_of(address) if address == start else None)
        named = unit_label(unit, reader.language) if unit and unit.head == address else address
        yield {"verb": "route", "object": named, "who": person.name, "meant": address in question.possible}


def _unit(person: Person, office: Office, language: str) -> str:
    unit = office.index.unit_of(person.address)
    return unit_label(unit, language) if unit else ""


def undecided(exclusion: Exclusion, writer: str) -> tuple[str, ...]:
    """Who must not hear of the case before the answer: all whom the name fits, and never its own writer."""
    return tuple(one for one in exclusion.possible if one != writer.lower())
