"""Many letters on one matter are one assignment: a lead case, and a mail a day on newcomers (casework 5).

Each writer keeps an own case, acknowledgement, clocks and answer. A letter joins only on the desk that has the lead,
so that the conflict rules of each hold as they are; pressing letters are handed over at once, whatever they resemble.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.crowd import FEW, MOST, alike, leading, may_be_led, writers
from maild.domain.ladder import not_before
from maild.domain.letter import Letter, LetterKind
from maild.domain.transitions import Trigger, can_move, move
from maild.domain.value import value
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.notify import assignment_letter, lane, to_person
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Line, Plan, Tally
from maild.workflow.related import mails_of
from maild.workflow.sight import may_read_letter

NEWCOMER = "newcomer"
"""A line that waits for the day's mail on newcomers; `who` is the handler of the lead."""
WITHIN, DAY = timedelta(days=7), timedelta(days=1)
_SHOWN = 100
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


@value
class Gathered:
    """A new case among others of its matter."""

    case: Case
    clocks: tuple[Clock, ...]
    plan: Plan
    """The lead and its other members as they are now, and what its handler hears at once."""


def gathered(case: Case, clocks: Sequence[Clock], office: Office, facts: Facts) -> Gathered | None:
    """The new case as one of many, whose handler gets no assignment of it; None where it stands alone."""
    handed_over = case.state in {State.ASSIGNED, State.WAITING} and office.box.mode == "live"
    if not may_be_led(case) or not handed_over:
        return None
    near = facts.cases_in(office.box.address, case.unit, since=case.received - WITHIN, most=MOST)
    like = [one for one in near if one.number != case.number and alike(case, one)]
    lead = _lead_of(like, case, facts)
    if lead is not None:
        return _joined(case, lead, clocks, office)
    if len(like) < FEW or writers((case, *like)) <= FEW:
        return None
    return _begun(case, like, clocks, office=office, facts=facts)


def _lead_of(like: Sequence[Case], case: Case, facts: Facts) -> Case | None:
    """The open lead, on the same desk, of one of these."""
    for number in dict.fromkeys(one.led_by or (one.number if one.members else "") for one in like):
        lead = facts.case(number) if number else None
        if lead is not None and lead.members and lead.state not in _OVER and lead.handler == case.handler:
            return lead
    return None


def _joined(case: Case, lead: Case, clocks: Sequence[Clock], office: Office) -> Gathered:
    led, kept = _taken(replace(case, led_by=lead.number), lead, clocks)
    goes_on = replace(lead, members=(*lead.members, case.number))
    line = Line(kind=NEWCOMER, who=case.handler or "", number=case.number, data={"lead": lead.number})
    happenings = (_event(case.number, "led", {"lead": lead.number}, office),
                  _event(lead.number, "newcomer", {"number": case.number}, office))  # fmt: skip
    return Gathered(case=led, clocks=kept, plan=Plan(cases=(goes_on,), lines=(line,), happenings=happenings))


def _taken(case: Case, lead: Case, clocks: Sequence[Clock]) -> tuple[Case, tuple[Clock, ...]]:
    """Who has accepted the lead has accepted what joins it: nobody is asked for that again."""
    waits = lead.state in {State.NEW, State.ASSIGNED}
    if waits or not can_move(case.state, Trigger.ACCEPT):
        return case, tuple(clocks)
    return replace(case, state=move(case.state, Trigger.ACCEPT)), tuple(
        clock for clock in clocks if clock.kind is not ClockKind.ACCEPT
    )


def _begun(case: Case, like: Sequence[Case], clocks: Sequence[Clock], *, office: Office, facts: Facts) -> Gathered:
    """The oldest leads from now on, and its handler gets one mail with all of them."""
    fresh = [known for one in like if (known := facts.case(one.number)) is not None and alike(case, known)]
    first = leading(fresh)
    others = sorted((one for one in fresh if one.number != first.number), key=lambda one: one.number)
    numbers = [*(one.number for one in others), case.number]
    lead = replace(first, members=tuple(numbers))
    members = tuple(replace(one, led_by=lead.number) for one in others)
    happenings = (_event(lead.number, "leads", {"members": numbers}, office),
                  *(_event(number, "led", {"lead": lead.number}, office) for number in numbers))  # fmt: skip
    plan = Plan(cases=(lead, *members), happenings=happenings, letters=told(lead, (*members, case), office),
                tallies=(Tally(kind=NEWCOMER, who=lead.number, number=lead.number),))  # fmt: skip
    led, kept = _taken(replace(case, led_by=lead.number), lead, clocks)
    return Gathered(case=led, clocks=kept, plan=plan)


def told(lead: Case, members: Sequence[Case], office: Office, *, newcomers: bool = False) -> tuple[Letter, ...]:
    """One mail to who has the lead: its members, each with a key of its own, or the day's newcomers."""
    person = office.index.person(lead.handler)
    if person is None:
        return ()
    items = [
        {"number": one.number, "kind": LetterKind.ASSIGNMENT.value, "keyed": True,
         "type_name": office.pack.type_name(one.type, person.language), "due_text": "", "order": "", "role": "",
         "summary": one.summary if may_read_letter(one, person, office) else "", "hidden": False, "mail": ""}
        for one in members[:_SHOWN]
    ]  # fmt: skip
    free = not_before(office.now, lead.urgency, office.pack.deadlines.quiet, office.calendar_at(person.address))
    data: dict[str, object] = {"items": items, "count": len(lead.members) + 1, "newcomers": newcomers}
    return (
        Letter(kind=LetterKind.GATHERED, to=to_person(person), language=person.language, case=lead.number, data=data,
               lane=lane(lead), keyed=True, not_before=free),
    )  # fmt: skip


def newcomers(office: Office, books: Books, originals: Originals) -> Plan:
    """The day's mail on newcomers to each lead; what its lead has left behind is handed over by itself."""
    waiting: dict[str, list[tuple[int, Case]]] = {}
    plan = Plan()
    for ident, _, line in books.lines(office.box.address, NEWCOMER):
        case = books.case(line.number or "")
        if case is None or case.state in _OVER:
            plan += Plan(settled=(ident,))
        else:
            waiting.setdefault(case.led_by, []).append((ident, case))
    for number, items in waiting.items():
        lead = books.case(number) if number else None
        ends = lead is None or lead.state in _OVER
        strayed = [(ident, case) for ident, case in items if ends or lead is None or case.handler != lead.handler]
        fresh = [item for item in items if item not in strayed]
        plan += Plan(settled=tuple(ident for ident, _ in strayed))
        plan += _alone([case for _, case in strayed], office, books, originals)
        last = books.last(NEWCOMER, number)
        if lead is not None and fresh and (last is None or office.now - last >= DAY):
            plan += Plan(letters=told(lead, [case for _, case in fresh], office, newcomers=True),
                         tallies=(Tally(kind=NEWCOMER, who=number, number=number),),
                         settled=tuple(ident for ident, _ in fresh))  # fmt: skip
    return plan


def _alone(cases: Sequence[Case], office: Office, facts: Facts, originals: Originals) -> Plan:
    """Those that nobody was told of when their lead ended: an assignment each, as if they had come alone."""
    plan = Plan()
    for case in cases:
        first = next(iter(mails_of(case, facts)), None)
        mail = originals.mail(first.sha256) if first else None
        letter = assignment_letter(case, office, case.handler or "", mail=mail, reason="routed")
        plan += Plan(cases=(replace(case, led_by=""),), letters=(letter,) if case.handler else ())
    return plan


def known_members(lead: Case, office: Office, facts: Facts) -> list[Case]:
    """The open members on the lead's desk that its handler has been told of; nothing is decided about others."""
    if not lead.members:
        return []
    untold = {line.number for _, _, line in facts.lines(office.box.address, NEWCOMER)}
    found = (facts.case(number) for number in lead.members if number not in untold)
    return [one for one in found if one is not None and one.led_by == lead.number and one.state not in _OVER
            and one.handler == lead.handler]  # fmt: skip


def released(case: Case, lead: Case) -> tuple[Case, Case]:
    """The member on its own from now on, and the lead without it."""
    return replace(case, led_by=""), replace(lead, members=tuple(n for n in lead.members if n != case.number))


def _event(number: str, kind: str, data: dict[str, object], office: Office) -> Happening:
    return Happening(number=number, event=Event(kind=kind, at=office.now, actor="maild", data=data))
