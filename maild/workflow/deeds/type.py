"""`type` 分类 / 应为: another type, with its handler and clocks; kept as a correction to learn from (casework 5)."""

from dataclasses import replace

from maild.domain.case import Case, State
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.verb import COORDINATOR
from maild.workflow.belated import acknowledged_late
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.moved import told_of_move
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, clocks_after
from maild.workflow.plan import Line, Plan
from maild.workflow.pressing import alarmed
from maild.workflow.related import mails_of
from maild.workflow.retype import Retyped, clocks_under, letters_under, retyped
from maild.workflow.sight import Sight, sight
from maild.workflow.view import unit_label


def reclassify(order: Order) -> Result:
    """The coordinator's word counts; a handler's is a proposal where it would take the case off the unit's desk."""
    case, kind = order.case, order.command.type or ""
    if kind not in order.office.pack.policy.types_by_id:
        return Result(refusal="unknown-type", detail=kind)
    if kind == case.type:
        return Result(refusal="same-type")
    if case.state is State.CIRCULATING:
        return Result(refusal="goes-round")
    after = retyped(case, kind, order.office, mail=_first(order), facts=order.facts)
    if COORDINATOR not in order.roles and _takes_away(case, after, order):
        return _proposed(order, kind)
    return _changed(order, after, kind)


def decided_type(order: Order, yes: bool) -> Result:
    """同意 or 不同意 in answer to a handler's proposal."""
    asked = order.key.data
    mail, kind = str(asked.get("mail", "")), str(asked.get("type", ""))
    if any(e.data.get("request") == mail for e in order.facts.events(order.case.number)):
        return Result(refusal="used-key")
    if not yes:
        event = happened(order, "type-declined", {"proposed": kind, "request": mail})
        going = replace(order.case, last_human_event=order.office.now)
        asker = order.office.index.person(str(asked.get("by", "")))
        letters = (_declined(order, asker, kind),) if asker else ()
        return Result(plan=Plan(cases=(going,), letters=letters, happenings=(event,)), echo=echo(order, order.clocks))
    if kind == order.case.type:
        return Result(refusal="same-type")
    if order.case.state is State.CIRCULATING:
        return Result(refusal="goes-round")
    return _changed(
        order, retyped(order.case, kind, order.office, mail=_first(order), facts=order.facts), kind, request=mail
    )


def _takes_away(case: Case, after: Retyped, order: Order) -> bool:
    """Whether it would become no feedback, leave a protected type, or go to another unit's type."""
    protected = order.office.pack.policy.types_by_id
    was = protected.get(case.type)
    leaves = was is not None and was.confidential and not protected[after.case.type].confidential
    return after.case.type == NOT_FEEDBACK or leaves or after.moves


def _changed(order: Order, after: Retyped, kind: str, *, request: str = "") -> Result:
    case, office = replace(after.case, last_human_event=order.office.now), order.office
    case, rung = alarmed(order.case, case, office, order.facts)
    after = replace(after, case=case)
    clocks = clocks_under(order.case, after, order.clocks, office)
    mail = _first(order)
    event = happened(order, "reclassified", {"type": kind, "was": order.case.type, "unit": case.unit,
                                             "handler": case.handler, "request": request})  # fmt: skip
    plan = Plan(cases=(case,), clocks=clocks, happenings=(event,),
                letters=letters_under(after, office, mail=mail, by=order.person.address)) + rung  # fmt: skip
    if case.state is State.SET_ASIDE:
        plan += Plan(lines=(Line(kind="set-aside", number=case.number),))
    elif order.case.state is State.SET_ASIDE:
        plan += acknowledged_late(case, mail, office, order.facts)
    elif after.moves and order.facts.sent_for(case.number, case.requester.address):
        plan += told_of_move(case, office, order.facts, what="handler")
    unit, holder = office.index.unit(case.unit) if case.unit else None, office.index.person(case.handler)
    said = echo(order, clocks_after(order.clocks, clocks), person_name=holder.name if holder else "",
                unit_name=unit_label(unit, order.person.language) if unit else "")  # fmt: skip
    return Result(plan=plan, echo=said | {"verb": "type", "text": office.pack.type_name(kind, order.person.language)})


def _proposed(order: Order, kind: str) -> Result:
    office, case = order.office, order.case
    decides = office.coordinator_person(case)
    if decides is None or sight(case, decides, office) <= Sight.EXISTS:
        decides = office.index.gm()
    if decides is None or decides == order.person or sight(case, decides, office) <= Sight.EXISTS:
        return Result(refusal="nobody-above")
    data: dict[str, object] = {
        "type_name": office.pack.type_name(kind, decides.language), "by": order.person.name,
        "key_data": {"type": kind, "by": order.person.address, "mail": order.mail.sha256},
    }  # fmt: skip
    letter = Letter(kind=LetterKind.TYPE_PROPOSAL, to=to_person(decides), language=decides.language, case=case.number,
                    data=data, lane=lane(case), keyed=True)  # fmt: skip
    event = happened(order, "type-proposed", {"proposed": kind})
    plan = Plan(cases=(replace(case, last_human_event=office.now),), letters=(letter,), happenings=(event,))
    said = echo(order, order.clocks, person_name=decides.name)
    return Result(plan=plan, echo=said | {"verb": "type-asked",
                                          "text": office.pack.type_name(kind, order.person.language)})  # fmt: skip


def _declined(order: Order, person: Person, kind: str) -> Letter:
    data: dict[str, object] = {"type_name": order.office.pack.type_name(kind, person.language),
                               "by": order.person.name, "text": order.command.reason or order.command.text}  # fmt: skip
    return Letter(kind=LetterKind.TYPE_DECLINED, to=to_person(person), language=person.language,
                  case=order.case.number, data=data, lane=lane(order.case), keyed=True)  # fmt: skip


def _first(order: Order) -> Mail | None:
    mails = mails_of(order.case, order.facts)
    return order.originals.mail(mails[0].sha256) if mails else None
