"""What some only propose (`merge`, `link`, `split`, `circulate`), and the 同意 or 不同意 that decides it."""

from collections.abc import Iterable
from dataclasses import replace

from maild.domain.case import Case
from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.verb import COORDINATOR, SEAL
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.related import named
from maild.workflow.sight import Sight, may_read_letter, sight


def may_decide(order: Order, *, sealed: bool) -> bool:
    """Whether this person's word is enough: the coordinator's; of sealed cases HR's or the GM office's."""
    return (SEAL if sealed else COORDINATOR) in order.roles


def other_case(written: str, order: Order) -> Case | None:
    """The case that an order names beside its own, as far as who gives it may know of it."""
    return named(
        written, order.case, order.person, office=order.office, facts=order.facts, key=order.key.recipient
    )  # fmt: skip


def proposed(order: Order, *, sealed: bool, other: str = "", decides: Person | None = None) -> Result:
    """The order as a question to who decides it, with one click for yes and no; nothing changes by it.

    `other` is the case that it names beside the order's own; who may not know that one is not asked. `decides` is who
    is asked where it is neither the coordinator nor, of sealed cases, who may read them.
    """
    person = decides or _decides(order, other, sealed=sealed)
    if person is None:
        return Result(refusal="nobody-above")
    command, case = order.command, order.case
    asks: dict[str, object] = {"verb": command.verb, "case": other or None, "text": command.text, "list": command.list,
                               "by": order.person.address, "mail": order.mail.sha256,
                               "approval": decides is not None}  # fmt: skip
    data: dict[str, object] = {
        "what": command.verb, "other": other or command.list or "", "text": command.text, "by": order.person.name,
        "key_data": asks,
    }  # fmt: skip
    letter = Letter(kind=LetterKind.PROPOSAL, to=to_person(person), language=person.language, case=case.number,
                    data=data, lane=lane(case), keyed=True)  # fmt: skip
    event = happened(order, f"{command.verb}-proposed", {"other": other, "text": command.text})
    plan = Plan(cases=(replace(case, last_human_event=order.office.now),), letters=(letter,), happenings=(event,))
    said = echo(order, order.clocks, person_name=person.name)
    return Result(
        plan=plan, echo=said | {"verb": f"{command.verb}-asked", "text": other or command.list or command.text}
    )


def as_proposed(order: Order) -> Order | None:
    """The order that a 同意 carries out, as who decides gives it; None where this proposal was decided before."""
    asked = order.key.data
    mail = str(asked.get("mail", ""))
    if not mail or any(event.data.get("request") == mail for event in order.facts.events(order.case.number)):
        return None
    case, listed, verb = asked.get("case"), asked.get("list"), str(asked.get("verb", ""))
    command = Command(verb=verb, case=str(case) if case else None, list=str(listed) if listed else None,
                      text=str(asked.get("text", "")))  # fmt: skip
    return replace(order, command=command)


def is_approved(order: Order) -> bool:
    """Whether this is the 同意, to exactly what was asked, of who alone was asked to approve it."""
    asked, command = order.key.data, order.command
    same = (asked.get("verb"), asked.get("list"), asked.get("text")) == (command.verb, command.list, command.text)
    return order.key.purpose == LetterKind.PROPOSAL.value and asked.get("approval") is True and same


def declined(order: Order) -> Result:
    """不同意: nothing changes, and who proposed it hears why."""
    asked, now = order.key.data, order.office.now
    event = happened(order, f"{asked.get('verb')}-declined", {"request": asked.get("mail"), "text": order.command.text})
    asker = order.office.index.person(str(asked.get("by", "")))
    data: dict[str, object] = {
        "what": asked.get("verb", ""), "other": asked.get("case") or asked.get("list") or "", "by": order.person.name,
        "text": order.command.reason or order.command.text,
    }  # fmt: skip
    letters = (
        Letter(kind=LetterKind.PROPOSAL_DECLINED, to=to_person(one), language=one.language, case=order.case.number,
               data=data, lane=lane(order.case), keyed=True)
        for one in (asker,) if one is not None
    )  # fmt: skip
    plan = Plan(cases=(replace(order.case, last_human_event=now),), letters=tuple(letters), happenings=(event,))
    return Result(plan=plan, echo=echo(order, order.clocks))


def _decides(order: Order, other: str, *, sealed: bool) -> Person | None:
    office = order.office
    people: Iterable[Person | None]
    if sealed:
        handler = office.index.person(order.case.handler)
        holders = office.index.with_role("hr", "gm-office")
        people = (*((handler,) if handler in holders else ()), *holders)
    else:
        people = (office.coordinator_person(order.case), office.index.gm())
    others = (one for one in people if one is not None and one != order.person)
    return next((one for one in others if _fits(one, order, other, sealed=sealed)), None)


def _fits(person: Person, order: Order, other: str, *, sealed: bool) -> bool:
    """Whether they may know of both cases, and of sealed ones read both letters."""
    case, office = order.case, order.office
    beside = named(other, case, person, office=office, facts=order.facts) if other else case
    if beside is None:
        return False
    if sealed:
        return may_read_letter(case, person, office) and may_read_letter(beside, person, office)
    return sight(case, person, office) >= Sight.FACTS
