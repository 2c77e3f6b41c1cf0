"""The clocks of a case: which ones start, what meets them, and how they move (casework 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind, ClockState
from maild.domain.deadlines import Deadlines
from maild.domain.relay import special_relay_date, stated_end
from maild.domain.span import parse_span
from maild.domain.worktime import Due, WorkCalendar, add_working, due, later, reminder, working_between

OWN_DATE = "date in it"
"""The length of a clock whose end the mail itself or an order set."""
_NOBODYS = frozenset({ClockKind.IDLE, ClockKind.WAIT})
"""Clocks whose end is nobody's lateness."""
SILENT = 1000
"""The rung of a clock whose ladder fell silent: only a reminder every `again` is left."""
_ANSWERED = frozenset({ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.ANSWER, ClockKind.INSTRUCT})
_RELAYED = frozenset({ClockKind.RELAY})

MEETS: Mapping[str, frozenset[ClockKind]] = {
    "accept": frozenset({ClockKind.ACCEPT}),
    "reply": _ANSWERED,
    "told": _ANSWERED,
    "resolve": _ANSWERED | {ClockKind.RESOLVE},
    "closed": frozenset(ClockKind),
    "ask": frozenset({ClockKind.ACCEPT}),
    "plan": _ANSWERED | {ClockKind.RESOLVE, ClockKind.REVIEW},
    "adopt": _ANSWERED | {ClockKind.REVIEW},
    "reject": _ANSWERED | {ClockKind.REVIEW},
    "upheld": frozenset({ClockKind.ACCEPT, ClockKind.REVIEW}),
    "unfounded": frozenset({ClockKind.ACCEPT, ClockKind.REVIEW}),
    "extend": frozenset({ClockKind.ACCEPT}),
    "hand-up": frozenset({ClockKind.ACCEPT}),
    "route": frozenset({ClockKind.ACCEPT, ClockKind.TRIAGE}),
    "type": frozenset({ClockKind.TRIAGE}),
    "merge": frozenset({ClockKind.TRIAGE}),
    "instruct": frozenset({ClockKind.TRIAGE}),
    "circulate": frozenset({ClockKind.TRIAGE, ClockKind.ACCEPT, ClockKind.RELAY}),
    "received": _RELAYED,
    "studied": _RELAYED,
    "relayed": _RELAYED,
    "done": _RELAYED | {ClockKind.RECEIPT},
    "returned": frozenset({ClockKind.RETURN}),
    "analysed": frozenset({ClockKind.ANALYSE}),
    "record": frozenset({ClockKind.RECEIPT}),
}
"""What each event, named by its command, ends; clocks with a subject only when it is theirs."""

SILENCES = frozenset({"accept", "reply", "told", "ask", "plan", "extended"})
"""Events at which the rungs of clocks that are overdue fall silent; `extended` is an extension that was granted."""


def clocks_for(
    case: Case, *, text: str, deadlines: Deadlines, calendar: WorkCalendar, receivers: Sequence[str] = ()
) -> tuple[Clock, ...]:
    """The clocks that start when a case comes in; `receivers` get a clock `relay` each (P3.5.1)."""
    clocks = []
    for kind in deadlines.terms(case.type):
        length, end = _term(case, kind, text=text, deadlines=deadlines, calendar=calendar)
        if end is None:
            continue
        subjects = receivers if kind is ClockKind.RELAY and receivers else ("",)
        clocks += [
            _clock(
                case,
                kind,
                start=case.received,
                end=end,
                length=length,
                deadlines=deadlines,
                calendar=calendar,
                subject=subject,
            )
            for subject in subjects
        ]
    return (*clocks, idle_clock(case, deadlines=deadlines, calendar=calendar))


def idle_clock(case: Case, *, deadlines: Deadlines, calendar: WorkCalendar) -> Clock:
    """The clock `idle`: it reminds nobody before its end, and moves by itself with each event of a person."""
    end = due(case.last_human_event, deadlines.idle, calendar)
    return Clock(
        case=case.number, kind=ClockKind.IDLE, start=case.last_human_event, due=end.at, next_at=end.at,
        provisional=end.provisional, length=str(deadlines.idle),
    )  # fmt: skip


def start_clock(
    case: Case, kind: ClockKind, *, start: datetime, deadlines: Deadlines, calendar: WorkCalendar,
    until: datetime | None = None, subject: str = "",
) -> Clock | None:  # fmt: skip
    """One clock that starts later: a new handler's, an order's with its date `until`; None where none is due."""
    span = deadlines.span(case.type, kind, case.urgency)
    if until is not None:
        end, length = Due(at=until, provisional=False), OWN_DATE
    elif span is not None:
        end, length = due(start, span, calendar), str(span)
    else:
        return None
    return _clock(
        case, kind, start=start, end=end, length=length, deadlines=deadlines, calendar=calendar, subject=subject
    )


def answer_clock(case: Case, *, start: datetime, deadlines: Deadlines, calendar: WorkCalendar) -> Clock | None:
    """The clock `answer`, started each time the requester wrote last; as long as the first answer's unless named."""
    kinds = (ClockKind.ANSWER, ClockKind.FIRST_ANSWER)
    span = next((found for kind in kinds if (found := deadlines.span(case.type, kind, case.urgency))), None)
    if span is None:
        return None
    end = due(start, span, calendar)
    return _clock(
        case, ClockKind.ANSWER, start=start, end=end, length=str(span), deadlines=deadlines, calendar=calendar
    )


def met(clocks: Iterable[Clock], event: str, at: datetime, *, subject: str = "") -> tuple[Clock, ...]:
    """The open clocks that `event` ends: met in time, or missed."""
    kinds = MEETS.get(event, frozenset())
    return tuple(
        ended(clock, at)
        for clock in clocks
        if clock.state is ClockState.OPEN and clock.kind in kinds and clock.subject in {"", subject}
    )


def ended(clock: Clock, at: datetime) -> Clock:
    """The clock as met when what it waited for came in time, else as missed."""
    return replace(clock, state=ClockState.MET if at <= clock.due else ClockState.MISSED, next_at=None, ended=at)


def is_overdue(clock: Clock, now: datetime) -> bool:
    """Whether somebody is late: its time is over and it does not stand still while the writer is asked."""
    runs = clock.state is ClockState.OPEN and clock.next_at is not None
    return runs and clock.due <= now and clock.kind not in _NOBODYS


def dropped(clock: Clock) -> Clock:
    """The clock as waiting no more, for a reason that is nobody's merit or fault."""
    return replace(clock, state=ClockState.DROPPED, next_at=None)


def silenced(
    clocks: Iterable[Clock], event: str, at: datetime, *, deadlines: Deadlines, calendar: WorkCalendar
) -> tuple[Clock, ...]:
    """The open overdue clocks whose rungs fall silent at `event`, as they are then."""
    if event not in SILENCES:
        return ()
    following = later(at, deadlines.again, 1, calendar)
    return tuple(
        replace(clock, rung=SILENT, next_at=following)
        for clock in clocks
        if clock.state is ClockState.OPEN and clock.due < at and clock.kind is not ClockKind.IDLE
    )


def extended(clock: Clock, until: datetime, now: datetime, calendar: WorkCalendar) -> Clock:
    """The clock after an extension was granted: a new end, and a ladder that begins anew."""
    first = reminder(now, until, calendar)
    known = calendar.is_known(calendar.local(until).date())
    return replace(
        clock, due=until, length=OWN_DATE, rung=0, reminded=False, next_at=min(first, until), provisional=not known
    )


def paused(clock: Clock) -> Clock:
    """The clock while the case waits on its sender."""
    return replace(clock, next_at=None)


def resumed(clock: Clock, since: datetime, now: datetime, calendar: WorkCalendar) -> Clock:
    """The clock after a pause that began at `since`: it has as much working time left as it had then."""
    if clock.due <= since:
        return replace(clock, next_at=now)
    end = add_working(now, working_between(since, clock.due, calendar), calendar)
    first = reminder(clock.start, end, calendar)
    following = end if clock.reminded or first <= now else first
    known = calendar.is_known(calendar.local(end).date())
    return replace(clock, due=end, next_at=following, provisional=not known, length=OWN_DATE)


def recomputed(clock: Clock, calendar: WorkCalendar) -> Clock:
    """The clock after the calendar changed; one that was paused, moved or has a date of its own stays as it is."""
    if clock.length in {OWN_DATE, ""} or clock.next_at is None or clock.rung or clock.kind is ClockKind.IDLE:
        return clock
    return ending_at(clock, due(clock.start, parse_span(clock.length), calendar), calendar)


def ending_at(clock: Clock, end: Due, calendar: WorkCalendar) -> Clock:
    """A clock that nobody was called late for, with the end that a changed calendar gives it."""
    if end.at == clock.due:
        return replace(clock, provisional=end.provisional)
    first = reminder(clock.start, end.at, calendar)
    return replace(
        clock, due=end.at, provisional=end.provisional, next_at=end.at if clock.reminded else min(first, end.at)
    )


def own_length(clock: Clock, calendar: WorkCalendar) -> datetime:
    """When a clock is overdue by its own length, in working time."""
    return add_working(clock.due, working_between(clock.start, clock.due, calendar), calendar)


def _term(
    case: Case, kind: ClockKind, *, text: str, deadlines: Deadlines, calendar: WorkCalendar
) -> tuple[str, Due | None]:
    """The length and the end of one clock; the mail's own date comes first where the pack says so."""
    term = deadlines.terms(case.type)[kind]
    at = None
    if kind is ClockKind.RELAY:
        at = special_relay_date(text, case.received, calendar)
    elif term.own_date:
        at = stated_end(text, case.received, calendar)
    if at is not None:
        return OWN_DATE, Due(at=at, provisional=not calendar.is_known(calendar.local(at).date()))
    span = deadlines.span(case.type, kind, case.urgency)
    return (str(span), due(case.received, span, calendar)) if span else ("", None)


def later_look(now: datetime, deadlines: Deadlines, calendar: WorkCalendar) -> datetime:
    """When an alarm that begins now goes one rung up."""
    return later(now, deadlines.alarm.every, 1, calendar)


def _clock(
    case: Case, kind: ClockKind, *, start: datetime, end: Due, length: str, deadlines: Deadlines,
    calendar: WorkCalendar, subject: str = "",
) -> Clock:  # fmt: skip
    """A clock that is first looked at when its reminder is due, or its first alarm."""
    alarm = deadlines.alarms(case, kind)
    first = later(start, deadlines.alarm.every, 1, calendar) if alarm else reminder(start, end.at, calendar)
    return Clock(
        case=case.number, kind=kind, start=start, due=end.at, next_at=min(first, end.at), provisional=end.provisional,
        length=length, subject=subject,
    )  # fmt: skip
