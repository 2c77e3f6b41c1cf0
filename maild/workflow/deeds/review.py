"""`adopt` 采纳 and `reject` 不采纳: a reviewer decides on a suggestion; the award is only proposed (P3.3.5, P3.6.2)."""

from dataclasses import replace

from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.workflow.deeds.resolve import ended_with
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ending import outcome_of
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan


def adopt(order: Order) -> Result:
    """The suggestion is taken; its writer hears so at once, unless a plan in the same mail says it with its date."""
    if refusal := _not_decided(order):
        return refusal
    case, office = order.case, order.office
    known = replace(case, decision="adopted", last_human_event=office.now)
    clocks = met_by(order, "adopt")
    events = (
        happened(order, "adopted", {"text": order.command.text}),
        happened(order, "ledger-proposed", {"entry": "suggestion-award", "to": _whom(order), "state": "proposed"}),
    )
    plan = Plan(cases=(known,), clocks=clocks, happenings=events,
                letters=() if "plan" in order.beside else _told(order))  # fmt: skip
    return Result(plan=plan, echo=echo(order, running_after(order, clocks)) | {"more": ["award-proposed"]})


def reject(order: Order) -> Result:
    """The suggestion is not taken; the reason is the answer to its writer, and ends the case."""
    if refusal := _not_decided(order):
        return refusal
    reason = (order.command.reason or order.command.text).strip()
    if not reason:
        return Result(refusal="incomplete", missing=("reason",))
    case = replace(order.case, decision="rejected", reason=reason, last_human_event=order.office.now)
    done = ended_with(order, case, reason)
    if done.refusal:
        return done
    letters = tuple(
        replace(one, data={**one.data, "decision": "rejected"}) if one.kind is LetterKind.ANSWER else one
        for one in done.plan.letters
    )
    event = happened(order, "rejected", {"text": reason})
    return replace(done, plan=replace(done.plan, letters=letters, happenings=(event, *done.plan.happenings)))


def _not_decided(order: Order) -> Result | None:
    """The refusal where this type ends by no decision."""
    fits = outcome_of(order.case, order.office) == "decided"
    return None if fits else Result(refusal="not-a-suggestion")


def _whom(order: Order) -> str:
    """The writer; of a confidential case nobody by name."""
    return "alias" if order.case.confidential else order.case.requester.address


def _told(order: Order) -> tuple[Letter, ...]:
    case, office = order.case, order.office
    if not case.requester.address:
        return ()
    to = Address(address=case.requester.address, name=case.requester.name)
    return (
        Letter(kind=LetterKind.ADOPTED, to=to, language=case.requester.language, case=case.number, lane=Lane.REQUESTER,
               keyed=True, not_before=office.now + office.hold(case)),
    )  # fmt: skip
