"""`hand-up` 上报 / 解决不了: the unit cannot solve it, so it goes to the superior at once (P3.3.7, P3.5.2)."""

from dataclasses import replace

from maild.domain.case import Case, ClockKind
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import dropped, start_clock
from maild.domain.transitions import Trigger
from maild.workflow.above import above
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.moved import told_of_move
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, clocks_after, met_by
from maild.workflow.originals import pairs
from maild.workflow.plan import Plan
from maild.workflow.related import mails_of
from maild.workflow.sight import may_read_letter
from maild.workflow.view import unit_label


def hand_up(order: Order) -> Result:
    """The nearest superior has the case now; what was promised to the requester goes on as it was."""
    case, office = order.case, order.office
    superior = above(case, order.person, office)
    if superior is None:
        return Result(refusal="nobody-above")
    unit = office.index.leads(superior) or office.index.unit_of(superior.address)
    given = replace(moved(order, Trigger.ASSIGN), unit=unit.id if unit else case.unit, handler=superior.address,
                    supervisors=())  # fmt: skip
    met = met_by(order, "hand-up")
    old = tuple(dropped(c) for c in order.clocks if c.kind is ClockKind.ACCEPT and c.id not in {m.id for m in met})
    accept = start_clock(given, ClockKind.ACCEPT, start=office.now, deadlines=office.pack.deadlines,
                         calendar=office.calendar_of(given))  # fmt: skip
    clocks = (*met, *old, *((accept,) if accept else ()))
    reason = order.command.reason or order.command.text
    event = happened(order, "handed-up", {"handler": superior.address, "unit": given.unit, "reason": reason})
    plan = Plan(cases=(given,), clocks=clocks, letters=(_letter(order, given, superior, reason),), happenings=(event,))
    said = echo(order, clocks_after(order.clocks, clocks), person_name=superior.name,
                unit_name=unit_label(unit, order.person.language) if unit else "")  # fmt: skip
    return Result(plan=plan + told_of_move(given, office, order.facts, what="handler"), echo=said | {"text": reason})


def _letter(order: Order, case: Case, superior: Person, reason: str) -> Letter:
    office = order.office
    mails = mails_of(case, order.facts)
    first = order.originals.mail(mails[0].sha256) if mails else None
    readable = first is not None and may_read_letter(case, superior, office)
    data: dict[str, object] = {"text": reason, "by": order.person.name, "letter": None, "attachments": [],
                               "hidden": not readable}  # fmt: skip
    if readable and first is not None:
        data |= {"mail": first.sha256, "attach": True}
    return Letter(
        kind=LetterKind.HAND_UP, to=to_person(superior), language=superior.language, case=case.number, data=data,
        lane=lane(case), keyed=True, attachments=pairs(first) if readable and first else (),
    )  # fmt: skip
