"""`extend` 延期: the handler asks the head for more time; a superior grants it at once (casework 5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind, State
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import silenced
from maild.domain.transitions import MoveRefused, Trigger
from maild.domain.verb import HEAD, SUPERVISOR
from maild.workflow.above import head_for
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.extension import MOVES, as_asked, as_data, longer
from maild.workflow.localtime import when
from maild.workflow.moved import told_of_move
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, end_set, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.plantold import later_told, told_of_plan

_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def extend(order: Order) -> Result:
    """Asked of the head; granted at once where a superior says it of somebody else's case."""
    command = order.command
    if order.case.state in _OVER:
        raise MoveRefused(order.case.state, Trigger.ACCEPT, "closed")
    if not command.date and not command.duration:
        return Result(refusal="missing-date")
    if command.date and (until := end_set(command, order)) and until <= order.office.now:
        return Result(refusal="past-date")
    moves = longer(order, command)
    if not moves:
        return Result(refusal="nothing-to-extend")
    own = order.person.address == order.case.handler
    decides = head_for(order.case, order.person, order.office)
    if (not own and order.roles & {HEAD, SUPERVISOR}) or decides is None:
        return _granted(order, moves, words=command.reason or "", asker=order.case.handler or "")
    return _asked(order, moves, decides)


def decided(order: Order, yes: bool) -> Result:
    """同意 or 不同意 in answer to a request for more time; each request is decided once."""
    asked = order.key.data
    mail = str(asked.get("mail", ""))
    if any(e.data.get("request") == mail for e in order.facts.events(order.case.number)):
        return Result(refusal="used-key")
    if order.case.state in _OVER:
        raise MoveRefused(order.case.state, Trigger.ACCEPT, "closed")
    words = order.command.reason or order.command.text
    if not yes:
        return _declined(order, words=words, mail=mail)
    wish = as_asked(asked)
    wish = replace(wish, date=order.command.date or (None if order.command.duration else wish.date),
                   duration=order.command.duration or wish.duration)  # fmt: skip
    moves = longer(order, wish)
    if not moves:
        return Result(refusal="nothing-to-extend")
    return _granted(order, moves, words=words, asker=str(asked.get("by", "")), mail=mail)


def _asked(order: Order, moves: Sequence[Clock], decides: Person) -> Result:
    office, case, command = order.office, order.case, order.command
    until = max(clock.due for clock in moves)
    event = happened(order, "extension-asked", {"until": until.isoformat(), "reason": command.reason or "",
                                                "decides": decides.address})  # fmt: skip
    data: dict[str, object] = {
        "text": command.reason or command.text, "by": order.person.name,
        "due_text": when(until, office, decides.address, decides.language, case=case),
        "key_data": as_data(command) | {"by": order.person.address, "mail": order.mail.sha256},
    }  # fmt: skip
    letter = Letter(
        kind=LetterKind.EXTENSION, to=to_person(decides), language=decides.language, case=case.number, data=data,
        lane=lane(case), keyed=True,
    )  # fmt: skip
    clocks = met_by(order, "extend")
    plan = Plan(cases=(replace(case, last_human_event=office.now),), clocks=clocks, letters=(letter,),
                happenings=(event,))  # fmt: skip
    said = echo(order, running_after(order, clocks), person_name=decides.name)
    return Result(plan=plan, echo=said | {"verb": "extend-asked", "text": command.reason or ""})


def _granted(order: Order, moves: Sequence[Clock], *, words: str, asker: str, mail: str = "") -> Result:
    """The clocks move, overdue rungs fall silent; who asked and the requester hear of it."""
    office, case = order.office, _dated_anew(order, moves)
    until = max(clock.due for clock in moves)
    ids = {clock.id for clock in moves}
    accepted = tuple(c for c in met_by(order, "extend") if c.id not in ids)
    rest = [c for c in order.clocks if c.id not in ids | {a.id for a in accepted}]
    quiet = silenced(rest, "extended", office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(case))
    clocks = (*moves, *accepted, *quiet)
    event = happened(order, "extended", {"until": until.isoformat(), "text": words, "request": mail,
                                         "clocks": sorted(clock.kind.value for clock in moves)})  # fmt: skip
    plan = Plan(cases=(case,), clocks=clocks, happenings=(event,),
                letters=_decided_letter(order, asker, words=words, until=until))  # fmt: skip
    told = _requester_told(case, order, moves)
    said = echo(order, [c for c in running_after(order, clocks) if c.kind in MOVES])
    more = ["extended"] if order.command.verb == "extend" else []
    more += later_told(told, office)
    return Result(plan=plan + told, echo=said | {"text": words, "more": more})


def _dated_anew(order: Order, moves: Sequence[Clock]) -> Case:
    """The case as it goes on; more time for a plan item is a new date of the plan."""
    case = replace(order.case, last_human_event=order.office.now)
    end = next((clock.due for clock in moves if clock.kind is ClockKind.RESOLVE), None)
    if case.state is not State.PLANNED or end is None:
        return case
    return replace(case, plan_date=order.calendar.local(end).date())


def _requester_told(case: Case, order: Order, moves: Sequence[Clock]) -> Plan:
    """The new date of a plan item, or that a deadline moved; nothing of what was ordered inside alone."""
    if case.plan_date != order.case.plan_date:
        return told_of_plan(case, order.office, order.facts, calendar=order.calendar)
    promised = any(clock.kind is not ClockKind.INSTRUCT for clock in moves)
    return told_of_move(case, order.office, order.facts, what="deadline") if promised else Plan()


def _declined(order: Order, *, words: str, mail: str) -> Result:
    case = replace(order.case, last_human_event=order.office.now)
    event = happened(order, "extension-declined", {"text": words, "request": mail})
    letters = _decided_letter(order, str(order.key.data.get("by", "")), words=words, until=None)
    said = echo(order, running_after(order, ()))
    return Result(plan=Plan(cases=(case,), letters=letters, happenings=(event,)), echo=said | {"text": words})


def _decided_letter(order: Order, asker: str, *, words: str, until: datetime | None) -> tuple[Letter, ...]:
    """To who asked, and to the handler where that is somebody else."""
    office = order.office
    people = (office.index.person(a) for a in (asker, order.case.handler) if a)
    return tuple(
        Letter(
            kind=LetterKind.EXTENSION_DECIDED, to=to_person(person), language=person.language, case=order.case.number,
            data={"granted": until is not None, "text": words, "by": order.person.name,
                  "due_text": when(until, office, person.address, person.language, case=order.case) if until else ""},
            lane=lane(order.case), keyed=True,
        )
        for person in dict.fromkeys(p for p in people if p is not None and p != order.person)
    )  # fmt: skip
