"""`seal` 保密 and `unseal` 解除保密: who wrote becomes known by an alias, or is told to one seal-holder (P3.5.7).

A seal never falls by either: 解除保密 tells the name to the seal-holder who asked, by one mail, with a reason that
stays in the history and that the other seal-holder hears. Everybody else goes on with the alias.
"""

from collections.abc import Iterator
from dataclasses import replace

from maild.domain.alias import by_what_known, is_nameless
from maild.domain.case import Case
from maild.domain.letter import OUTSIDE, Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.localtime import when
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.sealholders import holds_seal, who_hears


def seal(order: Order) -> Result:
    """From now on an alias for everybody but the seal-holders; who handles the case stays."""
    case = order.case
    if case.confidential:
        return Result(refusal="sealed-already")
    if is_nameless(case.requester.name, case.requester.address):
        return Result(refusal="nobody-to-name")
    own = tuple(replace(one, confidential=True) for one in (case, *_same_letters(order)))
    sealed = replace(own[0], last_human_event=order.office.now)
    events = tuple(replace(happened(order, "sealed", {}), number=one.number) for one in own)
    plan = Plan(cases=(sealed, *own[1:]), happenings=events, letters=tuple(_told(order, sealed)),
                withdrawn=tuple(_not_left(order)))  # fmt: skip
    more = ("copies-are-out", *(("same-letters-too",) if len(own) > 1 else ()))
    return Result(plan=plan, echo=echo(order, order.clocks, visible_to="seal", more=more))


def unseal(order: Order) -> Result:
    """The name to the seal-holder who asked, alone; confirmed by a second mail before it comes here."""
    case, office, person = order.case, order.office, order.person
    reason = (order.command.reason or "").strip()
    if not holds_seal(person, office):
        return Result(refusal="not-yours")
    if not case.confidential:
        return Result(refusal="not-sealed")
    if is_nameless(case.requester.name, case.requester.address):
        return Result(refusal="nobody-to-name")
    if not reason:
        return Result(refusal="unseal-why")
    hears, instead = who_hears(case, person, office)
    if not hears:
        return Result(refusal="nobody-to-tell")
    event = happened(order, "unsealed", {"text": reason, "told": [one.address for one in hears]})
    told = tuple(_notice(order, one, reason, instead=instead) for one in hears)
    names = ", ".join(one.name for one in hears if one.name)
    known = replace(case, last_human_event=office.now)
    return Result(plan=Plan(cases=(known,), letters=(_name(order, reason, names, instead=instead), *told),
                            happenings=(event,)))  # fmt: skip


def _name(order: Order, reason: str, told: str, *, instead: bool) -> Letter:
    """Who wrote; the one letter to the inside that says so."""
    case, person, mail = order.case, order.person, order.mail
    known = by_what_known(case)
    names = tuple(dict.fromkeys(filter(None, (case.requester.name, *known.names))))
    data: dict[str, object] = {
        "names": list(names), "addresses": list(known.addresses), "numbers": list(known.numbers),
        "lines": list(known.lines), "reason": reason, "told": told, "supervisors": instead,
    }  # fmt: skip
    return Letter(kind=LetterKind.UNSEALED, to=to_person(person), language=person.language, case=case.number, data=data,
                  lane=Lane.ECHO, in_reply_to=mail.message_id, references=(mail.message_id,))  # fmt: skip


def _notice(order: Order, to: Address, reason: str, *, instead: bool) -> Letter:
    reader = order.office.index.person(to.address)
    language = reader.language if reader else "zh"
    data: dict[str, object] = {"by": order.person.name, "reason": reason, "supervisors": instead,
                               "at_text": when(order.office.now, order.office, to.address, language)}  # fmt: skip
    return Letter(kind=LetterKind.UNSEAL_TOLD, to=to, language=language, case=order.case.number, data=data,
                  lane=lane(order.case))  # fmt: skip


def _same_letters(order: Order) -> Iterator[Case]:
    """The cases in which the same letter, or one that was merged into this case, would still tell who wrote."""
    case, facts = order.case, order.facts
    first = case.split_from or case.number
    near = (found for number in dict.fromkeys((*case.absorbed, case.split_from, *case.links))
            if number and (found := facts.case(number)) is not None)  # fmt: skip
    for one in near:
        own = one.number in {*case.absorbed, first} or one.split_from == first
        if own and not one.confidential and one.requester.address == case.requester.address:
            yield one


def _readers(order: Order, case: Case) -> Iterator[Address]:
    """Who works on the case inside and is no seal-holder: they know the name, and must keep it from now on."""
    asked = (case.handler, *case.joined, *case.supervisors, *case.report_to, *case.followers)
    for address in dict.fromkeys(filter(None, asked)):
        person = order.office.index.person(address)
        if person is not None and person != order.person and not holds_seal(person, order.office):
            yield to_person(person)


def _told(order: Order, case: Case) -> Iterator[Letter]:
    for to in _readers(order, case):
        person = order.office.index.person(to.address)
        assert person is not None  # noqa: S101  readers are people of the directory
        data: dict[str, object] = {"by": order.person.name, "handles": to.address in {case.handler, *case.joined}}
        yield Letter(kind=LetterKind.SEALED, to=to, language=person.language, case=case.number, data=data,
                     lane=lane(case), keyed=True)  # fmt: skip


def _not_left(order: Order) -> Iterator[str]:
    """Mails to these people that still wait and name the writer; the letter that tells of the seal replaces them."""
    for to in _readers(order, order.case):
        for sent in order.facts.sent_for(order.case.number, to.address):
            if sent.state == "ready" and LetterKind(sent.kind) not in OUTSIDE:
                yield sent.maild_id
