"""`correct` 责令整改, an order of the supervisory group, and `rectified` 整改情况, its answer (P9.4.7).

The order has a clock of its own, which no answer to the requester, no route and no extension ends: only the report of
what was put right does. Until then the case does not close, and past its day the ladder climbs with the group on it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, ClockKind, State
from maild.domain.emptyanswer import lacks_substance, why_empty
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import ended, start_clock
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.localtime import when
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, end_set
from maild.workflow.plan import Plan
from maild.workflow.sight import may_read_letter

_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def correct(order: Order) -> Result:
    """The order goes to handler, head and coordinator; its date is the clock, and whoever gave it hears the answer."""
    case, office, text = order.case, order.office, order.command.text.strip()
    if case.state in _OVER:
        raise MoveRefused(case.state, Trigger.ACCEPT, "closed")
    if not text:
        return Result(refusal="missing-text")
    until = end_set(order.command, order)
    if until is None or until <= office.now:
        return Result(refusal="missing-date" if until is None else "past-date")
    own = (order.person.address,)
    known = replace(case, supervisors=_with(case.supervisors, own), report_to=_with(case.report_to, own),
                    last_human_event=office.now)  # fmt: skip
    clock = start_clock(known, ClockKind.CORRECT, start=office.now, deadlines=office.pack.deadlines,
                        calendar=office.calendar_of(case), until=until)  # fmt: skip
    clocks = (clock,) if clock else ()
    event = happened(order, "correction-ordered", {"text": text, "until": until.isoformat()})
    holder = office.index.person(case.handler or office.coordinator(case))
    said = echo(order, clocks, visible_to="handler", person_name=holder.name if holder else "")
    letters = tuple(_letters(order, known, text, until))
    return Result(plan=Plan(cases=(known,), clocks=clocks, letters=letters, happenings=(event,)), echo=said)


def rectified(order: Order) -> Result:
    """What was wrong and what was put right, inside, to who ordered it; a bare 已整改 is refused."""
    asked = [clock for clock in order.clocks if clock.kind is ClockKind.CORRECT]
    text = order.command.text.strip()
    if not asked:
        return Result(refusal="no-correction")
    if why_empty(text, "") or lacks_substance(text):
        return Result(refusal="empty-rectified")
    known = replace(order.case, last_human_event=order.office.now)
    clocks = tuple(ended(clock, order.office.now) for clock in asked)
    event = happened(order, "rectified", {"text": text})
    return Result(plan=Plan(cases=(known,), clocks=clocks, happenings=(event,)), echo=echo(order, ()))


def is_unanswered(order: Order) -> bool:
    """Whether a correction that was ordered still waits for its answer."""
    return any(clock.kind is ClockKind.CORRECT for clock in order.clocks)


def _with(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _letters(order: Order, case: Case, text: str, until: datetime) -> Iterator[Letter]:
    office = order.office
    unit = office.index.unit(case.unit)
    addresses = (case.handler, unit.head if unit else None, office.coordinator(case))
    people = dict.fromkeys(person for one in addresses if one and (person := office.index.person(one)))
    for person in people:
        if person == order.person:
            continue
        readable = may_read_letter(case, person, office)
        own = person.address == case.handler or case.handler is None
        data: dict[str, object] = {
            "text": text if readable else "", "by": order.person.name, "hidden": not readable, "files": [],
            "due_text": when(until, office, person.address, person.language, case=case),
            "role": "handler" if own else "coordinator", "report_back": False, "correct": True,
        }  # fmt: skip
        yield Letter(kind=LetterKind.INSTRUCTION, to=to_person(person), language=person.language, case=case.number,
                     data=data, lane=lane(case), keyed=True)  # fmt: skip
