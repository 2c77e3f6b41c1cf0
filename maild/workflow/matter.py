"""A matter that is split off a letter: its case, its handler, its clocks from now on (casework 5, `split`)."""

from maild.domain.assign import Assignment, choose_handler, handled_as, unit_handler
from maild.domain.assign import refusal as objection
from maild.domain.case import Case, Event, State
from maild.domain.message import Mail
from maild.domain.route import Matter
from maild.domain.sla import clocks_for
from maild.domain.splitting import Part
from maild.domain.value import value
from maild.workflow.notify import assignment_letter
from maild.workflow.office import Office
from maild.workflow.ordering import Order
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import exclusion_of
from maild.workflow.view import unit_label

_SUMMARY = 120
_REFUSALS = {"unknown": "outside-directory", "excluded": "conflict-of-interest", "confidential": "confidential-type"}


@value
class Begun:
    """A new case of a split letter."""

    case: Case
    plan: Plan
    where: str
    """Its unit, in the words of who ordered it."""


def refusal(part: Part, case: Case, office: Office) -> str:
    """Why this matter cannot go where it should; "" where it can. Who is out of the letter is out of each matter."""
    if part.stranger:
        return "outside-directory"
    if part.several:
        return "ambiguous"
    unit = office.index.unit(part.unit) if part.unit else None
    address = _handler(part, case, office).person or (unit.head if unit else None)
    if address is None:
        return "unknown-unit" if unit else "nobody-above"
    kind = handled_as(case.type, case.confidential)
    why = objection(office.index, exclusion_of(case, office.index), address=address, kind=kind)
    return _REFUSALS.get(why, why) if why else ""


def begun(part: Part, case: Case, order: Order, *, mail: Mail | None) -> Begun:
    """The new case: same requester and type, the letter's flags, names and exclusions, and a number of its own."""
    office, now = order.office, order.office.now
    number = order.facts.new_number(office.box.identity.case_prefix, now.astimezone(office.zone).year)
    chosen = _handler(part, case, office)
    made = Case(
        number=number, pack=case.pack, mailbox=case.mailbox, type=case.type, state=State.ASSIGNED,
        requester=case.requester, received=now, subject=case.subject, summary=part.text[:_SUMMARY],
        urgency=case.urgency, customer_kind=case.customer_kind, subject_class=case.subject_class, unit=chosen.unit,
        handler=chosen.person, followers=case.followers, report_to=case.report_to, names=case.names,
        excluded=case.excluded, undecided=case.undecided, confidential=case.confidential, links=(case.number,),
        split_from=case.number, origin=case.origin, crisis=case.crisis, known_by=case.known_by,
        alarm="none" if case.urgency == "critical" else "wide", last_human_event=now,
    )  # fmt: skip
    data: dict[str, object] = {"from": case.number, "received": case.received.isoformat(), "text": part.text,
                               "unit": made.unit, "handler": made.handler, "mail": order.mail.sha256}  # fmt: skip
    event = Event(kind="split-off", at=now, actor=order.person.address, human=True, data=data)
    clocks = clocks_for(made, text="", deadlines=office.pack.deadlines, calendar=office.calendar_of(made))
    letter = assignment_letter(made, office, chosen.deliver_to or chosen.person or "", mail=mail, reason="split",
                               order=part.text, by=order.person.name)  # fmt: skip
    unit = office.index.unit(made.unit) if made.unit else None
    plan = Plan(cases=(made,), clocks=clocks, letters=(letter,), happenings=(Happening(number=number, event=event),))
    return Begun(case=made, plan=plan, where=unit_label(unit, order.person.language) if unit else "")


def _handler(part: Part, case: Case, office: Office) -> Assignment:
    """Who is named, the head of the unit that is, or whom the pack's routes name for these words."""
    index, today = office.index, office.now.astimezone(office.zone).date()
    exclusion = exclusion_of(case, index)
    if person := index.person(part.person):
        own = index.unit_of(person.address)
        return Assignment(unit=own.id if own else None, person=person.address)
    matter = Matter(
        kind=handled_as(case.type, case.confidential), writer=case.requester.address, text=part.text, names=case.names,
        customer_kind=case.customer_kind, subject_class=None,
    )  # fmt: skip
    unit = index.unit(part.unit) if part.unit else None
    if unit is None:
        return choose_handler(matter, routes=office.pack.routes, index=index, exclusion=exclusion, today=today)
    chosen = unit_handler(unit.id, matter, index=index, exclusion=exclusion, today=today)
    return chosen if chosen.person else Assignment(unit=unit.id, person=unit.head)
