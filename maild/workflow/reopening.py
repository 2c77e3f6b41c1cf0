"""A contradiction, a new demand or 不满意 opens an answered case again (casework 4, "Reopening")."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.assign import upwards
from maild.domain.case import Answered, Case, Clock, ClockKind, Event, State
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.sla import answer_clock, dropped, idle_clock, start_clock
from maild.domain.transitions import Trigger, move
from maild.workflow.acknowledge import may_acknowledge, only_copied
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import exclusion_of, is_barred, may_read_letter

_MOST_OFFERED = 5


def is_too_late(case: Case, office: Office) -> bool:
    """Whether more of a case closed so long ago is a matter of its own by now, linked to it."""
    since = office.now - (case.closed_at or case.last_human_event)
    return case.state is State.CLOSED and since > office.pack.deadlines.after.reopening


def reopened(case: Case, mail: Mail, office: Office, *, clocks: Sequence[Clock], dissatisfied: bool) -> Plan:
    """Open again: the first time with the same unit, the second time the unit's superior decides who."""
    again = replace(
        case, state=move(case.state, Trigger.REOPEN), reopened=case.reopened + 1, last_human_event=office.now,
        answered_at=None, answer=Answered.NO, settling="", outcome=None, closed_at=None, analysis="", measure="",
        rating="dissatisfied" if dissatisfied else "",
    )  # fmt: skip
    superior = _superior(case, office) if again.reopened > 1 else None
    if superior is not None:
        again = replace(again, handler=superior.address, supervisors=())
    data: dict[str, object] = {"mail": mail.sha256, "dissatisfied": dissatisfied, "times": again.reopened,
                               "decides": superior.address if superior else "",
                               "handler": case.handler or ""}  # fmt: skip
    event = Event(kind="reopened", at=office.now, actor="requester", human=True, data=data)
    letters = _letters(case, again, mail, office, dissatisfied=dissatisfied, superior=superior)
    begun = _clocks(again, office, clocks, copied=only_copied(mail, office))
    return Plan(
        disposition="reopened", cases=(again,), letters=letters, clocks=begun,
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip


def _superior(case: Case, office: Office) -> Person | None:
    """Who stands over the unit's people in this case, and is not out of it."""
    unit = office.index.unit(case.unit) if case.unit else None
    below = unit.head if unit and unit.head else case.handler or ""
    above = upwards(below, case.type, routes=office.pack.routes, index=office.index,
                    exclusion=exclusion_of(case, office.index))  # fmt: skip
    fit = (one for one in above if one not in {case.requester.address, case.handler})
    return office.index.person(next(fit, None))


def _letters(
    case: Case, again: Case, mail: Mail, office: Office, *, dissatisfied: bool, superior: Person | None
) -> tuple[Letter, ...]:
    unit = office.index.unit(case.unit) if case.unit else None
    told = dict.fromkeys(a for a in (case.handler, unit.head if unit else None, office.coordinator(case)) if a)
    letters = []
    for address in told:
        person = office.index.person(address)
        if person is None or person == superior:
            continue
        offered = _members(case, office) if dissatisfied and unit and address == unit.head else []
        letters.append(_letter(LetterKind.REOPENED, person, again, mail=mail, office=office, offered=offered,
                               decides=superior.name if superior else ""))  # fmt: skip
    if superior is not None:
        letters.append(
            _letter(LetterKind.AGAIN, superior, again, mail=mail, office=office, offered=_members(case, office))
        )
    return (*letters, *(_to_requester(again, mail) if may_acknowledge(mail, office) else ()))


def _members(case: Case, office: Office) -> list[str]:
    """The other people of the unit, who could handle the case instead."""
    people = office.index.members(case.unit) if case.unit else ()
    fit = [p for p in people if p.address != case.handler and not is_barred(case, p.address, office.index)]
    return [p.name for p in fit if not case.confidential or may_read_letter(case, p, office)][:_MOST_OFFERED]


def _letter(
    kind: LetterKind, person: Person, case: Case, *, mail: Mail, office: Office, offered: list[str], decides: str = ""
) -> Letter:
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {"letter": None, "attachments": [], "confirmed": True, "hidden": not readable,
                               "members": offered, "decides": decides, "times": case.reopened}  # fmt: skip
    if readable:
        data |= {"mail": mail.sha256, "attach": True, "fresh": True}
    return Letter(
        kind=kind, to=to_person(person), language=person.language, case=case.number, data=data, lane=lane(case),
        keyed=True, attachments=pairs(mail) if readable else (),
    )  # fmt: skip


def _to_requester(case: Case, mail: Mail) -> tuple[Letter, ...]:
    to = Address(address=case.requester.address, name=case.requester.name)
    return (
        Letter(kind=LetterKind.REOPENED_ACK, to=to, language=case.requester.language, case=case.number,
               lane=Lane.REQUESTER, keyed=True, in_reply_to=mail.message_id,
               references=(*mail.references, mail.message_id)),
    )  # fmt: skip


def _clocks(case: Case, office: Office, running: Sequence[Clock], *, copied: bool) -> tuple[Clock, ...]:
    """The clock `answer` anew, but for a mere copy; `resolve` and `idle` go on, or begin where the case was closed."""
    rules, calendar = office.pack.deadlines, office.calendar_of(case)
    old = tuple(dropped(c) for c in running if c.kind is ClockKind.ANSWER)
    new = [] if copied else [answer_clock(case, start=office.now, deadlines=rules, calendar=calendar)]
    kinds = {clock.kind for clock in running}
    if ClockKind.RESOLVE not in kinds:
        new.append(start_clock(case, ClockKind.RESOLVE, start=office.now, deadlines=rules, calendar=calendar))
    if ClockKind.IDLE not in kinds:
        new.append(idle_clock(case, deadlines=rules, calendar=calendar))
    return (*old, *(clock for clock in new if clock))
