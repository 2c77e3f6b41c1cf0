"""`split` 拆分: the other matters of a letter become cases of their own, with the same requester (casework 5)."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case
from maild.domain.command import Command
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.splitting import Part, member_meant, paragraphs, paragraphs_meant, parts_of
from maild.workflow.deeds.proposing import may_decide, proposed
from maild.workflow.deeds.route import route
from maild.workflow.deeds.takeout import taken_out
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.matter import begun, refusal
from maild.workflow.notes import staff_letter
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, clocks_after, running_after
from maild.workflow.plan import Plan
from maild.workflow.related import mails_of
from maild.workflow.sight import may_read_letter
from maild.workflow.waiting import awake

_PREVIEW = 40


def split(order: Order) -> Result:
    """The matter that fits the case's unit, or the first, stays; each of the others gets a number and a handler.

    Without words the numbered paragraphs of the letter are offered, each as one click.
    """
    case, office = order.case, order.office
    if case.state.value in {"closed", "merged", "set-aside"} or case.circulation:
        return Result(refusal="goes-round" if case.circulation else "wrong-state")
    if not order.command.text.strip():
        return _offered(order)
    if member := member_meant(order.command.text):
        return taken_out(order, member)
    parts, alone = _parts(order)
    if not parts:
        return Result(refusal="split-how", detail=order.command.text[:_PREVIEW])
    for part in parts:
        if why := refusal(part, case, office):
            return Result(refusal=why, detail=part.stranger or part.unit or part.text)
    if not may_decide(order, sealed=case.confidential):
        return proposed(order, sealed=case.confidential)
    return _split(order, parts, alone=alone)


def _parts(order: Order) -> tuple[Sequence[Part], bool]:
    """The matters that are meant, and whether all of them leave the case: numbered paragraphs, or one by itself."""
    if numbers := paragraphs_meant(order.command.text):
        known = paragraphs(_letter(order))
        fits = [Part(text=known[n - 1]) for n in numbers if 0 < n <= len(known)]
        return (fits if len(fits) == len(numbers) < len(known) else ()), True
    parts = parts_of(order.command.text, order.office.index)
    return parts, len(parts) == 1


def _split(order: Order, parts: Sequence[Part], *, alone: bool) -> Result:
    case, index = order.case, order.office.index
    unit = index.unit(case.unit) if case.unit else None
    own = next((p for p in parts if (unit and p.unit == unit.name) or (p.person and p.person == case.handler)), None)
    stays = None if alone and own is None else own or parts[0]
    plan, routed = Plan(), False
    if stays is not None and stays is not own and (stays.unit or stays.person):
        to = Command(verb="route", unit=stays.unit, person=stays.person, text=stays.text)
        going, woken = awake(case, order.clocks, order.office)
        moved = route(replace(order, command=to, case=going, clocks=clocks_after(order.clocks, woken)))
        if moved.refusal:
            return moved
        plan, case, routed = Plan(clocks=woken) + moved.plan, moved.plan.cases[-1], True
    first = _first(order)
    new = [begun(part, case, order, mail=first) for part in parts if part is not stays]
    if not new:
        return Result(refusal="split-how", detail=order.command.text[:_PREVIEW])
    numbers = [made.case.number for made in new]
    going = replace(case, links=tuple(dict.fromkeys((*case.links, *numbers))), last_human_event=order.office.now)
    event = happened(order, "split", {"numbers": numbers, "text": order.command.text, **_request(order)})
    plan += Plan(cases=(going,), happenings=(event,), letters=_to_requester(order, going, numbers))
    for made in new:
        plan += made.plan
    if not routed:
        plan += Plan(letters=_to_handler(order, going, numbers))
    running = running_after(order, tuple(clock for clock in plan.clocks if clock.case == case.number))
    said = echo(order, running, unit_name=", ".join(dict.fromkeys(m.where for m in new)))
    return Result(plan=plan, echo=said | {"verb": "split", "text": "、".join(numbers)})


def _request(order: Order) -> dict[str, object]:
    return {"request": order.key.data["mail"]} if order.key.purpose == LetterKind.PROPOSAL.value else {}


def _offered(order: Order) -> Result:
    """Each numbered paragraph but the first, which stays, as a ready-made order."""
    known = paragraphs(_letter(order)) if may_read_letter(order.case, order.person, order.office) else ()
    if not known:
        return Result(refusal="split-how")
    word = "第{}段：{}" if order.person.language.startswith("zh") else "point {}: {}"
    readings = [
        {"verb": "split", "object": word.format(n, " ".join(text.split())[:_PREVIEW])}
        for n, text in enumerate(known, 1) if n > 1
    ]  # fmt: skip
    data: dict[str, object] = {"text": order.mail.fresh_text[:500], "readings": readings}
    letter = staff_letter(LetterKind.CHOICES, order.case, order.person, data, mail=order.mail)
    return Result(plan=Plan(letters=(letter,)))


def _to_requester(order: Order, case: Case, numbers: Sequence[str]) -> tuple[Letter, ...]:
    """All numbers in one letter, to who has an acknowledgement; it waits as long as it can be taken back."""
    who = case.requester
    if not who.address or who.unconfirmed or not order.facts.sent_for(case.number, who.address):
        return ()
    return (
        Letter(kind=LetterKind.REGROUPED, to=Address(address=who.address, name=who.name), language=who.language,
               case=case.number, data={"what": "split", "other": "", "numbers": [case.number, *numbers]},
               lane=Lane.REQUESTER, keyed=True, not_before=order.office.now + order.office.hold(case)),
    )  # fmt: skip


def _to_handler(order: Order, case: Case, numbers: Sequence[str]) -> tuple[Letter, ...]:
    """Who keeps the case hears what is no more theirs."""
    person = order.office.index.person(case.handler)
    if person is None or person == order.person:
        return ()
    data: dict[str, object] = {"numbers": list(numbers), "by": order.person.name, "text": order.command.text}
    return (
        Letter(kind=LetterKind.SPLIT, to=to_person(person), language=person.language, case=case.number, data=data,
               lane=lane(case), keyed=True),
    )  # fmt: skip


def _first(order: Order) -> Mail | None:
    mails = mails_of(order.case, order.facts)
    return order.originals.mail(mails[0].sha256) if mails else None


def _letter(order: Order) -> str:
    mail = _first(order)
    return (mail.fresh_text or mail.text) if mail else ""
