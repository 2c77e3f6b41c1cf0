"""One due clock: a reminder, the next rungs of the ladder, or a move; decided like a mail (casework 6)."""

from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind, Event, Requester, State
from maild.domain.deadlines import Post
from maild.domain.ladder import TimeDecision, not_before, on_time, pressing
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.rungs import Told
from maild.domain.sla import dropped
from maild.workflow.emergency import called, messages
from maild.workflow.facts import Facts
from maild.workflow.formend import round_due
from maild.workflow.formletters import to_fill_in
from maild.workflow.lapsed import lapsed
from maild.workflow.localtime import when
from maild.workflow.notify import reader_of, to_handler, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.sight import may_read_letter
from maild.workflow.waiting import waited

_ROLES = {Post.HANDLER: "handler", Post.HEAD: "head", Post.COORDINATOR: "coordinator"}


def due_clock(clock: Clock, case: Case | None, office: Office, *, facts: Facts) -> Plan:
    """What this clock changes now, and when it must be looked at again."""
    if clock.kind is ClockKind.RELEASE:
        return lapsed(clock, office, facts)
    if clock.kind is ClockKind.WAIT and case is not None:
        return waited(clock, case, office, facts.clocks(case.number))
    if case is not None and case.round and clock.kind is ClockKind.RETURN and not clock.subject:
        return round_due(clock, case, office, facts=facts)
    watched = _watched(clock, case, office)
    decision = on_time(
        clock, watched, now=office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(watched),
        tree=office.index, coordinator=office.coordinator(case),
    )  # fmt: skip
    plan = Plan(clocks=(decision.clock, *_moved_clocks(decision, facts)))
    rings = case is not None and not decision.reminds and office.pack.deadlines.alarms(case, clock.kind)
    if not decision.told and not decision.move_to:
        return plan
    if case is None:
        return plan + Plan(lines=(Line(kind="quarantine-overdue", data={"entry": clock.subject}),))
    if rings and decision.told and not decision.overdue:
        letters = tuple(called(case, [one.person for one in decision.told], office, role="rung"))
    else:
        letters = tuple(letter for one in decision.told if (letter := _letter(one, decision, watched, office)))
    weekly = tuple(
        Line(kind="weekly", who=one.person, number=case.number, data={"clock": clock.kind.value})
        for one in decision.told
        if one.weekly
    )
    return plan + Plan(
        cases=_cases(case, decision), letters=letters, lines=weekly,
        instants=messages(case, office, "rung") if rings and decision.told else (),
        happenings=(Happening(number=case.number, event=_event(clock, decision, watched, office.now)),),
    )  # fmt: skip


def _moved_clocks(decision: TimeDecision, facts: Facts) -> tuple[Clock, ...]:
    """Where the case moves, the old handler's clocks wait no more and the new one's begin."""
    if not decision.move_to:
        return ()
    running = facts.clocks(decision.clock.case)
    others = [c for c in running if c.id != decision.clock.id and c.kind is not ClockKind.IDLE]
    return (*(dropped(c) for c in others), *decision.started)


def _cases(case: Case, decision: TimeDecision) -> tuple[Case, ...]:
    supervisors = tuple(dict.fromkeys((*case.supervisors, *decision.supervisors)))
    changed = replace(case, supervisors=supervisors)
    if decision.move_to:
        changed = replace(changed, handler=decision.move_to)
    return () if changed == case else (changed,)


def _letter(told: Told, decision: TimeDecision, case: Case, office: Office) -> Letter | None:
    person = reader_of(told.person, office)
    if person is None or told.weekly or told.person in case.excluded:
        return None
    clock = decision.clock
    unit = office.index.unit(case.unit) if case.unit else None
    handler = office.index.person(case.handler)
    data: dict[str, object] = {
        "clock": clock.kind.value,
        "due_text": when(clock.due, office, person.address, person.language, case=case),
        "handler_name": handler.name if handler else "",
        "handler_unit": unit.name if unit else "",
        "role": _ROLES.get(told.post, "coordinator" if told.copy else "supervisor"),
        "rung": clock.rung,
        "hidden": not may_read_letter(case, person, office),
    }
    if told.post is Post.HANDLER:
        retest = clock.kind is ClockKind.REVIEW and case.retest == "asked"
        data |= to_fill_in(case, clock.kind, person.language) | ({"retest": True} if retest else {})
    free = not_before(office.now, pressing(case), office.pack.deadlines.quiet, office.calendar_at(person.address))
    return Letter(
        kind=LetterKind.REMINDER if decision.reminds else LetterKind.ESCALATION,
        to=to_handler(case, person, office) if told.post is Post.HANDLER else to_person(person),
        language=person.language, case=case.number, data=data, not_before=free, keyed=True,
        lane=Lane.ECHO if case.urgency == "critical" else Lane.WORK,
    )  # fmt: skip


def _event(clock: Clock, decision: TimeDecision, watched: Case, now: datetime) -> Event:
    data: dict[str, object] = {
        "clock": clock.kind.value,
        "due": clock.due.isoformat(),
        "rung": decision.clock.rung,
        "overdue": decision.overdue,
        "subject": clock.subject,
        "handler": watched.handler or "",
        "told": [[one.person, one.post.value] for one in decision.told],
        "moved_to": decision.move_to or "",
    }
    return Event(kind="reminded" if decision.reminds else "escalated", at=now, actor="maild", data=data)


def _watched(clock: Clock, case: Case | None, office: Office) -> Case:
    """Whom a clock chases: the case's handler; for what waits for triage or for being let go, the coordinator."""
    if case is None:
        return _quarantined(clock, office)
    if "@" in clock.subject:
        unit = office.index.unit_of(clock.subject)
        return replace(case, handler=clock.subject, unit=unit.id if unit else None)
    who = office.coordinator(case)
    if clock.kind is not ClockKind.TRIAGE or who is None:
        return case
    return replace(case, handler=who, unit=office.pack.coordinator)


def _quarantined(clock: Clock, office: Office) -> Case:
    """A quarantined mail as the ladder sees it: the coordinator's to act on."""
    return Case(
        number="", pack=office.pack.id, mailbox=office.box.address, type="unclassified", state=State.NEW,
        requester=Requester(address=""), received=clock.start, last_human_event=clock.start,
        handler=office.coordinator(),
    )  # fmt: skip
