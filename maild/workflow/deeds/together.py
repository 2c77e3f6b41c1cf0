"""`join` 会办 and `lead` 牵头: several handlers with one lead, who alone answers (casework 5)."""

from dataclasses import replace

from maild.domain.assign import handled_as, refusal
from maild.domain.verb import COORDINATOR, HANDLER, HEAD
from maild.workflow.deeds.route import REFUSALS, SEALED, route, target
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.notify import assignment_letter
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan
from maild.workflow.preview import held_back
from maild.workflow.related import mails_of
from maild.workflow.sight import exclusion_of
from maild.workflow.view import unit_label


def join(order: Order) -> Result:
    """One more handler with an assignment and a key of their own; the lead, the clocks and the state stay."""
    case, office = order.case, order.office
    if not order.roles & {COORDINATOR, HANDLER, HEAD}:
        return Result(refusal="not-yours")
    unit, person = target(order)
    if person is None:
        return Result(refusal="unknown-unit", detail=order.command.unit or order.command.person or "")
    kind = handled_as(case.type, case.confidential)
    why = refusal(office.index, exclusion_of(case, office.index), address=person, kind=kind)
    if why and why != SEALED:
        return Result(refusal=REFUSALS.get(why, why))
    if person in {case.handler, *case.joined}:
        return Result(refusal="joined-already")
    if why and person not in order.released:
        return held_back(order, person)
    joined = replace(case, joined=(*case.joined, person), last_human_event=office.now)
    mails = mails_of(case, order.facts)
    first = order.originals.mail(mails[0].sha256) if mails else None
    letter = assignment_letter(joined, office, person, mail=first, reason="joined", order=order.command.text,
                               by=order.person.name)  # fmt: skip
    event = happened(order, "joined", {"unit": unit, "handler": person})
    named, holder = office.index.unit(unit) if unit else None, office.index.person(person)
    said = echo(order, running_after(order, ()), person_name=holder.name if holder else "",
                unit_name=unit_label(named, order.person.language) if named else "")  # fmt: skip
    return Result(plan=Plan(cases=(joined,), letters=(letter,), happenings=(event,)), echo=said)


def lead(order: Order) -> Result:
    """The lead passes to this unit; who had it before goes on beside it. The present lead stays what it is."""
    before = order.case.handler
    _, person = target(order)
    if person is not None and person == before:
        event = happened(order, "leads", {"handler": person})
        kept = replace(order.case, last_human_event=order.office.now)
        holder = order.office.index.person(person)
        said = echo(order, running_after(order, ()), person_name=holder.name if holder else "")
        return Result(plan=Plan(cases=(kept,), happenings=(event,)), echo=said)
    done = route(order)
    if done.refusal or before is None:
        return done
    given = done.plan.cases[-1]
    beside = tuple(one for one in dict.fromkeys((*given.joined, before)) if one != given.handler)
    plan = replace(done.plan, cases=(*done.plan.cases[:-1], replace(given, joined=beside)))
    return replace(done, plan=plan, echo=done.echo | {"verb": "lead"})
