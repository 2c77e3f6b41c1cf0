"""`route` 转 / 转办 / 承办: a new handler."""

from dataclasses import replace

from maild.domain.assign import Assignment, handled_as, refusal, unit_handler
from maild.domain.case import Case, Clock, ClockKind, State
from maild.domain.conflict import kept, known_as
from maild.domain.policy import NOT_FEEDBACK, UNCLASSIFIED
from maild.domain.route import Matter
from maild.domain.sla import dropped, idle_clock, start_clock
from maild.domain.transitions import Trigger
from maild.workflow.belated import acknowledged_late
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.localtime import when
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result, end_set, ended_by_route, handler_clocks
from maild.workflow.plan import Plan
from maild.workflow.preview import held_back
from maild.workflow.related import mails_of
from maild.workflow.turns import Turns, turn_of
from maild.workflow.view import unit_label

REFUSALS = {"unknown": "outside-directory", "excluded": "conflict-of-interest"}
SEALED = "confidential"
"""They stand outside the seal: its holder sees first what would leave."""


def route(order: Order) -> Result:
    """A new handler; the clocks start for them, a date in the sentence becomes the clock `instruct`."""
    case, office = order.case, order.office
    unit, person = target(order)
    if person is None:
        return Result(refusal="unknown-unit", detail=order.command.unit or order.command.person or "")
    to = _unit_seat(order).deliver_to if not order.command.person and person not in order.released else None
    out, kind = kept(known_as(case.excluded, office.index)), handled_as(case.type, case.confidential)
    why = refusal(office.index, out, address=person, kind=kind)
    if why == SEALED and person not in order.released:
        return held_back(order, person)
    if why and why != SEALED:
        return Result(refusal=REFUSALS.get(why, why))
    given = replace(_assigned(order), unit=unit, handler=person, supervisors=(), undecided=(),
                    report_to=_reports(order))  # fmt: skip
    mails = mails_of(case, order.facts)
    first = order.originals.mail(mails[0].sha256) if mails else None
    letter = assignment_letter(given, office, to or person, mail=first, reason="routed", order=order.command.text,
                               by=order.person.name)  # fmt: skip
    clocks = _plans_clocks(given, order) if given.state is State.PLANNED else (
        *ended_by_route(order), *handler_clocks(given, order)
    )  # fmt: skip
    clocks += _idle(given, order)
    event = happened(order, "routed", {"unit": unit, "handler": person, "order": order.command.text})
    plan = Plan(cases=(given,), clocks=clocks, letters=(letter,), happenings=(event,))
    plan += turn_of(given, office) if not order.command.person else Plan()
    if case.state is State.SET_ASIDE:
        plan += acknowledged_late(given, first, office, order.facts)
    named, holder = office.index.unit(unit) if unit else None, office.index.person(person)
    said = echo(order, clocks, unit_name=unit_label(named, order.person.language) if named else "",
                person_name=holder.name if holder else "")  # fmt: skip
    return Result(plan=plan, echo=said | {"ordered_text": _ordered(order, given)})


def _ordered(order: Order, given: Case) -> str:
    """Until when the order itself says that it is to be done."""
    until, reader = end_set(order.command, order, given), order.person
    return when(until, order.office, reader.address, reader.language, case=given) if until else ""


def _idle(case: Case, order: Order) -> tuple[Clock, ...]:
    """What was set aside has no clock at all, and perhaps none of its type: that nobody touches it is watched."""
    if any(clock.kind is ClockKind.IDLE for clock in order.clocks) or case.state is State.PLANNED:
        return ()
    return (idle_clock(case, deadlines=order.office.pack.deadlines, calendar=order.office.calendar_of(case)),)


def _reports(order: Order) -> tuple[str, ...]:
    """报我: the result goes to who routed, too."""
    own = (order.person.address,) if order.command.report_back else ()
    return tuple(dict.fromkeys((*order.case.report_to, *own)))


def _assigned(order: Order) -> Case:
    """The case in a handler's hands; what was set aside is feedback after all, of a type that nobody has said yet."""
    if order.case.state is State.SET_ASIDE:
        taken = moved(order, Trigger.TAKE_UP)
        kind = UNCLASSIFIED if taken.type == NOT_FEEDBACK else taken.type
        order = replace(order, case=replace(taken, type=kind))
    given = moved(order, Trigger.ASSIGN)
    return replace(given, state=State.PLANNED) if order.case.state is State.PLANNED else given


def _plans_clocks(case: Case, order: Order) -> tuple[Clock, ...]:
    """A plan item keeps its date and its state with a new handler, who only has to accept."""
    kinds = {ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.ANSWER}
    old = tuple(dropped(clock) for clock in order.clocks if clock.kind in kinds)
    accept = start_clock(case, ClockKind.ACCEPT, start=order.office.now, deadlines=order.office.pack.deadlines,
                         calendar=order.office.calendar_of(case))  # fmt: skip
    return (*old, *((accept,) if accept else ()))


def target(order: Order) -> tuple[str | None, str | None]:
    """Unit id and person of a route; a person's own unit where only the person is named."""
    index = order.office.index
    if person := index.person(order.command.person):
        own = index.unit_of(person.address)
        return (own.id if own else None), person.address
    unit = index.unit(order.command.unit) if order.command.unit else None
    if unit is None:
        return None, None
    return unit.id, _unit_seat(order).person or unit.head


def _unit_seat(order: Order) -> Assignment:
    """Who of the unit that is named gets the case, and at which address: the head's, a member's, the unit's own."""
    case, office = order.case, order.office
    matter = Matter(kind=case.type, writer=case.requester.address, names=case.names)
    out = kept(known_as(case.excluded, office.index))
    return unit_handler(order.command.unit or "", matter, index=office.index, exclusion=out,
                        today=office.now.astimezone(office.zone).date(),
                        load=Turns(office, order.facts))  # fmt: skip
