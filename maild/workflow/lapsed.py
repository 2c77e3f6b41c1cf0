"""A preview of a sealed letter that nobody answered within its 24 hours (security.md, "The seal").

Each request has one clock, which stands beside all cases, so that no deadline of the case shows it. A preview that was
shown once more has a key of its own: the clock waits for the last of them. When it ends, the seal-holder hears what was
not released, and who had asked that it was not, once; what the letter says stands in neither mail.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event
from maild.domain.directory import Person
from maild.domain.ladder import not_before, pressing
from maild.domain.letter import Letter, LetterKind
from maild.domain.retention import ENDED
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.view import unit_label
from maild.workflow.wouldleave import LAPSED, RELEASED, WITHHELD, asked_by, holder_for

LASTS = timedelta(hours=24)
"""security.md, "Confirmed by a second mail"."""
ASKED = "release-asked"
"""The event that a preview was made for an order, or for a new letter."""
_OVER = frozenset({RELEASED, WITHHELD, LAPSED})
_MARK = "release"


def clock_for(number: str, request: str, start: datetime) -> Clock:
    """The clock of one request, from when its first preview was made."""
    end = start + LASTS
    return Clock(case="", kind=ClockKind.RELEASE, start=start, due=end, next_at=end,
                 subject=f"{_MARK}:{number}:{_mark(request)}")  # fmt: skip


def lapsed(clock: Clock, office: Office, facts: Facts) -> Plan:
    """What this clock asks for now: nothing where the request is over, else both hear that it lapsed."""
    number, _, mark = clock.subject.removeprefix(f"{_MARK}:").rpartition(":")
    case = facts.case(number)
    events = facts.events(number) if case is not None else ()
    asked = next((e for e in events if e.kind == ASKED and _mark(str(e.data.get("request", ""))) == mark), None)
    if case is None or case.state in ENDED or asked is None:
        return Plan(clocks=(_ended(clock, ClockState.DROPPED),))
    request = str(asked.data["request"])
    if any(event.kind in _OVER and event.data.get("request") == request for event in events):
        return Plan(clocks=(_ended(clock, ClockState.MET),))
    last = _last_key(number, request, facts)
    if last is not None and last > office.now:
        return Plan(clocks=(replace(clock, due=last, next_at=last),))
    event = Event(kind=LAPSED, at=office.now, actor="maild", data={"request": request})
    return Plan(clocks=(_ended(clock, ClockState.MISSED),), letters=_letters(case, asked, office, facts),
                happenings=(Happening(number=number, event=event),))  # fmt: skip


def _mark(request: str) -> str:
    return sha256(request.encode("utf-8", "replace")).hexdigest()[:24]


def _ended(clock: Clock, state: ClockState) -> Clock:
    return replace(clock, state=state, next_at=None)


def _last_key(number: str, request: str, facts: Facts) -> datetime | None:
    """Until when the last preview of a request can be answered."""
    previews = ((key, asked) for key in facts.keys(number) if (asked := asked_by(key)) is not None)
    return max((key.expires for key, asked in previews if key.expires and asked.request == request), default=None)


def _letters(case: Case, asked: Event, office: Office, facts: Facts) -> tuple[Letter, ...]:
    held_by, asker = (office.index.person(str(who)) for who in (asked.data.get("holder", ""), asked.actor))
    holder = held_by or holder_for(case, office, facts)
    people = [(holder, False)] if holder else []
    people += [(asker, True)] if asker and asker != holder else []
    return tuple(_letter(case, asked, one, office, asks=asks) for one, asks in people)


def _letter(case: Case, asked: Event, person: Person, office: Office, *, asks: bool) -> Letter:
    to = asked.data.get("to")
    receivers = to if isinstance(to, list) else [to]
    data: dict[str, object] = {
        "asks": asks, "verb": str(asked.data.get("verb", "")), "to": _names(receivers, office, person.language),
        "at_text": when(asked.at, office, person.address, person.language, case=case),
    }  # fmt: skip
    free = not_before(office.now, pressing(case), office.pack.deadlines.quiet, office.calendar_at(person.address))
    return Letter(kind=LetterKind.SEAL_LAPSED, to=to_person(person), language=person.language, case=case.number,
                  data=data, lane=lane(case), keyed=True, not_before=free)  # fmt: skip


def _names(receivers: Sequence[object], office: Office, language: str) -> list[dict[str, str]]:
    found = []
    for address in map(str, receivers):
        person, unit = office.index.person(address), office.index.unit_of(address)
        found.append({"name": person.name if person else "", "unit_name": unit_label(unit, language) if unit else ""})
    return found
