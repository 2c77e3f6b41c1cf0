"""`hold` 保全 and `lift-hold` 解除保全: a case of which nothing may be erased, whatever its age, until that is lifted.

By the roles that the pack names (`erasers`), each with a reason that stays in the history and that the head of each
other such role hears. An undo ends no hold: only 解除保全 does, with a reason of its own.
"""

from collections.abc import Iterator
from dataclasses import replace

from maild.domain.letter import Letter, LetterKind
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.localtime import when
from maild.workflow.notify import lane
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.sealholders import may_erase, who_hears


def hold(order: Order) -> Result:
    """From now on neither `erase` nor the retention takes anything of the case."""
    if order.case.erased:
        return _unless_refused(order, "erased-already")
    return _unless_refused(order, "held-already" if order.case.hold else "")


def lift(order: Order) -> Result:
    """It may be erased again: by order, and when its time has come."""
    return _unless_refused(order, "" if order.case.hold else "not-held")


def _unless_refused(order: Order, why: str) -> Result:
    reason, lifts = (order.command.reason or "").strip(), order.command.verb == "lift-hold"
    if not may_erase(order.person, order.office):
        return Result(refusal="not-yours")
    if why or not reason:
        return Result(refusal=why or f"{order.command.verb}-why")
    case = replace(order.case, hold="" if lifts else reason)
    event = happened(order, "retention-lifted" if lifts else "retention-held", {"reason": reason})
    plan = Plan(cases=(case,), happenings=(event,), letters=tuple(_told(order, reason)))
    return Result(plan=plan, echo=echo(order, order.clocks) | {"text": reason})


def _told(order: Order, reason: str) -> Iterator[Letter]:
    case, office = order.case, order.office
    hears, instead = who_hears(case, order.person, office, roles=office.pack.routes.erasers)
    for to in hears:
        reader = office.index.person(to.address)
        language = reader.language if reader else "zh"
        data: dict[str, object] = {
            "by": order.person.name, "reason": reason, "lifted": order.command.verb == "lift-hold",
            "supervisors": instead, "at_text": when(office.now, office, to.address, language),
        }  # fmt: skip
        yield Letter(kind=LetterKind.HOLD_TOLD, to=to, language=language, case=case.number, data=data,
                     lane=lane(case), keyed=may_erase(reader, office))  # fmt: skip
