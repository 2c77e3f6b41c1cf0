"""When two cases of a requester may become one, and what of both survives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.domain.case import Answered, Case, Clock, ClockKind, ClockState, Requester, State
from maild.domain.circulation import Item
from maild.domain.merging import one_requester, strictest, survivor, why_not
from tests.domain.sample import index

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INTO = Case(
    number="GM-2026-000142", pack="gm-mailbox", mailbox="gm@corp.example", type="customer-complaint",
    state=State.ASSIGNED, requester=Requester(address="zhao.lei@mail-a.example"), received=NOW, last_human_event=NOW,
)  # fmt: skip
CASE = replace(INTO, number="GM-2026-000143", received=NOW + HOUR)


def clock(kind: ClockKind, due: int, *, number: str = INTO.number, ident: int = 0, rung: int = 0) -> Clock:
    """A clock that is due so many hours on."""
    return Clock(case=number, kind=kind, start=NOW, due=NOW + due * HOUR, next_at=NOW + due * HOUR, id=ident, rung=rung)


@pytest.mark.parametrize(
    ("case", "into", "why"),
    [
        (CASE, INTO, ""),
        (INTO, INTO, "same-case"),
        (CASE, replace(INTO, pack="hospital"), "no-case"),
        (CASE, replace(INTO, mailbox="ask@corp.example"), "no-case"),
        (CASE, replace(INTO, state=State.CLOSED), "over-already"),
        (CASE, replace(INTO, state=State.MERGED), "over-already"),
        (CASE, replace(INTO, state=State.SET_ASIDE), "over-already"),
        (CASE, replace(INTO, requester=Requester(address="qian.fang@mail-b.example")), "one-requester"),
        (CASE, replace(INTO, requester=Requester(address="")), "one-requester"),
        (replace(CASE, requester=replace(CASE.requester, unconfirmed=True)), INTO, "unconfirmed-address"),
        (CASE, replace(INTO, circulation=(Item(receiver="wu.jianhua@corp.example"),)), "goes-round"),
        (CASE, replace(INTO, confidential=True), "confidential-mix"),
        (replace(CASE, confidential=True), INTO, "confidential-mix"),
        (replace(CASE, confidential=True, type="retaliation"), replace(INTO, confidential=True), "confidential-mix"),
        (replace(CASE, confidential=True), replace(INTO, confidential=True, type="retaliation"), ""),
    ],
)  # fmt: skip
def test_what_may_be_merged(case: Case, into: Case, why: str) -> None:
    """One requester, one mailbox, both open, both confidential or neither; retaliation stays retaliation."""
    assert why == why_not(case, into, index(), unheard=("retaliation",))


def test_nobody_is_not_somebody() -> None:
    """Two anonymous letters have no common writer."""
    nobody = replace(CASE, requester=Requester(address=""))

    assert not one_requester(nobody, nobody, index())


def test_a_requester_is_known_by_every_address_of_theirs() -> None:
    """An address from before a new one was confirmed is the same person's."""
    moved = replace(CASE, requester=Requester(address="new@mail-a.example", earlier=("zhao.lei@mail-a.example",)))

    assert one_requester(moved, INTO, index())
    assert "new@mail-a.example" in survivor(INTO, moved, excluded=()).requester.earlier


def test_whoever_is_out_of_one_is_out_of_both() -> None:
    """Names, exclusions and open questions of both letters hold for the case that goes on."""
    one = replace(INTO, names=("何志强",), excluded=("he.zhiqiang@corp.example",))
    other = replace(CASE, names=("周敏",), excluded=("zhou.min@corp.example",), undecided=("a@corp.example",))

    both = survivor(one, other, excluded=("deputy@corp.example",))

    assert ("何志强", "周敏") == both.names
    assert {"he.zhiqiang@corp.example", "zhou.min@corp.example", "deputy@corp.example"} == set(both.excluded)
    assert ("a@corp.example",) == both.undecided


def test_the_earlier_day_and_the_higher_urgency_survive() -> None:
    """Merging into a newer case makes nothing younger, and nothing less urgent."""
    both = survivor(CASE, replace(INTO, urgency="high"), excluded=())

    assert (NOW, "high") == (both.received, both.urgency)


@pytest.mark.parametrize("settling", ["", "resolved"])
def test_an_answer_to_one_letter_closes_nothing_for_the_other(settling: str) -> None:
    """An answered case, or one that closes as soon as its answer has arrived, is open again."""
    state = State.PLANNED if settling else State.ANSWERED
    both = survivor(replace(INTO, state=state, settling=settling, answer=Answered.QUEUED), CASE, excluded=())

    assert ("", Answered.NO, None) == (both.settling, both.answer, both.answered_at)
    assert both.state in {State.IN_PROGRESS, State.PLANNED}


def test_of_each_clock_the_earlier_end_survives() -> None:
    """A later end is dropped, an earlier one takes over its place, one that the case lacks begins."""
    own = (clock(ClockKind.RESOLVE, 50, ident=1), clock(ClockKind.ANSWER, 5, ident=2))
    other = (
        clock(ClockKind.RESOLVE, 30, number=CASE.number, ident=3, rung=2),
        clock(ClockKind.ANSWER, 9, number=CASE.number, ident=4),
        clock(ClockKind.INSTRUCT, 7, number=CASE.number, ident=5),
    )

    changed = strictest(own, other, INTO.number)

    shown = [(c.kind, c.id, c.case, c.due - NOW, c.rung) for c in changed]
    assert [
        (ClockKind.RESOLVE, 1, INTO.number, 30 * HOUR, 2), (ClockKind.INSTRUCT, 0, INTO.number, 7 * HOUR, 0),
    ] == shown  # fmt: skip


def test_what_is_a_cases_own_is_not_taken_over() -> None:
    """Idleness, waiting and triage end with their case; accepting is not asked for twice; ended clocks stay ended."""
    kinds = (ClockKind.IDLE, ClockKind.WAIT, ClockKind.TRIAGE, ClockKind.ACCEPT)
    other = (
        *(clock(kind, 1, number=CASE.number) for kind in kinds),
        replace(clock(ClockKind.RESOLVE, 1, number=CASE.number), state=ClockState.MET),
    )

    assert () == strictest((), other, INTO.number)
