"""A case 事项: one piece of feedback, from the first mail to closure (casework 4, policies.md "Words")."""

from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from maild.domain.circulation import Item
from maild.domain.formround import Round
from maild.domain.value import value


class State(StrEnum):
    """Where a case stands; the table of moves is in `transitions.py`."""

    NEW = "new"
    """Taken in, nobody has it yet."""
    ASSIGNED = "assigned"
    """A handler has it and has not accepted."""
    IN_PROGRESS = "in-progress"
    """The handler accepted."""
    ANSWERED = "answered"
    """The sender has an answer; the outcome still lacks something."""
    CLOSED = "closed"
    """The outcome has all it needs."""
    CIRCULATING = "circulating"
    """A directive on its way."""
    WAITING = "waiting"
    """On the sender."""
    PLANNED = "planned"
    """Accepted, dated, not doable now."""
    SET_ASIDE = "set-aside"
    """Not feedback."""
    MERGED = "merged"
    """Another case of the same requester goes on for it."""
    REOPENED = "reopened"
    """The sender was not content."""


class Answered(StrEnum):
    """Whether the requester has an answer (casework 4): a mail accepted and not bounced, or a telling."""

    NO = ""
    QUEUED = "queued"
    """Written; it waits for its hold or for the server."""
    SENT = "sent"
    TOLD = "told"
    RETURNED = "returned"
    """The mail came back: the requester does not have it."""


@value
class Requester:
    """Who wrote; for a recorded or anonymous letter the address is ""."""

    address: str
    name: str = ""
    language: str = "zh"
    role: str = "unknown"
    earlier: tuple[str, ...] = ()
    """Addresses of the same requester from before a new one was confirmed."""
    unconfirmed: bool = False
    """Found in forwarded text: nothing goes there before the recorder said that it is right."""


@value
class KnownBy:
    """By what the requester of a confidential case could be known in a text."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Telephones, staff and identity numbers, as they were written."""
    lines: tuple[str, ...] = ()
    """Whole lines of signatures."""


@value
class Case:
    """One piece of feedback. `unit` is a unit id, people are first addresses; times are aware UTC."""

    number: str
    pack: str
    mailbox: str
    type: str
    state: State
    requester: Requester
    received: datetime
    subject: str = ""
    summary: str = ""
    urgency: str = "normal"
    outcome: str | None = None
    customer_kind: str | None = None
    subject_class: str | None = None
    unit: str | None = None
    handler: str | None = None
    """First address of the person who must answer; None: the coordinator's triage."""
    supervisors: tuple[str, ...] = ()
    """Added by escalation: may order, route or extend."""
    joined: tuple[str, ...] = ()
    """Handlers beside the lead, who alone answers."""
    followers: tuple[str, ...] = ()
    """Who recorded it for somebody else, and who gets copies: they hear of answers and of the end."""
    lists: tuple[str, ...] = ()
    """Mailing lists of the house that get copies, and no key."""
    report_to: tuple[str, ...] = ()
    """Who ordered 报我: the result goes to them too."""
    experts: tuple[str, ...] = ()
    """Addresses outside to which the coordinator forwarded it: they may answer, and no more."""
    names: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    """Addresses that must never hear of this case."""
    undecided: tuple[str, ...] = ()
    """Addresses that must not hear of it until somebody has said who is meant by a name that fits many."""
    confidential: bool = False
    alias: str = ""
    """The code by which everybody else knows the requester of a confidential case."""
    known_by: KnownBy = KnownBy()
    released: tuple[str, ...] = ()
    """First addresses of those outside the seal who got of a confidential letter what a seal-holder released."""
    missing: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Numbers of cases that belong near this one."""
    merged_into: str = ""
    """The case that goes on for this one."""
    absorbed: tuple[str, ...] = ()
    """Numbers of the cases that were merged into this one: their mails and events are read through it."""
    members: tuple[str, ...] = ()
    """Numbers of the cases that this one leads: many letters on one matter."""
    led_by: str = ""
    """The case that leads this one."""
    split_from: str = ""
    """The case whose letter this matter stood in."""
    reopened: int = 0
    origin: Literal["", "observed", "imported", "round"] = ""
    """How it came in: by itself, while maild only watched, by `maild import`, or as a form round of the calendar; all
    but the first are counted apart."""
    answered_at: datetime | None = None
    answer: Answered = Answered.NO
    analysis: str = ""
    """Why it happened; for the inside alone, like `measure` and `reason`."""
    measure: str = ""
    """What was done or will be."""
    decision: Literal["", "adopted", "rejected"] = ""
    reason: str = ""
    """Of a rejection, or of an outcome that the coordinator stated."""
    settling: str = ""
    """The outcome that has all it needs as soon as its answer has arrived."""
    closed_at: datetime | None = None
    rating: Literal["", "satisfied", "dissatisfied", "not-rated"] = ""
    """What the sender said of the end; `not-rated` where nothing came within the pack's days."""
    plan_date: date | None = None
    waiting_since: datetime | None = None
    """The clocks stand still from then on."""
    asked_by: str = ""
    """Who asked the requester: a person's first address, or "maild" at intake."""
    stops: int = 0
    """How often a handler stopped the clocks."""
    stopped: timedelta = timedelta()
    """Working time for which they stood still because a handler asked."""
    alarm: Literal["wide", "duty", "told", "none"] = "wide"
    """Whom it wakes while it is critical: everybody on its ladder, one person alone, or nobody: `told` by a message
    alone, as the pack's channels say, or not at all (a drill, a repeat)."""
    woken: str = ""
    """First address of who was woken first and may act as the handler does; "" where nobody was."""
    crisis: tuple[str, ...] = ()
    """The crisis words that the first letter held (rules/common/crisis.yaml)."""
    circulation: tuple[Item, ...] = ()
    """The receivers of a directive that goes round, each with what they have signed."""
    steps: tuple[str, ...] = ()
    """What each of them owes, as the pack said when it went out."""
    round: Round | None = None
    """The form round that this case keeps."""
    hold: str = ""
    """Why nothing of it may be erased, such as a lawsuit; "" where it may."""
    erased: Literal["", "person", "everything"] = ""
    """What an erasure took of it."""
    erased_at: datetime | None = None
    retest: Literal["", "asked", "passed"] = ""
    """Whether its tester was asked to test it again, and found it rectified."""
    last_human_event: datetime
    """When a person last did something; idle is counted from here."""


class ClockKind(StrEnum):
    """What a clock waits for (casework 6)."""

    ACCEPT = "accept"
    RELAY = "relay"
    FIRST_ANSWER = "first-answer"
    ANSWER = "answer"
    RESOLVE = "resolve"
    ANALYSE = "analyse"
    INSTRUCT = "instruct"
    CORRECT = "correct"
    """The answer to 责令整改 (P9.4.7)."""
    RECEIPT = "receipt"
    RETURN = "return"
    REVIEW = "review"
    TRIAGE = "triage"
    """The coordinator acts on an unclassified or quarantined mail."""
    IDLE = "idle"
    """Nobody did anything for five working days."""
    WAIT = "wait"
    """The requester is asked: reminded after three working days, over after ten."""
    RELEASE = "release"
    """A preview of a sealed letter waits for its seal-holder, a day; it stands beside all cases (`workflow/lapsed`)."""


class ClockState(StrEnum):
    """Whether a clock still runs."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    """What it waited for came after its time."""
    DROPPED = "dropped"
    """It waits no more, for a reason that is nobody's merit or fault."""


@value
class Clock:
    """A running time; `next_at` is when the sweep must look at it again, None when never."""

    case: str
    kind: ClockKind
    start: datetime
    due: datetime
    next_at: datetime | None
    state: ClockState = ClockState.OPEN
    provisional: bool = False
    """Its time lies beyond the calendar's data and is computed again when data arrives."""
    reminded: bool = False
    rung: int = 0
    """How many rungs of the ladder have been climbed."""
    length: str = ""
    """In the pack's own words."""
    subject: str = ""
    """Whose clock it is where a case has several of a kind."""
    ended: datetime | None = None
    """When what it waited for came, or when it was dropped; None while it runs."""
    id: int = 0


@value
class Event:
    """Something that happened to a case; `data` holds plain JSON values. Never changed once written."""

    kind: str
    at: datetime
    actor: str
    """First address of a person, "requester", or "maild"."""
    data: dict[str, object] = field(default_factory=dict)
    human: bool = False
    """Made by a person: it ends idleness."""
