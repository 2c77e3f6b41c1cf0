"""What is done to a lead case is done to each of its members by the same deed, each writer alone (casework 5)."""

from collections.abc import Callable
from dataclasses import replace

from maild.domain.case import Case
from maild.domain.letter import OUTSIDE
from maild.domain.outcome import stated
from maild.domain.permission import may
from maild.domain.transitions import MoveRefused
from maild.workflow.gathering import known_members, released, told
from maild.workflow.ordering import Order, Result, clocks_after, numbered
from maild.workflow.plan import Plan
from maild.workflow.waiting import awake

ALONG = frozenset({"accept", "hand-up", "resolve", "route"})
"""Orders to a lead that hold for its members."""
_MOVES = frozenset({"hand-up", "route"})


def along(order: Order, result: Result, deed: Callable[[Order], Result]) -> Result:
    """The result for the lead and for every member that its handler knows of.

    A close that would leave a member without an answer is refused whole; who may not have a member does not get it:
    it stays where it is, by itself. 无法联系 and the like are said of one writer, never of all.
    """
    members = known_members(order.case, order.office, order.facts)
    if result.refusal or not result.plan.cases or not members or stated(order.command)[0]:
        return result
    lead = next(one for one in reversed(result.plan.cases) if one.number == order.case.number)
    plan, left = result.plan, list[Case]()
    for member in members:
        done = _done(order, member, deed)
        if done is not None and not done.refusal:
            quiet = tuple(letter for letter in done.plan.letters if letter.kind in OUTSIDE)
            plan += replace(done.plan, letters=quiet, clocks=numbered(done.plan.clocks, plan.clocks))
        elif done is not None and done.refusal == "incomplete":
            return Result(refusal="members-unanswered", detail=member.number, missing=done.missing)
        else:
            left.append(member)
    if order.command.verb in _MOVES:
        for member in left:
            alone, lead = released(member, lead)
            plan += Plan(cases=(alone,))
        own = [one for one in plan.cases if one.led_by == lead.number and one.number in lead.members]
        plan += Plan(cases=(lead,), letters=told(lead, own, order.office))
    said = [str(one) for one in _list(result.echo.get("more"))]
    more = [*said, "with-members", *(["some-members-not"] if left else [])]
    return replace(result, plan=plan, echo=result.echo | {"more": more})


def _done(order: Order, member: Case, deed: Callable[[Order], Result]) -> Result | None:
    """The same order for a member; None where it may not be given there, or where the member's state forbids it."""
    office = order.office
    why = may(order.command, actor=order.person, case=member, index=office.index,
              coordinator=office.coordinator(member), acting_for=order.key.recipient)  # fmt: skip
    if why:
        return None
    running = tuple(order.facts.clocks(member.number))
    going, woken = awake(member, running, office)
    try:
        done = deed(replace(order, case=going, clocks=clocks_after(running, woken)))
    except MoveRefused:
        return None
    return done if done.refusal else replace(done, plan=Plan(clocks=woken) + done.plan)


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, list | tuple) else []
