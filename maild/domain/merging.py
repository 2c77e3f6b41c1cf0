"""Two cases of one requester become one: when that may be, and what of both survives (casework 4 and 5, `merge`)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from maild.domain.case import Answered, Case, Clock, ClockKind, ClockState, State
from maild.domain.lookup import Index

OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})
"""States in which nobody works on a case: nothing is merged into it."""
_LEVELS = ("low", "normal", "high", "critical")
_OWN = frozenset({ClockKind.IDLE, ClockKind.WAIT, ClockKind.TRIAGE})
"""Clocks that end with their case and are never taken over."""


def why_not(case: Case, into: Case, index: Index, *, unheard: Iterable[str] = ()) -> str:
    """Why `case` may not go into `into`, as a refusal; "" where it may.

    `unheard` are the types of which the coordinator's office hears nothing: they keep that by keeping their type.
    Neither may be over, nor go round with receipts of its own; nothing moves between mailboxes, or between what is
    confidential and what is not.
    """
    if case.number == into.number:
        return "same-case"
    if case.mailbox != into.mailbox or case.pack != into.pack:
        return "no-case"
    if into.state in OVER:
        return "over-already"
    if case.circulation or into.circulation:
        return "goes-round"
    if case.members:
        return "leads-others"
    if not one_requester(case, into, index):
        return "one-requester"
    if case.requester.unconfirmed or into.requester.unconfirmed:
        return "unconfirmed-address"
    hushed = set(unheard)
    if case.confidential != into.confidential or (case.type in hushed and into.type not in hushed):
        return "confidential-mix"
    return ""


def one_requester(one: Case, other: Case, index: Index) -> bool:
    """Whether both were written by the same person, under whichever of their addresses; nobody is not somebody."""
    first, second = _addresses(one, index), _addresses(other, index)
    return bool(one.requester.address and other.requester.address) and not first.isdisjoint(second)


def _addresses(case: Case, index: Index) -> set[str]:
    own = {case.requester.address, *case.requester.earlier} - {""}
    known = (index.person(address) for address in own)
    return own.union(*(person.addresses for person in known if person is not None))


def survivor(into: Case, case: Case, *, excluded: Sequence[str]) -> Case:
    """`into` as it goes on for both: the earlier day, the higher urgency, everybody who is out of either.

    An answer that was given to `into` alone was none to the other letter, so that it is open again. `excluded` are
    the addresses that are out of `case` by the directory of today.
    """
    answered = into.state is State.ANSWERED or bool(into.settling)
    known = into.requester
    earlier = _both(known.earlier, (case.requester.address, *case.requester.earlier))
    gone = {into.number, case.number, ""}
    return replace(
        into, received=min(into.received, case.received), urgency=max(into.urgency, case.urgency, key=_LEVELS.index),
        requester=replace(known, earlier=tuple(one for one in earlier if one != known.address)),
        names=_both(into.names, case.names), excluded=_both(into.excluded, (*case.excluded, *excluded)),
        undecided=_both(into.undecided, case.undecided), supervisors=_both(into.supervisors, case.supervisors),
        followers=_both(into.followers, case.followers), report_to=_both(into.report_to, case.report_to),
        crisis=_both(into.crisis, case.crisis), reopened=max(into.reopened, case.reopened),
        links=tuple(one for one in _both(into.links, case.links) if one not in gone),
        absorbed=_both(into.absorbed, (case.number, *case.absorbed)),
        state=State.IN_PROGRESS if into.state is State.ANSWERED else into.state, settling="",
        answer=Answered.NO if answered else into.answer, answered_at=None if answered else into.answered_at,
    )  # fmt: skip


def _both(own: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own, *others)))


def strictest(own: Sequence[Clock], others: Sequence[Clock], number: str) -> tuple[Clock, ...]:
    """Those clocks of the surviving case `number` that change: each kind goes on with the earlier of its two ends.

    `accept` is not asked for again where the surviving case was accepted.
    """
    running = {(clock.kind, clock.subject): clock for clock in own if clock.state is ClockState.OPEN}
    changed = []
    for clock in others:
        at = running.get((clock.kind, clock.subject))
        ends = clock.state is not ClockState.OPEN or clock.kind in _OWN
        needless = clock.kind is ClockKind.ACCEPT if at is None else at.due <= clock.due
        if not ends and not needless:
            changed.append(replace(clock, case=number, id=at.id if at else 0))
    return tuple(changed)
