"""What the handler notes or answers reaches the case's supervisors by mail, inside (casework 6, "supervisor").

A supervisor must order, route or extend, and for that must hear what became of the case. The letters follow from
the events that a plan holds, so that no order need think of them.
"""

from maild.domain.case import Case, Event
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import may_read_letter

TOLD = {"note": "note", "answered": "answer", "told": "told", "resolved": "resolved",
        "rectified": "rectified"}  # fmt: skip
"""Events of a person that supervisors hear of, and how the letter names them."""
_SHOWN = 4000


def with_supervisors(plan: Plan, office: Office, facts: Facts) -> Plan:
    """The plan, and a notice to each supervisor about what somebody else noted or answered by it."""
    told = [one for one in plan.happenings if one.event.human and one.event.kind in TOLD]
    letters = tuple(letter for one in told for letter in _letters(one, plan, office, facts))
    return plan + Plan(letters=letters) if letters else plan


def _letters(one: Happening, plan: Plan, office: Office, facts: Facts) -> list[Letter]:
    case = _case(one.number, plan, facts)
    if case is None:
        return []
    reported = (*case.report_to, *case.followers) if one.event.kind != "note" else ()
    lead = (case.handler,) if case.handler and one.event.actor in case.joined else ()
    told = (*case.supervisors, *reported, *lead, *(case.lists if one.event.kind != "note" else ()))
    people = (office.index.person(address) or _list(address, case, office) for address in told)
    others = [person for person in dict.fromkeys(people) if person and one.event.actor not in person.addresses]
    return [_letter(case, one.event, office, person=person) for person in others]


def _letter(case: Case, event: Event, office: Office, *, person: Person) -> Letter:
    actor = office.index.person(event.actor)
    readable = may_read_letter(case, person, office)
    text = str(event.data.get("text", ""))[:_SHOWN] if readable else ""
    follows = person.address in case.followers and person.address not in (*case.supervisors, *case.report_to)
    data: dict[str, object] = {"what": TOLD[event.kind], "follows": follows, "text": text,
                               "by": actor.name if actor else "",
                               "hidden": not readable}  # fmt: skip
    return Letter(
        kind=LetterKind.PROGRESS, to=to_person(person), language=person.language, case=case.number, data=data,
        lane=lane(case), keyed=office.index.person(person.address) is not None,
    )  # fmt: skip


def is_list(address: str, office: Office) -> bool:
    """Whether this is an address of the house's own domain that is nobody's and no unit's: a mailing list."""
    known = office.index.person(address) or office.index.unit_at(address) or office.own(address)
    return office.index.in_house(address) and not known


def why_no_copies(case: Case) -> str:
    """Why no mailing list may follow a case: nobody knows who reads it; "" where it may."""
    if case.confidential:
        return "confidential-type"
    return "conflict-of-interest" if case.excluded or case.names or case.undecided else ""


def _list(address: str, case: Case, office: Office) -> Person | None:
    """A list that follows, as a reader; None where the case must not go to one."""
    fits = address in case.lists and is_list(address, office) and not why_no_copies(case)
    return Person(addresses=(address,), name=address) if fits else None


def _case(number: str, plan: Plan, facts: Facts) -> Case | None:
    planned = next((case for case in reversed(plan.cases) if case.number == number), None)
    return planned or facts.case(number)
