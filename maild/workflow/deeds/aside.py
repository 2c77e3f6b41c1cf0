"""What the coordinator says of mail that was set aside: one polite sentence, or no more of it (casework 7)."""

from dataclasses import replace

from maild.domain.case import State
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.acknowledge import may_acknowledge
from maild.workflow.blocking import LASTS, block, blocked_until, unblock
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.localtime import when
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.recognise import recognise
from maild.workflow.related import mails_of

_SURE = frozenset({Authentication.AUTHENTICATED, Authentication.NOT_CHECKED})


def polite(order: Order) -> Result:
    """One sentence of thanks to who wrote, once; never to a machine, a list, or an address that nobody vouches for."""
    mail, case = _set_aside(order), order.case
    if mail is None or not mail.author.address or mail.automatic is not None or mail.report is not None:
        return Result(refusal="no-address")
    if not may_acknowledge(mail, order.office):
        return Result(refusal="not-for-us")
    if recognise(mail, order.facts, order.office).authentication not in _SURE:
        return Result(refusal="sender-unsure")
    if any(event.kind == "thanked" for event in order.facts.events(case.number)):
        return Result(refusal="thanked-already")
    letter = Letter(
        kind=LetterKind.POLITE, to=mail.author, language=case.requester.language, case=case.number,
        lane=Lane.REQUESTER, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
    known = replace(case, last_human_event=order.office.now)
    plan = Plan(cases=(known,), letters=(letter,), happenings=(happened(order, "thanked", {}),))
    return Result(plan=plan, echo=echo(order, (), visible_to="requester"))


def block_sender(order: Order) -> Result:
    """Their mail makes no case for thirty days; it ends by itself."""
    mail, office = _set_aside(order), order.office
    address = mail.author.address if mail else ""
    if not address:
        return Result(refusal="no-address")
    if office.index.person(address) or office.index.unit_at(address) or office.own(address):
        return Result(refusal="directory-sender")
    until = when(office.now + LASTS, office, order.person.address, order.person.language)
    plan = block(address, order.case.number, office) + Plan(
        happenings=(happened(order, "sender-blocked", {"address": address}),)
    )
    return Result(plan=plan, echo=echo(order, (), person_name=address) | {"due_text": until})


def unblock_sender(order: Order) -> Result:
    """Their mail is handled again like any other."""
    mail = _set_aside(order)
    address = mail.author.address if mail else ""
    if not address or blocked_until(address, order.office, order.facts) is None:
        return Result(refusal="not-blocked")
    plan = unblock(address, order.office) + Plan(
        happenings=(happened(order, "sender-unblocked", {"address": address}),)
    )
    return Result(plan=plan, echo=echo(order, (), person_name=address))


def _set_aside(order: Order) -> Mail | None:
    """The mail of a case that was set aside; of any other this may not be said."""
    if order.case.state is not State.SET_ASIDE:
        raise MoveRefused(order.case.state, Trigger.SET_ASIDE, "set aside")
    mails = mails_of(order.case, order.facts)
    return order.originals.mail(mails[0].sha256) if mails else None
