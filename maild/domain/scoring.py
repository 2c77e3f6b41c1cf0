"""Score sheets: how accurate, timely and complete each unit was (casework 7, "Score sheets"; P8.6.4).

accuracy = 1 - (reopened + refused answers + wrong routings by the unit) / closed
timeliness = clocks met / clocks ended
completeness = closed with all required points / closed

What maild itself sent or did is nobody's merit or fault.
"""

from collections.abc import Iterable, Iterator, Sequence

from maild.domain.case import Clock, ClockKind, ClockState, Event
from maild.domain.counted import INCOMPLETE, MISROUTED, MISSED, REFUSED, REOPENED, Tally, View
from maild.domain.emptyanswer import COPY, EMPTY
from maild.domain.outcome import BY_COORDINATOR, NEEDS
from maild.domain.recorded import Recorded
from maild.domain.trail import Story

LEAST = 5
"""Of fewer cases or clocks no rate is given."""
_NOBODYS = frozenset({ClockKind.IDLE, ClockKind.WAIT})
_WORKED = frozenset({"answered", "told", "asked", "planned", "resolved"})
"""Events by which a unit takes a case for its own."""


def score(own: Sequence[Story], recorded: Recorded, view: View, tally: Tally) -> None:
    """The counts under `score`, for the office and for every unit that did something.

    `accuracy` holds what was closed and every fault, `timeliness` the clocks that ended, `completeness` what was
    closed; `closed`, `faults`, `met` and `complete` are the counts that make the rates.
    """
    for one in own:
        _closed(one, recorded, view, tally)
        for place, _ in one.within(recorded.start, recorded.end, "reopened"):
            _fault(one.unit_before(place), one.number, REOPENED, tally=tally, view=view)
        for place, event in one.within(recorded.start, recorded.end, "refused"):
            if event.data.get("why") in {EMPTY, COPY}:
                _fault(one.unit_before(place), one.number, REFUSED, tally=tally, view=view)
        for shown, unit in misroutings(one, view):
            if recorded.start <= shown.at < recorded.end:
                _fault(unit, one.number, MISROUTED, tally=tally, view=view)
    for clock, unit in ended_clocks(own, recorded, view):
        missed = clock.state is ClockState.MISSED
        _to(unit, clock.case, "timeliness", tally=tally, view=view, why=MISSED if missed else "")
        if not missed:
            _to(unit, clock.case, "met", tally=tally, view=view)


def ended_clocks(own: Sequence[Story], recorded: Recorded, view: View) -> Iterator[tuple[Clock, str]]:
    """The clocks whose end in the period is a unit's, and the unit; "" where none had the case."""
    known = {one.number: one for one in own}
    for clock in recorded.ended:
        if clock.case in known and _is_units(clock, known[clock.case]):
            yield clock, _whose(clock, known[clock.case], view)


def misroutings(one: Story, view: View) -> Iterator[tuple[Event, str]]:
    """Each routing that was wrong: the event that showed it, and the unit whose person had routed so.

    Wrong is what the receiving unit, or somebody above, routes on to another unit before anybody there worked on it.
    """
    waiting: tuple[str, str] | None = None
    for place, event in enumerate(one.events):
        if event.kind in _WORKED or event.kind in {"reclassified", "assigned", "closed"}:
            waiting = None
        if event.kind != "routed":
            continue
        to = str(event.data.get("unit") or "")
        if to == one.unit_before(place):
            continue
        if waiting and waiting[1] != to:
            yield event, waiting[0]
        by = view.unit_of(event.actor)
        waiting = (by, to) if by else None


def is_complete(one: Story, place: int) -> bool:
    """Whether this closing has all that its outcome needs, and nothing that the type requires was never given."""
    said = one.events[place].data
    outcome = str(said.get("outcome"))
    if outcome in BY_COORDINATOR:
        has = bool(said.get("reason"))
    elif outcome in NEEDS:
        words = {name for name in ("analysis", "measure", "decision") if name in NEEDS[outcome]}
        reason = said.get("decision") != "rejected" or bool(said.get("reason"))
        has = reason and (
            all(said.get(name) for name in words) or (outcome == "carried-out" and bool(said.get("reason")))
        )
    else:
        has = True
    return has and (not one.case.missing or _wrote_again(one.events[:place]))


def _closed(one: Story, recorded: Recorded, view: View, tally: Tally) -> None:
    closings = one.within(recorded.start, recorded.end, "closed")
    if not closings:
        return
    place, _ = closings[-1]
    unit = one.unit_before(place)
    complete = is_complete(one, place)
    for what in ("closed", "accuracy"):
        _to(unit, one.number, what, tally=tally, view=view)
    _to(unit, one.number, "completeness", tally=tally, view=view, why="" if complete else INCOMPLETE)
    if complete:
        _to(unit, one.number, "complete", tally=tally, view=view)


def _wrote_again(events: Iterable[Event]) -> bool:
    """Whether the writer, or who recorded the matter, added something after the first letter."""
    return any(event.kind in {"appended", "recorded"} for event in events)


def _is_units(clock: Clock, one: Story) -> bool:
    """Whether a clock's end is a unit's: not where the writer took the letter back, nor what nobody waits for."""
    if clock.kind in _NOBODYS:
        return False
    return not any(e.kind == "closed" and e.at == clock.ended and e.actor == "requester" for e in one.events)


def _whose(clock: Clock, one: Story, view: View) -> str:
    if "@" in clock.subject:
        return view.unit_of(clock.subject)
    if clock.kind is ClockKind.TRIAGE:
        return view.coordinator
    return one.unit_at(clock.ended) if clock.ended else ""


def _fault(unit: str, number: str, why: str, *, tally: Tally, view: View) -> None:
    for what in ("faults", "accuracy"):
        _to(unit, number, what, tally=tally, view=view, why=why)


def _to(unit: str, number: str, what: str, *, tally: Tally, view: View, why: str = "") -> None:
    if unit and view.holds(unit):
        tally.add(number, f"score/{what}", f"score/{what}/{unit}", why=why)
