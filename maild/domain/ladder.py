"""The ladder: whom a clock tells when its time comes, rung by rung (casework 6, P3.5.2).

The handler stays the handler: a rung adds a supervisor 督办人, who must order, route or extend. A reminder is no
rung. Whoever the case excludes is skipped at each rung; for confidential types nobody hears who stands in none.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from maild.domain.case import Case, Clock, ClockKind, ClockState
from maild.domain.deadlines import ABOVE, Deadlines, Ladder, Quiet
from maild.domain.rungs import Staff, Told, Tree
from maild.domain.sla import SILENT, own_length, start_clock
from maild.domain.span import Span, SpanUnit
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar, due, later, reminder, workday_after

_HOURLY = Span(unit=SpanUnit.MINUTES, count=60)


@value
class TimeDecision:
    """What follows from looking at a clock now."""

    clock: Clock
    """As it is from now on; its `next_at` says when to look again."""
    told: tuple[Told, ...] = ()
    reminds: bool = False
    """A reminder before the end; otherwise `told` hear an escalation."""
    overdue: bool = False
    """The end has passed."""
    supervisors: tuple[str, ...] = ()
    """Added to the case by these rungs."""
    move_to: str | None = None
    """A resolve clock is overdue by its own length: the case moves to this superior."""
    started: tuple[Clock, ...] = ()
    """The clocks of the new handler."""


def pressing(case: Case) -> str:
    """The urgency by which time wakes people: what rings for nobody, such as a drill, waits for the morning."""
    return "high" if case.alarm == "none" and case.urgency == "critical" else case.urgency


def not_before(now: datetime, urgency: str, quiet: Quiet, calendar: WorkCalendar) -> datetime:
    """When a reminder or an escalation may go out: now, or when the quiet hours are over; critical always now."""
    if urgency == "critical":
        return now
    local = calendar.local(now)
    if calendar.is_workday(local.date()) and not _is_quiet(local.time(), quiet):
        return now
    early = calendar.is_workday(local.date()) and local.time() < quiet.end
    return calendar.instant(local.date() if early else workday_after(local.date(), calendar), quiet.end)


def on_time(
    clock: Clock, case: Case, *, now: datetime, deadlines: Deadlines, calendar: WorkCalendar, tree: Tree,
    coordinator: str | None,
) -> TimeDecision:  # fmt: skip
    """What a clock of this case asks for at `now`; nothing twice, however late or often it is asked."""
    if clock.state is not ClockState.OPEN or clock.next_at is None or clock.next_at > now:
        return TimeDecision(clock=clock)
    if clock.kind is ClockKind.IDLE and (later_end := _moved_idle(clock, case, deadlines, calendar)):
        return TimeDecision(clock=later_end)
    free = not_before(now, pressing(case), deadlines.quiet, calendar)
    if free > now:
        return TimeDecision(clock=replace(clock, next_at=free))
    look = _Look(clock=clock, case=case, now=now, deadlines=deadlines, calendar=calendar)
    staff = Staff(clock=clock, case=case, tree=tree, coordinator=coordinator, weekly=deadlines.gm_weekly)
    if now < look.first_rung:
        return _remind(look, staff)
    return _climb(look, staff)


@value
class _Look:
    """A clock, looked at now."""

    clock: Clock
    case: Case
    now: datetime
    deadlines: Deadlines
    calendar: WorkCalendar

    @property
    def alarm(self) -> bool:
        return self.deadlines.alarms(self.case, self.clock.kind)

    @property
    def first_rung(self) -> datetime:
        if self.alarm:
            return later(self.clock.start, self.deadlines.alarm.every, 1, self.calendar)
        return self.clock.due

    @property
    def ladder(self) -> Ladder:
        return self.deadlines.ladder(self.case, self.clock.kind)

    def rung_at(self, number: int, count: int) -> datetime:
        """When rung `number` of `count` is due; behind the last one each further step takes `again`."""
        every = self.deadlines.alarm.every if self.alarm else self.ladder.every
        top = later(self.first_rung, every, min(number, count) - 1, self.calendar)
        beyond = number - count
        return later(top, self.again, beyond, self.calendar) if beyond > 0 else top

    @property
    def again(self) -> Span:
        """The step behind the last rung; an alarm rings on once an hour."""
        return _HOURLY if self.alarm else self.deadlines.again


def _remind(look: _Look, staff: Staff) -> TimeDecision:
    """Before the end: one reminder when its time has come."""
    clock, at = look.clock, reminder(look.clock.start, look.clock.due, look.calendar)
    if clock.reminded or clock.kind is ClockKind.IDLE or look.alarm:
        return TimeDecision(clock=replace(clock, next_at=look.first_rung))
    if at > look.now:
        return TimeDecision(clock=replace(clock, next_at=at))
    told = staff.reminded()
    return TimeDecision(clock=replace(clock, reminded=True, next_at=clock.due), told=told, reminds=bool(told))


def _climb(look: _Look, staff: Staff) -> TimeDecision:
    """Up to the rung that the calendar says is due now; what was passed on the way is told once."""
    rungs = staff.rungs(look.ladder)
    clock, number = look.clock, look.clock.rung
    move_to = _move(look, staff)
    if move_to:
        moved = replace(clock, state=ClockState.MISSED, next_at=None)
        return TimeDecision(
            clock=moved, told=rungs[0] if rungs else (), overdue=True, move_to=move_to, started=_anew(look)
        )  # fmt: skip
    if number >= SILENT or not rungs:
        following = later(look.now, look.again, 1, look.calendar)
        return TimeDecision(clock=replace(clock, next_at=following), told=rungs[0] if rungs else ())
    while look.rung_at(number + 1, len(rungs)) <= look.now:
        number += 1
    told = _once(one for step in range(clock.rung, number) for one in (rungs[step] if step < len(rungs) else rungs[0]))
    return TimeDecision(
        clock=replace(clock, rung=number, next_at=_next_look(look, number, len(rungs))),
        told=told, overdue=look.now >= clock.due,
        supervisors=tuple(one.person for one in told if one.post in ABOVE and not (one.copy or one.weekly)),
    )  # fmt: skip


def _next_look(look: _Look, number: int, count: int) -> datetime:
    following = look.rung_at(number + 1, count)
    if look.clock.kind is not ClockKind.RESOLVE:
        return following
    move = own_length(look.clock, look.calendar)
    return min(following, move) if move > look.now else following


def _move(look: _Look, staff: Staff) -> str | None:
    if look.clock.kind is not ClockKind.RESOLVE or look.now < own_length(look.clock, look.calendar):
        return None
    return staff.mover()


def _anew(look: _Look) -> tuple[Clock, ...]:
    """Accept and resolve begin again for a new handler."""
    found = (
        start_clock(look.case, kind, start=look.now, deadlines=look.deadlines, calendar=look.calendar)
        for kind in (ClockKind.ACCEPT, ClockKind.RESOLVE)
    )
    return tuple(clock for clock in found if clock)


def _moved_idle(clock: Clock, case: Case, deadlines: Deadlines, calendar: WorkCalendar) -> Clock | None:
    """The idle clock counted from the last event of a person, when that has moved."""
    if case.last_human_event <= clock.start:
        return None
    end = due(case.last_human_event, deadlines.idle, calendar)
    return replace(clock, start=case.last_human_event, due=end.at, next_at=end.at, provisional=end.provisional, rung=0)


def _once(told: Iterator[Told]) -> tuple[Told, ...]:
    """Each person once, by the first post that names them."""
    people: dict[str, Told] = {}
    for one in told:
        people.setdefault(one.person, one)
    return tuple(people.values())


def _is_quiet(at: time, quiet: Quiet) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end
