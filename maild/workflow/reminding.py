"""`remind` 催办: one reminder to the handler, by the coordinator or the requester; no new case, no new clock."""

from datetime import timedelta

from maild.domain.case import Case, ClockKind, Event, State
from maild.domain.letter import Letter, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan, Tally
from maild.workflow.sight import may_read_letter

DAY = timedelta(days=1)
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def can_be_reminded(case: Case) -> bool:
    """Whether somebody still has to do something."""
    return case.state not in _OVER and case.handler is not None


def reminded_by(case: Case, office: Office, facts: Facts, *, who: str, text: str = "") -> Plan:
    """The reminder, at most one a day from the same person; it is an event, and ends nobody's idleness."""
    mark = f"{case.number} {who}"
    person = office.index.person(case.handler)
    if person is None or not can_be_reminded(case) or facts.count("reminded", mark, office.now - DAY):
        return Plan()
    clocks = [c for c in facts.clocks(case.number) if c.kind not in {ClockKind.IDLE, ClockKind.WAIT}]
    nearest = min(clocks, key=lambda clock: clock.due, default=None)
    by = office.index.person(who)
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {
        "clock": nearest.kind.value if nearest else "answer", "hidden": not readable,
        "due_text": when(nearest.due, office, person.address, person.language, case=case) if nearest else "",
        "asked_by": "requester" if by is None else "person", "by": by.name if by else "",
        "text": text if readable else "",
    }  # fmt: skip
    letter = Letter(kind=LetterKind.REMINDER, to=to_person(person), language=person.language, case=case.number,
                    data=data, lane=lane(case), keyed=True)  # fmt: skip
    event = Event(kind="reminder-asked", at=office.now, actor=who if by else "requester", human=True,
                  data={"text": text})  # fmt: skip
    return Plan(letters=(letter,), happenings=(Happening(number=case.number, event=event),),
                tallies=(Tally(kind="reminded", who=mark, number=case.number),))  # fmt: skip
