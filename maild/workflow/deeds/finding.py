"""`upheld` 属实 and `unfounded` 不属实: what an inquiry found; what follows is only proposed (P3.6.3, P3.5.6.1)."""

from dataclasses import replace

from maild.domain.case import Case
from maild.domain.outcome import with_words
from maild.workflow.deeds.resolve import ended_with
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ending import outcome_of
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Happening, Plan

REWARD_CNY = 200


def upheld(order: Order) -> Result:
    """True: a sanction for each person named and a reward for the writer are proposed; the writer stays an alias."""
    found = [_proposed(order, {"entry": "sanction", "person": name}) for name in order.case.names]
    if order.case.confidential:
        found.append(_proposed(order, {"entry": "complaint-reward", "amount_cny": REWARD_CNY, "person": "alias"}))
    return _found(order, "upheld", tuple(found))


def unfounded(order: Order) -> Result:
    """Not true: the normal negative finding, without effect on the writer."""
    return _found(order, "unfounded", ())


def _found(order: Order, finding: str, proposals: tuple[Happening, ...]) -> Result:
    if outcome_of(order.case, order.office) != "resolved":
        return Result(refusal="no-finding")
    command, answer = order.command, order.command.text.strip()
    words = command.reason or ("" if command.analysis else answer)
    event = happened(order, finding, {"text": words})
    case = replace(order.case, last_human_event=order.office.now)
    if command.analysis or command.measure:
        return _ended(order, case, answer, (event, *proposals))
    clocks = met_by(order, finding)
    said = echo(order, running_after(order, clocks), missing=("analysis", "measure", "answer"))
    return Result(plan=Plan(cases=(case,), clocks=clocks, happenings=(event, *proposals)), echo=said | {"text": words})


def _ended(order: Order, case: Case, answer: str, events: tuple[Happening, ...]) -> Result:
    done = ended_with(order, with_words(case, order.command), answer)
    return done if done.refusal else replace(done, plan=Plan(happenings=events) + done.plan)


def _proposed(order: Order, data: dict[str, object]) -> Happening:
    return happened(order, "ledger-proposed", data | {"state": "proposed"})
