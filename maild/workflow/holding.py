"""What may leave in which mode: observe shows, assist asks first, live sends (casework 1, "The first day").

Held letters wait as letters, not as bytes: what is let go is written with the deadlines of that moment, and passes
the same gate as every other letter. In `observe` nothing ever becomes an outgoing mail but the digest.
"""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from maild.domain.case import Case, Clock, ClockKind, Event
from maild.domain.letter import Letter, LetterKind, Rendered
from maild.domain.sla import start_clock
from maild.domain.span import parse_span
from maild.domain.value import value
from maild.domain.worktime import due
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.sight import Sight, sight

HELD = "held"
NOBODYS = "-"
"""The reader of lines that no digest tells."""
WOULD_SEND = "would-have-sent"
_FIRST = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.ADDED, LetterKind.REOPENED_ACK})
_LATER = frozenset({LetterKind.ADDITION, LetterKind.REOPENED, LetterKind.REMINDER})
"""Letters to a handler who does not know of the case yet."""
_NOT_A_HANDLERS = frozenset({ClockKind.TRIAGE, ClockKind.IDLE})
_SHOWN = 120
_LETTER: TypeAdapter[Letter] = TypeAdapter(Letter)


@value
class Parted:
    """A plan without its letters, and what becomes of these."""

    plan: Plan
    now: tuple[Letter, ...] = ()
    shown: tuple[Letter, ...] = ()
    """Written for the digest alone."""


def part(plan: Plan, office: Office, facts: Facts) -> Parted:
    """What leaves now, what waits for the coordinator, and what is only shown."""
    mode = office.box.mode
    bare = replace(plan, letters=())
    if mode == "live" or not plan.letters:
        return Parted(plan=bare if mode != "observe" else _observed(bare), now=plan.letters)
    if mode == "observe":
        return _watched(plan, bare)
    waiting = {line.number for _, _, line in facts.lines(office.box.address, HELD)}
    held = [one for one in plan.letters if _waits(one, plan, office, facts=facts)]
    untold = {one.case for one in held if one.kind is LetterKind.ASSIGNMENT} | waiting
    held += [one for one in plan.letters if one.kind in _LATER and one.case in untold and not one.released]
    now = tuple(one for one in plan.letters if one not in held)
    return Parted(plan=_waiting(bare, held, untold, office=office) if held else bare, now=now)


def held_letter(line: Line) -> Letter:
    """The letter that a line holds."""
    return _LETTER.validate_python(line.data["letter"])


def would_send(letter: Letter, rendered: Rendered) -> Line:
    """A line of the digest: to whom, with which subject and first line, a letter would have gone."""
    opening = next((line.strip() for line in rendered.text.splitlines() if len(line.strip()) > len("Hello,")), "")
    data: dict[str, object] = {
        "to": letter.to.address, "letter": letter.kind.value, "subject": rendered.subject[:_SHOWN],
        "first": opening[:_SHOWN],
    }  # fmt: skip
    return Line(kind=WOULD_SEND, number=letter.case, data=data)


def _watched(plan: Plan, bare: Plan) -> Parted:
    """Observing: the digest leaves; of new cases the first letters are kept, to be let go once maild sends."""
    opened = _opened(plan)
    digests = tuple(one for one in plan.letters if one.kind is LetterKind.DIGEST)
    first = (*_FIRST, LetterKind.ASSIGNMENT, LetterKind.NOTICE)
    kept = tuple(held_line(one) for one in plan.letters if one.case in opened and one.kind in first)
    shown = tuple(one for one in plan.letters if one not in digests)
    return Parted(plan=_observed(bare) + Plan(lines=kept), now=digests, shown=shown)


def _observed(plan: Plan) -> Plan:
    opened = _opened(plan)
    cases = tuple(replace(c, origin="observed") if c.number in opened else c for c in plan.cases)
    return replace(plan, cases=cases, instants=tuple(one for one in plan.instants if not one.number))


def _opened(plan: Plan) -> set[str]:
    return {happening.number for happening in plan.happenings if happening.event.kind == "opened"}


def _waits(letter: Letter, plan: Plan, office: Office, *, facts: Facts) -> bool:
    """Whether the coordinator must let it go first; never what is critical, nor what the coordinator may not know."""
    if letter.released or not (letter.kind in _FIRST or _is_automatic_assignment(letter)):
        return False
    case = _case_of(letter, plan, facts)
    person = office.coordinator_person()
    if case is None or case.urgency == "critical":
        return False
    return person is None or sight(case, person, office) >= Sight.FACTS


def _is_automatic_assignment(letter: Letter) -> bool:
    """An assignment that no person ordered."""
    if letter.kind is not LetterKind.ASSIGNMENT:
        return False
    return letter.data.get("reason") in {"new", "delegated"} or not letter.data.get("ordered_by")


def _case_of(letter: Letter, plan: Plan, facts: Facts) -> Case | None:
    planned = next((case for case in reversed(plan.cases) if case.number == letter.case), None)
    return planned or (facts.case(letter.case) if letter.case else None)


def _waiting(plan: Plan, held: Sequence[Letter], untold: set[str | None], *, office: Office) -> Plan:
    """The plan with the lines that hold these letters; a handler's clocks do not start before the letter goes."""
    clocks = tuple(c for c in plan.clocks if c.id or c.case not in untold or c.kind in _NOT_A_HANDLERS)
    assigned = dict.fromkeys(one.case for one in held if one.kind is LetterKind.ASSIGNMENT)
    begun = tuple(_triage(case, office) for case in plan.cases if case.number in assigned)
    happenings = tuple(
        Happening(number=one.case, event=Event(kind="held", at=office.now, actor="maild",
                                               data={"letter": one.kind.value, "to": one.to.address}))
        for one in held if one.case
    )  # fmt: skip
    return replace(plan, clocks=(*clocks, *begun)) + Plan(lines=tuple(map(held_line, held)), happenings=happenings)


def held_line(letter: Letter) -> Line:
    """The line that holds a letter until the coordinator lets it go."""
    return Line(kind=HELD, who=NOBODYS, number=letter.case, data={"letter": _LETTER.dump_python(letter, mode="json")})


def _triage(case: Case, office: Office) -> Clock:
    """The coordinator lets it go within the time of an unclassified mail: 4 working hours."""
    asked = replace(case, type="unclassified", urgency="normal")
    deadlines, calendar = office.pack.deadlines, office.calendar_at(office.coordinator(case))
    clock = start_clock(asked, ClockKind.TRIAGE, start=office.now, deadlines=deadlines, calendar=calendar)
    if clock is not None:
        return clock
    span = parse_span("4 working hours")
    end = due(office.now, span, calendar)
    return Clock(case=case.number, kind=ClockKind.TRIAGE, start=office.now, due=end.at, next_at=end.at,
                 provisional=end.provisional, length=str(span))  # fmt: skip
