"""What the words of a reply order: commands with the keys of `maild command --json` (casework 5, interfaces.md)."""

from enum import StrEnum

from maild.domain.value import value


class Answers(StrEnum):
    """What kind of our mails a reply answers; it decides what 收到 or 同意 mean (casework 5)."""

    ASSIGNMENT = "assignment"
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CIRCULATION = "circulation"
    EXTENSION_REQUEST = "extension-request"
    APPROVAL_REQUEST = "approval-request"
    QUESTION = "question"
    ANSWER = "answer"
    ACKNOWLEDGEMENT = "acknowledgement"
    RATING = "rating"
    ECHO = "echo"
    REOPENED = "reopened"
    HAND_UP = "hand-up"
    BOUNCE_NOTICE = "bounce-notice"
    DIGEST = "digest"
    NONE = "none"


WORK = frozenset(
    {Answers.ASSIGNMENT, Answers.REMINDER, Answers.ESCALATION, Answers.REOPENED, Answers.HAND_UP},
)
"""Mails that put work on somebody's desk: 收到 takes it."""
CLAIMABLE = frozenset({Answers.ASSIGNMENT, Answers.REOPENED, Answers.HAND_UP, Answers.REMINDER})
"""Mails after which a bare 已处理 is an empty answer."""
REQUESTERS = frozenset({Answers.QUESTION, Answers.ANSWER, Answers.ACKNOWLEDGEMENT, Answers.RATING})
"""Mails that go to a requester, who gives no orders to the office."""
CIRCULATING = "circulating"
"""The state in which a reminder, too, speaks of a circulation."""
_REMINDING = frozenset({Answers.REMINDER, Answers.ESCALATION})
DECISIONS = frozenset({Answers.APPROVAL_REQUEST, Answers.EXTENSION_REQUEST})
"""Mails that ask for a decision: 同意 and 不同意 mean something there alone."""


def spoken_of(answers: Answers, state: str) -> Answers:
    """What a reply speaks of: a reminder of a circulation is answered as the circulation."""
    return Answers.CIRCULATION if state == CIRCULATING and answers in _REMINDING else answers


class Decision(StrEnum):
    """What follows from the reading of a reply."""

    ACT = "act"
    """Exactly one reading: it is done and echoed."""
    CHOOSE = "choose"
    """Several readings, or one that is not certain: asked back, nothing is done."""
    NOTE = "note"
    """No command: kept inside."""
    REFUSE = "refuse"
    """A command that cannot be carried out, and why."""


@value
class Command:
    """One order. Keys that do not apply are None; `text` is "" when there is none."""

    verb: str
    unit: str | None = None
    """Name of a unit."""
    person: str | None = None
    """First address of a person."""
    type: str | None = None
    case: str | None = None
    of: str | None = None
    """Whose line it is, of `merge` and `link`, whose `case` is the other one: `143 合并到 142`."""
    date: str | None = None
    """ISO 8601 date in the office's time zone."""
    until: str | None = None
    """The last day of an absence."""
    duration: str | None = None
    """ISO 8601; days are working days: P3D."""
    level: str | None = None
    """Of `urgency`: high, critical, normal, low; of `followers`: add or drop."""
    list: str | None = None
    """Who gets a circulation or copies, as written; the number of an attachment."""
    reason: str | None = None
    """Why: of hand-up, extend, reject, decline, unseal, erase, hold, lift-hold, forward."""
    text: str = ""
    """What would reach the other side, or the note."""
    analysis: str | None = None
    """原因, 分析 under `resolve`, `upheld`, `unfounded`."""
    measure: str | None = None
    """措施 under the same."""
    proposed: bool = False
    """The writer may only propose this."""
    report_back: bool = False
    """报我: the result goes to the writer too."""


NAMING = frozenset({"merge", "link"})
"""Orders that name another case than the one they are for."""


def line_of(command: Command) -> str | None:
    """The case whose line of several this order stands in; None where it is for the case of the answered mail."""
    return command.of if command.verb in NAMING else command.case


def short_number(number: str) -> str:
    """The number of a case as it is written in a line: 142 of GM-2026-000142."""
    return number.rpartition("-")[2].lstrip("#0")


@value
class Understanding:
    """How the fresh text of a reply is read."""

    decision: Decision
    commands: tuple[Command, ...] = ()
    """In order; where one is refused, only what is refused."""
    readings: tuple[Command, ...] = ()
    """The alternatives when `decision` is CHOOSE."""
    missing: tuple[str, ...] = ()
    """What a `resolve` still lacks."""
    each: tuple["Understanding", ...] = ()
    """Of lines for several cases: what follows for each of them."""
    why: str = ""
    """When refused: not-available, outside-directory, unknown-type, empty-answer, incomplete, not-yours, no-key."""


NOTHING = Understanding(decision=Decision.NOTE)
"""No command."""
