"""What each order does: one function a verb, listed in VERBS; the reading and the permission came before."""

from collections.abc import Callable
from dataclasses import replace

from maild.domain.assign import refusal, unit_handler
from maild.domain.case import Clock, ClockKind, ClockState, Event, State
from maild.domain.conflict import kept
from maild.domain.emptyanswer import lacks_substance, why_empty
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.route import Matter
from maild.domain.wording import date_text
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result, ended_by_route, handler_clocks, met_by, running_after
from maild.workflow.plan import Happening, Plan
from maild.workflow.view import unit_label

REQUESTERS_MAIL = frozenset({"new-case", "appended", "reopened"})
"""What a case's requester wrote; everything else was said inside and never leaves."""
REFUSALS = {"unknown": "outside-directory", "excluded": "conflict-of-interest", "confidential": "confidential-type"}


def route(order: Order) -> Result:
    """A new handler; the clocks start for them, a date in the sentence becomes the clock `instruct`."""
    case, office = order.case, order.office
    exclusion = kept(case.excluded)
    unit, person = _target(order)
    if person is None:
        return Result(refusal="unknown-unit", detail=order.command.unit or order.command.person or "")
    if why := refusal(office.index, exclusion, address=person, kind=case.type):
        return Result(refusal=REFUSALS.get(why, why))
    now = office.now
    moved = replace(case, unit=unit, handler=person, state=State.ASSIGNED, supervisors=(), last_human_event=now)
    mails = order.facts.mails(case.number)
    first = order.originals.mail(mails[0].sha256) if mails else None
    letter = assignment_letter(moved, office, person, mail=first, reason="routed", order=order.command.text,
                               by=order.person.name)  # fmt: skip
    clocks = (*ended_by_route(order), *handler_clocks(moved, order))
    event = _event(order, "routed", {"unit": unit, "handler": person, "order": order.command.text})
    plan = Plan(cases=(moved,), clocks=clocks, letters=(letter,), happenings=(event,))
    named = office.index.unit(unit) if unit else None
    holder = office.index.person(person)
    unit_name = unit_label(named, order.person.language) if named else ""
    echo = _echo(order, clocks, unit_name=unit_name, person_name=holder.name if holder else "")
    return Result(plan=plan, echo=echo)


def accept(order: Order) -> Result:
    """The handler has it; a unit's case becomes the accepting member's."""
    case = order.case
    handler = order.person.address if _may_take(order) else case.handler
    state = State.IN_PROGRESS if case.state in {State.NEW, State.ASSIGNED, State.REOPENED} else case.state
    taken = replace(case, state=state, handler=handler, last_human_event=order.office.now)
    clocks = met_by(order, "accept")
    return Result(
        plan=Plan(cases=(taken,), clocks=clocks, happenings=(_event(order, "accepted", {}),)),
        echo=_echo(order, running_after(order, clocks)),
    )  # fmt: skip


def reply(order: Order) -> Result:
    """The text goes to the requester from the shared address, signed by the unit; the case is answered."""
    case, text = order.case, order.command.text.strip()
    mails = [m for m in order.facts.mails(case.number) if m.disposition in REQUESTERS_MAIL]
    last = order.originals.mail(mails[-1].sha256) if mails else None
    asked = (last.fresh_text or last.text) if last else case.summary
    if why := why_empty(text, asked):
        return Result(refusal=why)
    if not case.requester.address:
        return Result(refusal="no-address")
    unit = order.office.index.unit(case.unit) if case.unit else None
    signed = unit_label(unit, case.requester.language) if unit else order.office.organisation.name
    data: dict[str, object] = {
        "text": text, "unit_name": signed,
        "question": asked[:1500], "closing": False, "subject": case.subject[:60],
    }  # fmt: skip
    letter = Letter(
        kind=LetterKind.ANSWER, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, data=data, lane=Lane.REQUESTER, keyed=True,
        in_reply_to=last.message_id if last else "",
        references=(*last.references, last.message_id) if last else (),
    )  # fmt: skip
    now = order.office.now
    answered = replace(case, state=State.ANSWERED, answered_at=now, last_human_event=now)
    clocks = met_by(order, "reply")
    event = _event(order, "answered", {"text": text})
    echo = _echo(order, running_after(order, clocks), visible_to="requester", missing=["analysis", "measure"])
    echo["more"] = ["lacks-substance"] if lacks_substance(text) else []
    return Result(plan=Plan(cases=(answered,), clocks=clocks, letters=(letter,), happenings=(event,)), echo=echo)


def note(order: Order) -> Result:
    """Kept inside; nobody outside ever sees it."""
    noted = replace(order.case, last_human_event=order.office.now)
    event = _event(order, "note", {"text": order.command.text})
    return Result(plan=Plan(cases=(noted,), happenings=(event,)), echo=_echo(order, running_after(order, ())))


VERBS: dict[str, Callable[[Order], Result]] = {"route": route, "accept": accept, "reply": reply, "note": note}


def _target(order: Order) -> tuple[str | None, str | None]:
    """Unit id and person of a route; a person's own unit where only the person is named."""
    index = order.office.index
    if person := index.person(order.command.person):
        own = index.unit_of(person.address)
        return (own.id if own else None), person.address
    unit = index.unit(order.command.unit) if order.command.unit else None
    if unit is None:
        return None, None
    matter = Matter(kind=order.case.type, writer=order.case.requester.address, names=order.case.names)
    today = order.office.now.astimezone(order.office.zone).date()
    chosen = unit_handler(unit.id, matter, index=index, exclusion=kept(order.case.excluded), today=today)
    return unit.id, chosen.person or unit.head


def _may_take(order: Order) -> bool:
    unit = order.office.index.unit(order.case.unit) if order.case.unit else None
    members = {p.address for p in order.office.index.members(unit.id)} if unit else set()
    return order.person.address in members


def _event(order: Order, kind: str, data: dict[str, object]) -> Happening:
    whole = data | {"mail": order.mail.sha256}
    event = Event(kind=kind, at=order.office.now, actor=order.person.address, human=True, data=whole)
    return Happening(number=order.case.number, event=event)


def _echo(
    order: Order, clocks: tuple[Clock, ...], *, visible_to: str = "inside", missing: list[str] | None = None,
    unit_name: str = "", person_name: str = "",
) -> dict[str, object]:  # fmt: skip
    dues = [c.due for c in clocks if c.state is ClockState.OPEN and c.kind is not ClockKind.IDLE]
    zone, language = order.office.zone, order.person.language
    return {
        "verb": order.command.verb, "unit_name": unit_name, "person_name": person_name, "visible_to": visible_to,
        "due_text": date_text(min(dues), zone, language) if dues else "", "text": order.command.text,
        "missing": missing or [], "held_until_text": "", "more": [],
    }  # fmt: skip
