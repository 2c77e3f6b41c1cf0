"""Waiting on the sender: clocks that stand still, how they run on, and how it ends by itself (casework 4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, State
from maild.domain.ladder import not_before
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.sla import dropped, paused, resumed
from maild.domain.transitions import Trigger, move
from maild.domain.worktime import add_working, due, working_between
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan

_RUN_ON = frozenset({ClockKind.ACCEPT, ClockKind.WAIT, ClockKind.RELAY, ClockKind.TRIAGE})
"""Clocks that a question does not stop."""


def may_stop(case: Case, office: Office) -> bool:
    """Whether a handler may stop the clocks once more; beyond that it takes the head."""
    rules = office.pack.deadlines.waiting
    return case.stops < rules.stops and case.stopped < rules.longest


def stopped(case: Case, clocks: Sequence[Clock], office: Office, *, by: str) -> tuple[Case, tuple[Clock, ...]]:
    """The case waiting from now on, its clocks standing still, and the clock that ends it; `by` is who asked."""
    own, rules = by == "maild", office.pack.deadlines.waiting
    waits = replace(case, state=move(case.state, Trigger.ASK), waiting_since=office.now, asked_by=by,
                    stops=case.stops if own else case.stops + 1)  # fmt: skip
    calendar = office.calendar_of(case)
    end = due(office.now, rules.over, calendar)
    left = add_working(office.now, rules.longest - case.stopped, calendar)
    over = min(end.at, left) if not own and timedelta() < case.stopped < rules.longest else end.at
    first = min(due(office.now, rules.reminder, calendar).at, over)
    clock = Clock(case=case.number, kind=ClockKind.WAIT, start=office.now, due=over, next_at=first,
                  provisional=end.provisional, length=str(rules.over))  # fmt: skip
    still = tuple(paused(c) for c in clocks if c.kind not in _RUN_ON)
    return waits, (*still, *(dropped(c) for c in clocks if c.kind is ClockKind.WAIT), clock)


def awake(case: Case, clocks: Sequence[Clock], office: Office) -> tuple[Case, tuple[Clock, ...]]:
    """The case that waits no more, in its handler's hands, and those of its clocks that changed by it."""
    since = case.waiting_since
    if since is None:
        return case, ()
    length = timedelta() if case.asked_by == "maild" else working_between(since, office.now, office.calendar_of(case))
    taken = not any(c.kind is ClockKind.ACCEPT for c in clocks)
    back = Trigger.RESUME if taken else Trigger.ASSIGN
    state = move(case.state, back) if case.state is State.WAITING else case.state
    going = replace(case, state=state, waiting_since=None, asked_by="", stopped=case.stopped + length)
    return going, tuple(_going(clock, case, office) for clock in clocks if _stood(clock))


def _stood(clock: Clock) -> bool:
    return clock.state is ClockState.OPEN and (clock.kind is ClockKind.WAIT or clock.next_at is None)


def _going(clock: Clock, case: Case, office: Office) -> Clock:
    since = case.waiting_since or office.now
    if clock.kind is ClockKind.WAIT:
        return dropped(clock)
    if clock.kind is ClockKind.IDLE:
        return replace(clock, next_at=due(office.now, office.pack.deadlines.idle, office.calendar_of(case)).at)
    return resumed(clock, since, office.now, office.calendar_of(case))


def waited(clock: Clock, case: Case, office: Office, clocks: Sequence[Clock]) -> Plan:
    """What a clock `wait` asks for now: the sender is reminded once, and in the end the handler decides."""
    if case.waiting_since is None:
        return Plan(clocks=(dropped(clock),))
    if office.now < clock.due:
        reminded = replace(clock, reminded=True, next_at=clock.due)
        event = Event(kind="sender-reminded", at=office.now, actor="maild", data={})
        return Plan(clocks=(reminded,), letters=_reminder(case), happenings=(_of(case, event),))
    going, changed = awake(case, clocks, office)
    event = Event(kind="waited", at=office.now, actor="maild", data={"since": case.waiting_since.isoformat()})
    return Plan(cases=(going,), clocks=changed, letters=_decide(going, office), happenings=(_of(case, event),))


def _of(case: Case, event: Event) -> Happening:
    return Happening(number=case.number, event=event)


def _reminder(case: Case) -> tuple[Letter, ...]:
    if not case.requester.address:
        return ()
    to = Address(address=case.requester.address, name=case.requester.name)
    return (
        Letter(kind=LetterKind.STILL_WAITING, to=to, language=case.requester.language, case=case.number,
               lane=Lane.REQUESTER, keyed=True, data={"subject": "" if case.confidential else case.subject[:60]}),
    )  # fmt: skip


def _decide(case: Case, office: Office) -> tuple[Letter, ...]:
    person = office.index.person(case.handler or office.coordinator(case))
    if person is None:
        return ()
    free = not_before(office.now, case.urgency, office.pack.deadlines.quiet, office.calendar_at(person.address))
    return (
        Letter(kind=LetterKind.WAITED, to=to_person(person), language=person.language, case=case.number,
               lane=lane(case), keyed=True, not_before=free),
    )  # fmt: skip
