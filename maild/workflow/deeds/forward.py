"""`forward` 转外部: a letter to an expert outside, once the coordinator has seen all that would leave (casework 5)."""

from dataclasses import replace
from datetime import timedelta

from maild.domain.case import State
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.spelling import fold_address
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.outward import gives_away, letter_to, outgoing, words_of
from maild.workflow.plan import Plan
from maild.workflow.sight import is_barred, may_read_letter

CONFIRM_WITHIN = timedelta(hours=24)
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def forward(order: Order) -> Result:
    """The preview, with a key of its own: nothing leaves before 确认 comes back to it."""
    address, reason = fold_address(order.command.person or ""), (order.command.reason or "").strip()
    if why := _why_not(address, order):
        return Result(refusal=why, detail=address)
    if not reason:
        return Result(refusal="missing-reason")
    office, person, mail = order.office, order.person, order.mail
    out = outgoing(order.case, office, facts=order.facts, originals=order.originals)
    expires = office.now + CONFIRM_WITHIN
    known = {"to": address, "reason": reason, "mails": [str(one["mail"]) for one in out.letters]}
    data = words_of(out, reason) | {
        "to": address, "tells": gives_away(order.case, out),
        "expires_text": when(expires, office, person.address, person.language),
        "key_data": {"mail": mail.sha256, "forward": known}, "key_expires": expires,
    }  # fmt: skip
    letter = Letter(
        kind=LetterKind.FORWARD_PREVIEW, to=to_person(person), language=person.language, case=order.case.number,
        data=data, lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id,
        references=(*mail.references, mail.message_id),
    )  # fmt: skip
    return Result(plan=Plan(letters=(letter,), happenings=(happened(order, "forward-asked", {"to": address}),)))


def send_forward(order: Order) -> Result:
    """确认 in answer to the preview: what was shown leaves, once, and the hold counts from now."""
    known = order.key.data.get("forward")
    if not isinstance(known, dict):
        return Result(refusal="not-available")
    address, reason, mark = str(known["to"]), str(known["reason"]), f"{order.case.number} {order.key.serial}"
    if any(e.kind == "forwarded" and e.data.get("preview") == mark for e in order.facts.events(order.case.number)):
        return Result(refusal="used-key")
    if why := _why_not(address, order):
        return Result(refusal=why, detail=address)
    out = outgoing(order.case, order.office, facts=order.facts, originals=order.originals,
                   mails=[str(one) for one in known["mails"]])  # fmt: skip
    case = replace(order.case, experts=tuple(dict.fromkeys((*order.case.experts, address))),
                   last_human_event=order.office.now)  # fmt: skip
    letter = letter_to(address, case, order.office, out=out, reason=reason)
    data: dict[str, object] = {"to": address, "text": reason, "preview": mark,
                               "attachments": [one.file.filename for one in out.files]}  # fmt: skip
    said = echo(order, running_after(order, ()), visible_to="expert", person_name=address)
    plan = Plan(cases=(case,), letters=(letter,), happenings=(happened(order, "forwarded", data),))
    return Result(plan=plan, echo=said | {"verb": "forward", "text": ""})


def _is_ours(domain: str, office: Office) -> bool:
    own = office.organisation.domain.lower()
    return domain == own or domain.endswith(f".{own}")


def _why_not(address: str, order: Order) -> str:
    """Why nothing of this case may go to this address, as a refusal; "" where it may."""
    case, office = order.case, order.office
    if case.state in _OVER:
        raise MoveRefused(case.state, Trigger.ACCEPT, "closed")
    if case.confidential or not may_read_letter(case, order.person, office):
        return "sealed"
    index, domain = office.index, address.rpartition("@")[2]
    if office.own(address) or index.person(address) or index.unit_at(address) or _is_ours(domain, office):
        return "inside-address"
    if is_barred(case, address, index):
        return "conflict-of-interest"
    return "requesters-address" if address in {case.requester.address, *case.requester.earlier} else ""
