"""`circulate` 下发: the letter goes to a list of receivers, each with a key of their own (casework 5 and 7)."""

from dataclasses import replace

from maild.domain.circulation import Item
from maild.domain.directory import Person
from maild.domain.message import Authentication
from maild.domain.receivers import receivers_of
from maild.domain.transitions import Trigger, move
from maild.domain.verb import COORDINATOR
from maild.workflow.circulating import named_receivers, sent_round
from maild.workflow.deeds.proposing import is_approved, proposed
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ledger import decider
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.sight import is_barred


def circulate(order: Order) -> Result:
    """The receivers are told at once; who has the letter already is left out, who must not see it refuses the whole."""
    case, office = order.case, order.office
    move(case.state, Trigger.CIRCULATE)
    if case.confidential:
        return Result(refusal="confidential-type")
    mails = order.facts.mails(case.number)
    if not mails:
        return Result(refusal="not-available")
    mail = order.originals.mail(mails[0].sha256)
    written = order.command.list or ""
    items = _listed(written, order) if written else named_receivers(case, mail, office)
    if not items:
        return Result(refusal="unknown-receivers", detail=written)
    if barred := next((item for item in items if is_barred(case, item.receiver, office.index)), None):
        return Result(refusal="conflict-of-interest", detail=_name(barred, order))
    if not is_approved(order):
        asks = _asks(order)
        if asks is not None or COORDINATOR not in order.roles:
            return proposed(order, sealed=False, decides=asks)
    known = {item.receiver for item in case.circulation}
    new = tuple(item for item in items if item.receiver not in known)
    if not new:
        return Result(refusal="received-already", detail=written)
    text = order.command.text.strip()
    sent = sent_round(replace(case, last_human_event=office.now), new, office, mail=mail, by=order.person.address,
                      order=text, start=office.now)  # fmt: skip
    told = happened(order, "circulate-ordered", {"list": written, "text": text})
    plan = Plan(happenings=(told,), clocks=met_by(order, "circulate")) + sent
    names = "、".join(_name(item, order) for item in new)
    return Result(plan=plan, echo=echo(order, running_after(order, plan.clocks), person_name=names))


def _asks(order: Order) -> Person | None:
    """Who must approve what the coordinator sends round, where the pack asks it; not who writes or orders it.

    A letter that nobody vouches for is not its writer's word.
    """
    case, office, role = order.case, order.office, order.office.pack.circulating.approves
    if not _is_vouched_for(order):
        case = replace(case, requester=replace(case.requester, address=""))
    writer = office.index.person(case.requester.address)
    own = writer is not None and role in writer.roles
    if not role or own or COORDINATOR not in order.roles or role in order.person.roles:
        return None
    return decider(case, role, order.person, office)


def _is_vouched_for(order: Order) -> bool:
    opened = (event for event in order.facts.events(order.case.number) if event.kind == "opened")
    return any(event.data.get("authentication") == Authentication.AUTHENTICATED.value for event in opened)


def _listed(written: str, order: Order) -> tuple[Item, ...]:
    """The receivers of the list that the order names, without who wrote the letter."""
    index, address = order.office.index, order.case.requester.address
    own = index.person(address)
    return receivers_of(
        written, index, apart=own.addresses if own else (address,), coordinator=order.office.pack.coordinator
    )


def _name(item: Item, order: Order) -> str:
    person = order.office.index.person(item.receiver)
    return person.name if person else item.receiver
