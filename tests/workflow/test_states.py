"""Every state can be reached and left, and no case stands without a person, a clock or a reason (casework 4)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from maild.domain.case import ClockKind, State
from maild.workflow.deeds.table import DEEDS
from tests.workflow.lifecycle import HANDLER_ADDRESS, LETTER, Life

_ENDED = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})
_OF_A_PREVIEW = frozenset({"release", "abstract", "shorten"})
"""They answer a preview, and do nothing by themselves."""
_SELDOM_LEFT = frozenset({State.SET_ASIDE, State.CIRCULATING, State.PLANNED})
MOVES: set[tuple[State, State, str]] = set()
"""What the lives below went through."""


def leaving(state: State) -> dict[str, str]:
    """The verbs that take a case out of this state, each with where it goes."""
    found = {}
    for verb in DEEDS:
        life = Life("directive" if verb == "circulate" else "customer-complaint", LETTER)
        life.become(state)
        if not life.orders(verb).refusal and life.case.state is not state:
            found[verb] = life.case.state.value
    return found


_ANSWERED = dict.fromkeys(("reply", "reply-all", "told", "resolve"), "answered")
_GIVEN = dict.fromkeys(("route", "lead", "hand-up"), "assigned")
_ASIDE = {"plan": "planned", "merge": "merged"}
_WORKED_ON = _ANSWERED | _ASIDE | {"ask": "waiting", "type": "set-aside"}
TABLE: dict[State, dict[str, str]] = {
    State.NEW: _WORKED_ON | _GIVEN | {"accept": "in-progress", "circulate": "circulating"},
    State.ASSIGNED: _WORKED_ON | {"accept": "in-progress", "circulate": "circulating"},
    State.IN_PROGRESS: _WORKED_ON | _GIVEN | {"circulate": "circulating"},
    State.WAITING: _ANSWERED
    | _ASIDE
    | _GIVEN
    | {"accept": "in-progress", "circulate": "circulating", "type": "set-aside"},
    State.PLANNED: {"hand-up": "assigned", "merge": "merged"},
    State.ANSWERED: _GIVEN | _ASIDE | {"ask": "waiting"},
    State.REOPENED: _WORKED_ON | _GIVEN | {"accept": "in-progress"},
    State.CIRCULATING: {"merge": "merged"},
    State.SET_ASIDE: {"route": "assigned", "lead": "assigned", "type": "assigned"},
    State.CLOSED: {},
    State.MERGED: {},
}
"""A plan item closes by `resolve` once its answer has arrived, a circulation by the last `done`."""


@pytest.mark.parametrize("state", State)
def test_the_verbs_that_leave_each_state(state: State) -> None:
    """By the deeds themselves: a case that is closed or merged leaves by no order, but by its sender and by undo."""
    assert TABLE[state] == leaving(state)


class Lives(RuleBasedStateMachine):
    """A case, and everything that people, servers and time do to it, in any order."""

    @initialize(kind=st.sampled_from(["customer-complaint", "customer-suggestion", "directive", "operational-problem"]))
    def begin(self, kind: str) -> None:
        """A letter came and was assigned."""
        self.life = Life(kind, LETTER)

    @rule(verb=st.sampled_from(sorted(set(DEEDS) - {"merge", "circulate", *_OF_A_PREVIEW})))
    def ordered(self, verb: str) -> None:
        """Somebody who may orders something."""
        self.life.orders(verb)

    @rule(verb=st.sampled_from(["ask", "resolve", "reply", "plan", "route", "accept", "type"]))
    def moved(self, verb: str) -> None:
        """Orders that move a case, more often than the others."""
        self.life.orders(verb)

    @rule(verb=st.sampled_from(["route", "hand-up", "merge"]))
    @precondition(lambda self: self.life.case.state in _SELDOM_LEFT)
    def left(self, verb: str) -> None:
        """Orders that take it out of a state that few orders leave."""
        self.life.orders(verb)

    @rule()
    @precondition(lambda self: self.life.case.state is State.REOPENED or self.life.case.stops)
    def merged(self) -> None:
        """It goes on in the other one, once it has lived a little."""
        self.life.orders("merge")

    @rule()
    @precondition(lambda self: self.life.case.state is State.CLOSED)
    def complained_of(self) -> None:
        """The sender is not content with how it ended."""
        self.life.writes("不满意，没有人联系我。")

    @rule()
    @precondition(lambda self: self.life.case.type == "directive")
    def circulated(self) -> None:
        """It goes round, and a receiver signs."""
        self.life.orders("circulate")
        for who in (HANDLER_ADDRESS, "luo.jianping@corp.example"):
            self.life.orders("done", who=who)
            self.life.orders("relayed", who=who)

    @rule(
        text=st.sampled_from(
            ["还是没有收到。", "谢谢", "满意", "不满意，没有人联系我。", "撤回投诉", "地址是示例路1号。"]
        )
    )
    def requester_writes(self, text: str) -> None:
        """The sender writes again, as long as the case takes more."""
        if self.life.case.state is not State.MERGED:
            self.life.writes(text)

    @rule(bounces=st.booleans())
    def server_answers(self, bounces: bool) -> None:
        """The requester's server takes the answer, or sends it back."""
        self.life.delivered(bounces=bounces)

    @rule(days=st.sampled_from([1, 4, 15]))
    def time_passes(self, days: int) -> None:
        """Days."""
        self.life.passes(timedelta(days=days))

    @invariant()
    def nobody_is_left_alone(self) -> None:
        """An open case has somebody and a clock; an ended one has its reason and no clock of anybody's."""
        if not hasattr(self, "life"):
            return
        case, running = self.life.case, self.life.running
        MOVES.update(self.life.moves)
        if case.state in _ENDED:
            assert [] == [clock.kind for clock in running], case.state
            reason = case.outcome or case.merged_into or case.state is State.SET_ASIDE
            assert reason, case.state
        else:
            assert case.handler or self.life.office.coordinator(case), case.state
            assert running, case.state
        if case.state is State.WAITING:
            assert ClockKind.WAIT in {clock.kind for clock in running}
        if case.state is State.PLANNED:
            assert case.plan_date is not None
        if case.state is State.CIRCULATING:
            assert case.circulation


def test_every_state_is_reached_and_left_and_none_is_without_person_clock_or_reason() -> None:
    """Whatever is done in whatever order: each state but `new`, where cases begin, is entered, each but merged left."""
    MOVES.clear()
    run_state_machine_as_test(Lives, settings=settings(
        max_examples=80, stateful_step_count=15, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    ))  # fmt: skip

    assert set(State) - {State.NEW} == {after for _, after, _ in MOVES} - {State.NEW}
    assert set(State) - {State.NEW, State.MERGED} == {before for before, _, _ in MOVES} - {State.NEW}
