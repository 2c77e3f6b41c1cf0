"""How a case moves from state to state (casework 4): one table; what stands in none of its rows is refused."""

from enum import StrEnum

from maild.domain.case import State


class Trigger(StrEnum):
    """What moves a case."""

    ASSIGN = "assign"
    """A handler gets it: by route, hand-up, reclassifying."""
    ACCEPT = "accept"
    ANSWER = "answer"
    """The requester has an answer: by mail, or told."""
    CLOSE = "close"
    """The outcome has all it needs."""
    ASK = "ask"
    """A question to the requester."""
    RESUME = "resume"
    """The requester wrote, or the waiting ended by itself."""
    PLAN = "plan"
    CIRCULATE = "circulate"
    SET_ASIDE = "set-aside"
    TAKE_UP = "take-up"
    """This is feedback after all."""
    MERGE = "merge"
    RETURN = "return"
    """The mail with the answer came back."""
    REOPEN = "reopen"
    """A contradiction, a new demand, 不满意."""


class MoveRefused(ValueError):
    """A case in this state cannot be moved so; `reason` names why, for the words in the catalogue."""

    def __init__(self, state: State, trigger: Trigger, reason: str) -> None:
        super().__init__(f"a case that is {state} cannot be moved by '{trigger}': {reason}")
        self.state = state
        self.trigger = trigger
        self.reason = reason


_S = State
_WORKED_ON = (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.WAITING, _S.PLANNED, _S.REOPENED, _S.ANSWERED)
_OPEN = (*_WORKED_ON, _S.CIRCULATING)

ROWS: tuple[tuple[Trigger, tuple[State, ...], State | None], ...] = (
    (Trigger.ASSIGN, _WORKED_ON, _S.ASSIGNED),
    (Trigger.ASSIGN, (_S.CIRCULATING,), None),
    (Trigger.ACCEPT, (_S.NEW, _S.ASSIGNED, _S.REOPENED), _S.IN_PROGRESS),
    (Trigger.ACCEPT, (_S.IN_PROGRESS, _S.WAITING, _S.PLANNED, _S.ANSWERED, _S.CIRCULATING), None),
    (Trigger.ANSWER, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.WAITING, _S.REOPENED, _S.ANSWERED), _S.ANSWERED),
    (Trigger.ANSWER, (_S.PLANNED, _S.CIRCULATING), None),
    (Trigger.CLOSE, (*_OPEN, _S.SET_ASIDE), _S.CLOSED),
    (Trigger.ASK, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.REOPENED, _S.ANSWERED, _S.WAITING), _S.WAITING),
    (Trigger.ASK, (_S.PLANNED,), None),
    (Trigger.RESUME, (_S.WAITING,), _S.IN_PROGRESS),
    (Trigger.RESUME, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.PLANNED, _S.REOPENED, _S.CIRCULATING), None),
    (Trigger.PLAN, _WORKED_ON, _S.PLANNED),
    (Trigger.CIRCULATE, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.CIRCULATING), _S.CIRCULATING),
    (Trigger.SET_ASIDE, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.REOPENED, _S.SET_ASIDE), _S.SET_ASIDE),
    (Trigger.TAKE_UP, (_S.SET_ASIDE,), _S.NEW),
    (Trigger.MERGE, _OPEN, _S.MERGED),
    (Trigger.RETURN, (_S.ANSWERED,), _S.IN_PROGRESS),
    (Trigger.RETURN, (_S.CLOSED,), _S.REOPENED),
    (Trigger.RETURN, (_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.WAITING, _S.PLANNED, _S.REOPENED, _S.CIRCULATING), None),
    (Trigger.REOPEN, (_S.ANSWERED, _S.CLOSED, _S.REOPENED), _S.REOPENED),
)
"""Trigger, from which states, to which one; None: allowed, and the state stays."""

TABLE: dict[tuple[State, Trigger], State] = {
    (state, trigger): target or state for trigger, states, target in ROWS for state in states
}
"""Every move there is."""

_REASONS = {
    State.CLOSED: "closed",
    State.MERGED: "merged",
    State.SET_ASIDE: "set-aside",
    State.CIRCULATING: "circulating",
}


def move(state: State, trigger: Trigger) -> State:
    """The state after `trigger`; `MoveRefused` with its reason where the table has no such row."""
    target = TABLE.get((state, trigger))
    if target is None:
        raise MoveRefused(state, trigger, _REASONS.get(state, "not-there"))
    return target


def can_move(state: State, trigger: Trigger) -> bool:
    """Whether the table has this move."""
    return (state, trigger) in TABLE
