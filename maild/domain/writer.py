"""What the writer of a reply may say, as far as the directory and the answered mail tell (casework 5, security.md).

`maild command` knows no case: who has the key of an assignment is its handler, who has that of a question is the
requester. With a case at hand `permission.may` decides.
"""

from collections.abc import Iterable
from dataclasses import replace

from maild.domain.assign import in_supervisory_body
from maild.domain.case import State
from maild.domain.command import NOTHING, REQUESTERS, WORK, Answers, Command, Decision, Understanding, line_of
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.outcome import stated
from maild.domain.permission import MARKET, NOT_YOURS, is_management
from maild.domain.transitions import Trigger, can_move
from maild.domain.verb import (
    ASKED,
    CONTROL,
    COORDINATOR,
    FINDER,
    HANDLER,
    HEAD,
    PARTY,
    RECEIVER,
    REQUESTER,
    REVIEWER,
    SEAL,
    STAFF,
    SUPERVISOR,
)
from maild.domain.verbs import who_may, who_proposes

CASE_CLOSED = "case-closed"
NO_KEY, INCOMPLETE = "no-key", "incomplete"
WITHOUT_KEY = frozenset({"circulate", "start-round", "on-behalf", "record", "away", "status", "help", "search"})
"""Commands that may begin a conversation (security.md)."""
_ENDED = frozenset({State.CLOSED, State.MERGED})
_MOVES = {
    "accept": Trigger.ACCEPT, "route": Trigger.ASSIGN, "hand-up": Trigger.ASSIGN, "reply": Trigger.ANSWER,
    "reply-all": Trigger.ANSWER, "told": Trigger.ANSWER, "ask": Trigger.ASK, "plan": Trigger.PLAN,
    "resolve": Trigger.CLOSE, "merge": Trigger.MERGE,
}  # fmt: skip
_OFFICES = frozenset({"gm-office", "hr", "gm"})
_OWN_CASE = WORK | {Answers.BOUNCE_NOTICE, Answers.ECHO, Answers.DIGEST}


def standing_by_mail(address: str, answers: Answers, index: Index, coordinator: str = "") -> frozenset[str]:
    """What somebody is who answers such a mail; `coordinator` is the id of the pack's coordinating unit."""
    if answers in REQUESTERS:
        return frozenset({REQUESTER})
    person = index.person(address)
    if person is None:
        return frozenset({HANDLER, PARTY, RECEIVER, STAFF}) if index.unit_at(address) else frozenset()
    return frozenset(_by_directory(person, index, coordinator) | _by_mail(person, answers, index))


def allowed(understood: Understanding, roles: frozenset[str], answers: Answers) -> Understanding:
    """The same reading for this writer: refused where an order is not theirs, `proposed` where it is only half so."""
    if understood.decision is Decision.REFUSE or not (understood.commands or understood.readings):
        return understood
    commands = tuple(_proposed(one, roles) for one in understood.commands)
    readings = tuple(_proposed(one, roles) for one in understood.readings)
    denied = [(one, why) for one in commands if (why := why_not(one, roles, answers))]
    left = tuple(one for one in readings if not why_not(one, roles, answers))
    if denied:
        return Understanding(decision=Decision.REFUSE, commands=tuple(one for one, _ in denied), why=denied[0][1])
    if understood.decision is Decision.CHOOSE and not left:
        return _nothing_left(readings, roles, answers)
    return replace(understood, commands=commands, readings=left)


def in_state(understood: Understanding, state: str) -> Understanding:
    """Refused where a case that is closed or merged cannot be moved so (casework 4)."""
    ended = state in _ENDED and understood.decision in {Decision.ACT, Decision.CHOOSE}
    moved = [one for one in (*understood.commands, *understood.readings) if one.verb in _MOVES and line_of(one) is None]
    stuck = [one for one in moved if not can_move(State(state), _MOVES[one.verb])] if ended else []
    if not stuck:
        return understood
    return Understanding(decision=Decision.REFUSE, commands=tuple(stuck), why=CASE_CLOSED)


def complete(understood: Understanding, roles: frozenset[str]) -> Understanding:
    """Refused where a `resolve` lacks something: nothing leaves; 无法联系 needs a reason alone."""
    if understood.decision is not Decision.ACT or not understood.missing:
        return understood
    if COORDINATOR in roles and all(one.verb != "resolve" or stated(one)[0] for one in understood.commands):
        return replace(understood, missing=())
    if len({line_of(one) for one in understood.commands}) > 1:
        whole = tuple(
            one for one in understood.commands if one.verb != "resolve" or (one.analysis and one.measure and one.text)
        )
        return replace(understood, commands=whole, why=INCOMPLETE)
    closing = tuple(one for one in understood.commands if one.verb == "resolve")
    return replace(understood, decision=Decision.REFUSE, commands=closing, readings=(), why=INCOMPLETE)


def _is_whole(command: Command) -> bool:
    return bool(command.analysis and command.measure and command.text)


def why_not(command: Command, roles: frozenset[str], answers: Answers) -> str | None:
    """Why this order is not the writer's; None where it is, be it as a proposal."""
    if not roles & (who_may(command.verb) | who_proposes(command.verb)):
        return NOT_YOURS
    return NO_KEY if answers is Answers.NONE and command.verb not in WITHOUT_KEY else None


def _nothing_left(readings: Iterable[Command], roles: frozenset[str], answers: Answers) -> Understanding:
    first = next(iter(readings))
    why = why_not(first, roles, answers)
    return Understanding(decision=Decision.REFUSE, commands=(first,), why=why) if why else NOTHING


def _proposed(command: Command, roles: frozenset[str]) -> Command:
    proposes = who_proposes(command.verb)
    outright = roles & (who_may(command.verb) - proposes)
    return replace(command, proposed=True) if roles & proposes and not outright else command


def _by_directory(person: Person, index: Index, coordinator: str) -> set[str]:
    roles = {PARTY, STAFF}
    offices = set(person.roles)
    if is_management(person):
        roles |= {HANDLER, HEAD, COORDINATOR, SUPERVISOR, REVIEWER}
    if "gm" in offices:
        roles.add(FINDER)
    if "gm-office" in offices or person.unit == coordinator:
        roles.add(COORDINATOR)
    if {"hr", "gm-office"} & offices:
        roles |= {REVIEWER, SEAL, FINDER}
    if person.unit in MARKET or not MARKET.isdisjoint(offices):
        roles.add(REVIEWER)
    if in_supervisory_body(index, person.address):
        roles.add(CONTROL)
    return roles


def _by_mail(person: Person, answers: Answers, index: Index) -> set[str]:
    head = {HEAD} if _leads(person, index) and answers is not Answers.CIRCULATION else set()
    return head | _by_kind(person, answers, index)


def _by_kind(person: Person, answers: Answers, index: Index) -> set[str]:
    if answers in {Answers.ESCALATION, Answers.HAND_UP}:
        return {HANDLER, ASKED, SUPERVISOR}
    if answers in _OWN_CASE:
        return {HANDLER, ASKED}
    if answers is Answers.CIRCULATION:
        return {RECEIVER}
    if answers in {Answers.APPROVAL_REQUEST, Answers.EXTENSION_REQUEST}:
        return {ASKED}
    handles = _OFFICES & set(person.roles) or _leads(person, index)
    return {HANDLER} if answers is Answers.NOTICE and handles else set()


def _leads(person: Person, index: Index) -> bool:
    """Whether somebody is head or deputy of a unit."""
    return any(person.address in {unit.head, unit.deputy} for unit in index.directory.units)
