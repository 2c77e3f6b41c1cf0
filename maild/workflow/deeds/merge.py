"""`merge` 合并: a case goes on in another one of its requester, and undo makes them two again (casework 5)."""

from collections.abc import Iterable
from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, Event
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.merging import strictest, survivor, why_not
from maild.domain.message import Address
from maild.domain.sla import dropped, met
from maild.domain.transitions import Trigger, move
from maild.mail.knownby import joined
from maild.workflow.deeds.proposing import may_decide, other_case, proposed
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, clocks_after
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan
from maild.workflow.related import mails_of
from maild.workflow.sight import Sight, exclusion_of, is_barred, may_read_letter, sight
from maild.workflow.waiting import awake


def merge(order: Order) -> Result:
    """This case goes into the one that is named; a handler only proposes it, and protected ones take HR's yes."""
    case = order.case
    move(case.state, Trigger.MERGE)
    into = other_case(order.command.case or "", order)
    why = refusal(case, into, order)
    if into is None or why:
        return Result(refusal=why, detail=order.command.case or "")
    sealed = case.confidential or into.confidential
    if not may_decide(order, sealed=sealed):
        return proposed(order, sealed=sealed, other=into.number)
    return _merged(order, into)


def refusal(case: Case, into: Case | None, order: Order) -> str:
    """Why these two may not become one; "" where they may."""
    office = order.office
    if into is None:
        return "no-case"
    if why := why_not(case, into, office.index, unheard=office.pack.routes.coordinator_hears_nothing):
        return why
    # Whoever is out of one of them is out of both: a handler who may not know of the other letter cannot have it.
    out, beside = exclusion_of(case, office.index), exclusion_of(into, office.index)
    has_it = {one for one in (into.handler, *into.joined) if one}
    if any(is_barred(case, one, office.index) or out.bars(one) or beside.bars(one) for one in has_it):
        return "conflict-of-interest"
    return ""


def _merged(order: Order, into: Case) -> Result:
    office, now, facts = order.office, order.office.now, order.facts
    running = tuple(facts.clocks(into.number))
    going, woken = awake(into, running, office)
    running = clocks_after(running, woken)
    _, due = awake(order.case, order.clocks, office)
    out = sorted(exclusion_of(order.case, office.index).addresses)
    known = joined(going.known_by, order.case.known_by)
    goes_on = replace(survivor(going, order.case, excluded=out), known_by=known, last_human_event=now)
    ended = replace(
        order.case, state=move(order.case.state, Trigger.MERGE), outcome="merged", merged_into=into.number,
        closed_at=now, settling="", waiting_since=None, last_human_event=now,
    )  # fmt: skip
    taken = strictest(running, clocks_after(order.clocks, due), into.number)
    clocks = {clock.id: clock for clock in (*woken, *taken) if clock.id}
    new = tuple(clock for clock in (*woken, *taken) if not clock.id)
    told = replace(order, case=goes_on)
    absorbed = Event(kind="absorbed", at=now, actor=order.person.address, human=True,
                     data={"number": ended.number, "mail": order.mail.sha256})  # fmt: skip
    happenings = (happened(order, "merged", {"into": into.number} | _request(order)),
                  Happening(number=into.number, event=absorbed))  # fmt: skip
    plan = Plan(cases=(ended, goes_on), clocks=(*_ends(order), *clocks.values(), *new), happenings=happenings,
                letters=(*_to_handlers(order, ended, goes_on), *_to_requester(order, goes_on)))  # fmt: skip
    holder = office.index.person(goes_on.handler)
    said = echo(told, clocks_after(running, (*clocks.values(), *new)), person_name=holder.name if holder else "")
    row = {"verb": "merge", "text": ended.number, "number": goes_on.number, "files": _files(order, into)}
    return Result(plan=plan, echo=said | row)


def _files(order: Order, into: Case) -> str:
    """The numbers that the files of this case have in the other one: behind those it has; "" where it has none."""
    if not may_read_letter(into, order.person, order.office):
        return ""
    own, others = (len(order.originals.files_of(one, order.facts)) for one in (into, order.case))
    return "" if not others else str(own + 1) if others == 1 else f"{own + 1}-{own + others}"


def _request(order: Order) -> dict[str, object]:
    """The proposal that this answers, so that it is decided once."""
    return {"request": order.key.data["mail"]} if order.key.purpose == LetterKind.PROPOSAL.value else {}


def _ends(order: Order) -> tuple[Clock, ...]:
    """The coordinator has triaged it; everything else is waited for in the other case."""
    triaged = met(order.clocks, "merge", order.office.now)
    return (*triaged, *(dropped(clock) for clock in order.clocks if clock.kind is not ClockKind.TRIAGE))


def _to_handlers(order: Order, ended: Case, into: Case) -> Iterable[Letter]:
    """Who has the surviving case gets the letter of the other one; who had that one hears that it is no more theirs."""
    office = order.office
    has_it = office.index.person(into.handler or office.coordinator(into))
    for address in dict.fromkeys(one for one in (ended.handler, *ended.joined) if one):
        person = office.index.person(address)
        if person in {None, has_it, order.person} or person is None:
            continue
        known = sight(into, person, office) >= Sight.FACTS
        data: dict[str, object] = {"into": into.number if known else "", "by": order.person.name}
        yield Letter(kind=LetterKind.MERGED, to=to_person(person), language=person.language, case=ended.number,
                     data=data, lane=lane(ended))  # fmt: skip
    if has_it is None:
        return
    first = next(iter(mails_of(ended, order.facts)), None)
    mail = order.originals.mail(first.sha256) if first else None
    readable = mail is not None and may_read_letter(into, has_it, office)
    data = {"letter": None, "attachments": [], "confirmed": True, "hidden": not readable, "merged": ended.number}
    if readable and mail is not None:
        data |= {"mail": mail.sha256, "attach": True}
    yield Letter(kind=LetterKind.ADDITION, to=to_person(has_it), language=has_it.language, case=into.number, data=data,
                 lane=lane(into), keyed=True, attachments=pairs(mail) if readable and mail else ())  # fmt: skip


def _to_requester(order: Order, into: Case) -> tuple[Letter, ...]:
    """One line, to who has an acknowledgement of the case that ended; it waits as long as it can be taken back."""
    who = order.case.requester
    if not order.facts.sent_for(order.case.number, who.address):
        return ()
    return (
        Letter(kind=LetterKind.REGROUPED, to=Address(address=who.address, name=who.name), language=who.language,
               case=into.number, data={"what": "merged", "other": order.case.number, "numbers": []},
               lane=Lane.REQUESTER, keyed=True, not_before=order.office.now + order.office.hold(into)),
    )  # fmt: skip
