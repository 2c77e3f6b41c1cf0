"""What a test found is closed when its tester has found it rectified: 复测通过 / 复测不通过 (P3.3.3, P3.5.4)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, Event
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.sla import OWN_DATE, dropped, ended
from maild.domain.transitions import Trigger, move
from maild.domain.worktime import due, reminder
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import is_barred
from maild.workflow.view import unit_label

_AGAIN = r"\s*(?:复测|复查|重测|再测|复验)?(?:结果)?[ \t　]*[:：]?[ \t　]*"
_RETEST = r"|\s*(?:the )?re-?test (?:has )?"
FAILED = re.compile(
    _AGAIN
    + r"(?:不通过|未通过|没通过|没有通过|不合格|仍有问题|还有问题)"
    + _RETEST
    + r"failed|\s*(?:not passed|failed?)\b",
    re.IGNORECASE,
)
PASSED = re.compile(_AGAIN + r"(?:已经?)?(?:通过|合格)" + _RETEST + r"passed|\s*pass(?:ed)?\b", re.IGNORECASE)
_NOBODYS = frozenset({ClockKind.IDLE, ClockKind.WAIT})


def tester_of(case: Case, office: Office) -> Person | None:
    """Who must test it again before it may close; None where nobody need.

    The colleague who found it; where that is its handler, or has left, the coordinator.
    """
    kind = office.pack.policy.types_by_id.get(case.type)
    if kind is None or not kind.retest or case.retest == "passed" or case.round or case.confidential:
        return None
    holder = office.index.holder(case.requester.address) or office.index.leaver(case.requester.address)
    if holder is None:
        return None
    person = office.index.person(case.requester.address)
    own = person is None or person.address == case.handler
    return office.coordinator_person(case) if own else person


def retest_asked(case: Case, tester: Person, office: Office, *, clocks: Sequence[Clock], actor: str) -> Plan:
    """The case waits for its tester instead of closing: it is rectified, so its handler's clocks are met."""
    now, calendar = office.now, office.calendar_at(tester.address)
    waits = replace(case, state=move(case.state, Trigger.ANSWER), settling="", outcome=None, retest="asked",
                    waiting_since=None)  # fmt: skip
    end = due(now, office.pack.deadlines.retest, calendar)
    clock = Clock(case=case.number, kind=ClockKind.REVIEW, start=now, due=end.at, length=OWN_DATE,
                  subject=tester.address, provisional=end.provisional,
                  next_at=min(reminder(now, end.at, calendar), end.at))  # fmt: skip
    over = tuple(dropped(c) if c.kind in _NOBODYS else ended(c, now) for c in clocks)
    data: dict[str, object] = {"tester": tester.address, "measure": case.measure, "due": end.at.isoformat()}
    event = Event(kind="retest-asked", at=now, actor=actor, human=actor != "maild", data=data)
    return Plan(cases=(waits,), clocks=(*over, clock), letters=(_letter(waits, tester, clock, office),),
                happenings=(Happening(number=case.number, event=event),))  # fmt: skip


def may_judge(case: Case, person: Person, recipient: str, office: Office) -> bool:
    """Whether this key holder says how the retest went: who was asked, or acts under their key; the coordinator."""
    tester, key = tester_of(case, office), office.index.person(recipient)
    coordinator = office.coordinator_person(case)
    known = [one for one in (tester, coordinator) if one is not None]
    return (person in known or key in known) and not is_barred(case, person.address, office.index)


def _letter(case: Case, tester: Person, clock: Clock, office: Office) -> Letter:
    unit, handler = office.index.unit(case.unit) if case.unit else None, office.index.person(case.handler)
    data: dict[str, object] = {
        "analysis": case.analysis, "measure": case.measure, "handler_name": handler.name if handler else "",
        "handler_unit": unit_label(unit, tester.language) if unit else "", "times": case.reopened,
        "due_text": when(clock.due, office, tester.address, tester.language, case=case),
    }  # fmt: skip
    return Letter(kind=LetterKind.RETEST, to=to_person(tester), language=tester.language, case=case.number, data=data,
                  lane=Lane.WORK, keyed=True)  # fmt: skip
