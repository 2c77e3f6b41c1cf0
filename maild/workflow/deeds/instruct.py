"""`instruct` 批示 / 督办意见: a superior's binding comment; its date becomes a clock (casework 5)."""

from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, ClockKind, State
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import start_clock
from maild.domain.transitions import MoveRefused, Trigger
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.formend import instructed_round
from maild.workflow.listing import listed_file
from maild.workflow.localtime import when
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result, end_set, met_by, running_after
from maild.workflow.originals import meant_files
from maild.workflow.plan import Plan
from maild.workflow.sight import may_read_letter

_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def instruct(order: Order) -> Result:
    """The comment goes to handler and coordinator; 报我 makes the result go to who gave it."""
    case, office, text = order.case, order.office, order.command.text.strip()
    if case.state in _OVER:
        raise MoveRefused(case.state, Trigger.ACCEPT, "closed")
    # A photo of the signed sheet may be all that comes back.
    text = text or "; ".join(file.filename for file in meant_files(order.mail))
    if not text:
        return Result(refusal="missing-text")
    until = end_set(order.command, order)
    if until is not None and until <= office.now:
        return Result(refusal="past-date")
    reports = dict.fromkeys((*case.report_to, *([order.person.address] if order.command.report_back else [])))
    known = replace(case, report_to=tuple(reports), last_human_event=office.now)
    clock = start_clock(known, ClockKind.INSTRUCT, start=office.now, deadlines=office.pack.deadlines,
                        calendar=office.calendar_of(case), until=until) if until else None  # fmt: skip
    clocks = (*met_by(order, "instruct"), *((clock,) if clock else ()))
    event = happened(order, "instructed", {"text": text, "until": until.isoformat() if until else "",
                                           "report_back": order.command.report_back,
                                           "attachments": [f.filename for f in meant_files(order.mail)]})  # fmt: skip
    letters = _letters(order, known, text, until=until)
    below = Plan()
    if known.round:
        below = instructed_round(known, text, by=order.person, office=office, facts=order.facts)
        told = {letter.to.address for letter in below.letters}
        letters = tuple(letter for letter in letters if letter.to.address not in told)
    said = echo(order, running_after(order, clocks), visible_to="handler")
    more = ["reports-to-you"] if order.command.report_back else []
    return Result(plan=Plan(cases=(known,), clocks=clocks, letters=letters, happenings=(event,)) + below,
                  echo=said | {"more": more})  # fmt: skip


def _letters(order: Order, case: Case, text: str, *, until: datetime | None) -> tuple[Letter, ...]:
    office = order.office
    people = (office.index.person(a) for a in (case.handler, office.coordinator(case)) if a)
    letters = []
    for person in dict.fromkeys(p for p in people if p is not None and p != order.person):
        readable = may_read_letter(case, person, office)
        files = meant_files(order.mail) if readable else []
        data: dict[str, object] = {
            "text": text if readable else "", "by": order.person.name, "hidden": not readable,
            "files": [listed_file(file) for file in files],
            "due_text": when(until, office, person.address, person.language, case=case) if until else "",
            "role": "handler" if person.address == case.handler else "coordinator",
            "report_back": order.command.report_back,
        }  # fmt: skip
        letters.append(
            Letter(kind=LetterKind.INSTRUCTION, to=to_person(person), language=person.language, case=case.number,
                   data=data, lane=lane(case), keyed=True,
                   attachments=tuple(f"{order.mail.sha256}:{file.sha256}" for file in files))
        )  # fmt: skip
    return tuple(letters)
