"""The deadlines and the ladder of a pack, as values; `adapters/deadlinefile.py` reads them (casework 6)."""

from collections.abc import Mapping
from dataclasses import field
from datetime import time, timedelta
from enum import StrEnum

from maild.domain.case import Case, ClockKind
from maild.domain.policy import UNCLASSIFIED
from maild.domain.span import HALF_DAY, Span, SpanUnit, parse_span
from maild.domain.value import value

ROUTED = "routed"
"""Stands among the types for what was routed by hand while it was unclassified."""


@value
class Term:
    """How long one clock of one type runs."""

    span: Span
    own_date: bool = False
    """A date that the mail itself sets comes first: `date in it, else ...`."""


class Post(StrEnum):
    """Whom a rung tells."""

    HANDLER = "handler"
    """Whose clock it is."""
    HEAD = "head"
    COORDINATOR = "coordinator"
    SUPERIOR = "superior"
    """The next superior in the directory tree who does not know yet."""
    GM = "gm"
    HR = "hr"
    GM_OFFICE = "gm-office"
    SUPERVISORY_BODY = "supervisory-body"


ABOVE = frozenset({Post.SUPERIOR, Post.GM, Post.HR, Post.GM_OFFICE, Post.SUPERVISORY_BODY})
"""Who becomes a supervisor 督办人 by being told."""


@value
class Ladder:
    """Rungs, and for which clocks they are; what is left empty fits everything."""

    types: tuple[str, ...] = ()
    kinds: tuple[ClockKind, ...] = ()
    confidential: bool = False
    """Only for cases that the pack keeps confidential; then nobody hears who stands in no rung."""
    rungs: tuple[tuple[Post, ...], ...]
    upwards: bool = False
    """After the rungs come the superiors, one a rung, the gm last."""
    copy: tuple[Post, ...] = ()
    """Who gets each later rung in copy."""
    every: Span = field(default_factory=lambda: parse_span("1 working day"))

    def fits(self, case: Case, kind: ClockKind) -> bool:
        """Whether this ladder is the one for a clock of `kind` of this case."""
        return (
            (not self.types or case.type in self.types)
            and (not self.kinds or kind in self.kinds)
            and (not self.confidential or case.confidential)
        )


@value
class Alarm:
    """For `critical`: one rung up at each step, counted from the start, until somebody accepts."""

    every: Span = field(default_factory=lambda: parse_span("15 minutes"))
    kinds: tuple[ClockKind, ...] = (ClockKind.ACCEPT, ClockKind.TRIAGE)


@value
class Quiet:
    """Local hours in which nothing up to `high` wakes anybody; days off are quiet as a whole."""

    start: time = time(20)
    end: time = time(8)


@value
class Waiting:
    """How long a case waits on its sender (casework 4, "Waiting ends by itself")."""

    reminder: Span = field(default_factory=lambda: parse_span("3 working days"))
    over: Span = field(default_factory=lambda: parse_span("10 working days"))
    """After so long the clocks run on; a handler may stop them for so long in all."""
    stops: int = 2
    """How often a handler may stop the clocks of a case."""

    @property
    def longest(self) -> timedelta:
        """The working time of `over`."""
        return self.over.count * (HALF_DAY if self.over.unit is SpanUnit.HALF_WORKING_DAYS else timedelta(minutes=1))


@value
class Afterwards:
    """What still counts how long after a case was closed (casework 4)."""

    rating: timedelta = timedelta(days=7)
    """No rating in this time counts as "not rated"."""
    reopening: timedelta = timedelta(days=30)
    """Later mail begins a new case, linked."""
    aftermath: timedelta = timedelta(days=30)
    """Then the writer of a complaint is asked whether anybody took revenge for it."""
    requester_key: timedelta = timedelta(days=90)
    staff_key: timedelta = timedelta(days=30)


DEFAULT_LADDER = Ladder(rungs=((Post.HANDLER, Post.HEAD, Post.COORDINATOR),), upwards=True, copy=(Post.COORDINATOR,))


@value
class Deadlines:
    """Everything about time in a pack."""

    types: Mapping[str, Mapping[ClockKind, Term]]
    """By type; the type `default` stands for those not named."""
    critical: Mapping[ClockKind, Span] = field(default_factory=dict)
    ladders: tuple[Ladder, ...] = ()
    """The first that fits decides."""
    alarm: Alarm = field(default_factory=Alarm)
    quiet: Quiet = field(default_factory=Quiet)
    waiting: Waiting = field(default_factory=Waiting)
    after: Afterwards = field(default_factory=Afterwards)
    plan_review: int = 1
    """The day of the month from which each handler is asked about the plan items (P3.5.9)."""
    retest: Span = field(default_factory=lambda: parse_span("3 working days"))
    """How long a tester has to test again what was rectified."""
    idle: Span = field(default_factory=lambda: parse_span("5 working days"))
    again: Span = field(default_factory=lambda: parse_span("5 working days"))
    """After the last rung handler, head and coordinator hear again after so long."""
    gm_weekly: tuple[str, ...] = ("normal", "low")
    """Urgencies for which the gm hears of an escalation in the weekly digest only."""

    def terms(self, case_type: str) -> Mapping[ClockKind, Term]:
        """The clocks of a type."""
        return self.types.get(case_type, self.types.get("default", {}))

    def span(self, case_type: str, kind: ClockKind, urgency: str) -> Span | None:
        """The length of one clock at this urgency; None where the type has no such clock.

        What a person gives to a handler before anybody has said its type has the clocks of `routed` from then on.
        """
        later = self.types.get(ROUTED, {}) if case_type == UNCLASSIFIED else {}
        term = self.terms(case_type).get(kind) or later.get(kind)
        if term is None or term.span.unit is SpanUnit.PLAN_DATE:
            return None
        if urgency == "critical" and kind in self.critical:
            return self.critical[kind]
        return term.span.halved() if urgency in {"high", "critical"} else term.span

    def ladder(self, case: Case, kind: ClockKind) -> Ladder:
        """The ladder for a clock of `kind` of this case."""
        return next((ladder for ladder in self.ladders if ladder.fits(case, kind)), DEFAULT_LADDER)

    def alarms(self, case: Case, kind: ClockKind) -> bool:
        """Whether this clock rings day and night."""
        return case.urgency == "critical" and case.alarm == "wide" and kind in self.alarm.kinds
