"""How a case moves from state to state."""

import pytest

from maild.domain.case import State
from maild.domain.transitions import TABLE, MoveRefused, Trigger, can_move, move


@pytest.mark.parametrize(
    ("state", "trigger", "target"),
    [
        (State.NEW, Trigger.ASSIGN, State.ASSIGNED),
        (State.ASSIGNED, Trigger.ACCEPT, State.IN_PROGRESS),
        (State.ASSIGNED, Trigger.ASSIGN, State.ASSIGNED),
        (State.ASSIGNED, Trigger.ANSWER, State.ANSWERED),
        (State.IN_PROGRESS, Trigger.ASK, State.WAITING),
        (State.WAITING, Trigger.RESUME, State.IN_PROGRESS),
        (State.ANSWERED, Trigger.CLOSE, State.CLOSED),
        (State.ANSWERED, Trigger.REOPEN, State.REOPENED),
        (State.CLOSED, Trigger.REOPEN, State.REOPENED),
        (State.REOPENED, Trigger.ANSWER, State.ANSWERED),
        (State.IN_PROGRESS, Trigger.PLAN, State.PLANNED),
        (State.PLANNED, Trigger.ANSWER, State.PLANNED),
        (State.NEW, Trigger.CIRCULATE, State.CIRCULATING),
        (State.CIRCULATING, Trigger.CLOSE, State.CLOSED),
        (State.NEW, Trigger.SET_ASIDE, State.SET_ASIDE),
        (State.SET_ASIDE, Trigger.TAKE_UP, State.NEW),
        (State.ASSIGNED, Trigger.MERGE, State.MERGED),
        (State.WAITING, Trigger.ACCEPT, State.WAITING),
    ],
)
def test_moves(state: State, trigger: Trigger, target: State) -> None:
    """The moves of casework 4."""
    assert move(state, trigger) is target


@pytest.mark.parametrize(
    ("state", "trigger", "reason"),
    [
        (State.CLOSED, Trigger.ANSWER, "closed"),
        (State.CLOSED, Trigger.ACCEPT, "closed"),
        (State.MERGED, Trigger.REOPEN, "merged"),
        (State.SET_ASIDE, Trigger.ACCEPT, "set-aside"),
        (State.CIRCULATING, Trigger.ASK, "circulating"),
        (State.NEW, Trigger.REOPEN, "not-there"),
    ],
)
def test_refused_moves(state: State, trigger: Trigger, reason: str) -> None:
    """Every other move is refused with its reason."""
    assert not can_move(state, trigger)
    with pytest.raises(MoveRefused) as refused:
        move(state, trigger)
    assert refused.value.reason == reason


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_and_left(state: State) -> None:
    """No state is out of reach, and only a merged case is at its end."""
    assert any(target is state for (start, _), target in TABLE.items() if start is not state)
    assert (state is State.MERGED) != any(
        start is state and target is not state for (start, _), target in TABLE.items()
    )


@pytest.mark.parametrize("trigger", Trigger)
def test_every_trigger_moves_something(trigger: Trigger) -> None:
    """No trigger is without a row."""
    assert any(row is trigger for _, row in TABLE)
