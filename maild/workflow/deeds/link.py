"""`link` 关联: two cases that belong near each other name each other from then on; it opens neither (casework 5)."""

from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.letter import LetterKind
from maild.workflow.deeds.proposing import may_decide, other_case, proposed
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Happening, Plan
from maild.workflow.related import surviving


def link(order: Order) -> Result:
    """Both cases name each other, to those who may know of both; who may read what stays as it was."""
    case = order.case
    other = other_case(order.command.case or "", order)
    if other is not None and (goes_on := surviving(other, order.facts)) is not None:
        other = other_case(goes_on.number, order)
    if case.merged_into:
        return Result(refusal="wrong-state")
    if other is None:
        return Result(refusal="no-case", detail=order.command.case or "")
    if other.number == case.number:
        return Result(refusal="same-case", detail=other.number)
    if other.number in case.links and case.number in other.links:
        return Result(refusal="linked-already", detail=other.number)
    if not may_decide(order, sealed=False):
        return proposed(order, sealed=False, other=other.number)
    now = order.office.now
    here, there = replace(_with(case, other), last_human_event=now), _with(other, case)
    data: dict[str, object] = {"number": case.number, "mail": order.mail.sha256}
    event = Event(kind="linked", at=now, actor=order.person.address, human=True, data=data)
    request = {"request": order.key.data["mail"]} if order.key.purpose == LetterKind.PROPOSAL.value else {}
    happenings = (happened(order, "linked", {"number": other.number} | request),
                  Happening(number=other.number, event=event))  # fmt: skip
    said = echo(order, order.clocks)
    return Result(plan=Plan(cases=(here, there), happenings=happenings),
                  echo=said | {"verb": "link", "text": other.number})  # fmt: skip


def _with(case: Case, other: Case) -> Case:
    return replace(case, links=tuple(dict.fromkeys((*case.links, other.number))))
