"""The figures of a report, counted from what is recorded (casework 7, "Reports").

Cases that maild only watched, or took in as history, are counted apart; what is no feedback too.
"""

from collections.abc import Iterator
from datetime import datetime

from maild.domain.case import Clock, ClockKind, ClockState, Event
from maild.domain.counted import Counts, Tally, View
from maild.domain.ledger import EntryState
from maild.domain.likematters import Group, Said, grouped
from maild.domain.monthly import by_month
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.recorded import Recorded
from maild.domain.scoring import score
from maild.domain.trail import Story

FEW = 5
"""Groups of fewer confidential cases are never named: their writers could be known by them."""
MOST_NAMED = 10
"""Groups of causes or matters that are named, the largest first; the others stand together."""
_LEAST_REPEATED = 2
_NOBODYS = frozenset({ClockKind.IDLE, ClockKind.WAIT})
_COUNTS = frozenset({EntryState.APPROVED, EntryState.PAID})


def counts(recorded: Recorded, view: View, *, grouping: bool = True) -> Counts:
    """All figures of this period for this reader; without `grouping` no causes and matters, which nobody compares."""
    tally = Tally()
    seen = {n: one for n, one in recorded.stories.items() if view.sees(one.case)}
    for number in recorded.received:
        if number in seen:
            _received(seen[number], recorded.end, view, tally)
    own = [one for one in seen.values() if not one.case.origin]
    for one in own:
        _happened(one, recorded, view, tally)
    for number in recorded.open:
        if number in seen:
            _stock(seen[number], recorded, view, tally)
    score(own, recorded, view, tally)
    by_month(own, recorded, view, tally)
    if grouping:
        _repeated(own, recorded, view, tally)
    _ledger(recorded, seen, view, tally)
    return tally.done()


def _received(one: Story, end: datetime, view: View, tally: Tally) -> None:
    case, unit = one.case, one.unit_at(end)
    if not view.holds(unit):
        return
    if case.origin:
        tally.add(case.number, f"apart/{case.origin}")
        return
    kind = one.type_at(end)
    if kind == NOT_FEEDBACK:
        tally.add(case.number, "apart/not-feedback")
        return
    parts = {"type": kind, "unit": unit, "urgency": one.urgency_at(end), "channel": channel(one),
             "customer": case.customer_kind or "none"}  # fmt: skip
    tally.add(case.number, "received", *(f"received/{name}/{said}" for name, said in parts.items()))


def channel(one: Story) -> str:
    """How it came in: by mail, recorded by a colleague, on paper, or as a matter that was split off a letter."""
    if one.case.split_from:
        return "split"
    recorded = next((event for event in one.events if event.kind == "recorded-for"), None)
    if recorded is None:
        return "mail"
    return "paper" if recorded.data.get("anonymous") else "recorded"


def last_closing(one: Story, recorded: Recorded) -> tuple[int, Event] | None:
    """The last time in the period that it was closed; a case counts once however often it was."""
    return next(iter(reversed(one.within(recorded.start, recorded.end, "closed"))), None)


def _happened(one: Story, recorded: Recorded, view: View, tally: Tally) -> None:
    """What happened in the period, each to the unit that had the case then; a case counts once in each figure."""
    span, number = (recorded.start, recorded.end), one.number
    if (closing := last_closing(one, recorded)) and view.holds(unit := one.unit_before(closing[0])):
        tally.add(number, "closed", f"closed/unit/{unit}", f"closed/outcome/{closing[1].data.get('outcome')}")
    again = one.within(*span, "reopened")
    if again and view.holds(one.unit_before(again[-1][0])):
        tally.add(number, "reopened")
    rated = next(iter(reversed(one.within(*span, "rated", "not-rated", "reopened"))), None)
    if rated and (said := _rating(rated[1])) and view.holds(one.unit_before(rated[0])):
        tally.add(number, "rated", f"rated/{said}")
    planned = one.within(*span, "planned")
    if planned and view.holds(one.unit_before(planned[-1][0])):
        tally.add(number, "planned/new")


def _rating(event: Event) -> str:
    """What the writer said of the end; what came too late counts no more, another demand is no rating."""
    if event.kind == "not-rated":
        return "not-rated"
    if event.kind == "reopened":
        return "dissatisfied" if event.data.get("dissatisfied") else ""
    return "" if event.data.get("late") else str(event.data.get("rating", ""))


def _stock(one: Story, recorded: Recorded, view: View, tally: Tally) -> None:
    """What was open at the end of the period."""
    end, number = recorded.end, one.number
    unit = one.unit_at(end)
    aside = one.type_at(end) == NOT_FEEDBACK
    if one.case.received >= end or one.case.origin or aside or not view.holds(unit) or one.is_over_at(end):
        return
    tally.add(number, "open", f"open/unit/{unit}")
    if any(_is_late(clock, end) for clock in recorded.running.get(number, ())):
        tally.add(number, "overdue", f"overdue/unit/{unit}")
    if date := one.planned_at(end):
        tally.add(number, "planned/open")
        if date < recorded.period.last.isoformat():
            tally.add(number, "planned/late")


def _is_late(clock: Clock, end: datetime) -> bool:
    """Whether it ran then and its time was over; one that stands still while the writer is asked is not late."""
    ran = clock.state is ClockState.OPEN if clock.ended is None else clock.ended >= end
    paused = clock.state is ClockState.OPEN and clock.next_at is None
    return ran and not paused and clock.start < end and clock.due < end and clock.kind not in _NOBODYS


def _repeated(own: list[Story], recorded: Recorded, view: View, tally: Tally) -> None:
    """Causes that the closings name more than once, and many letters on one matter."""
    closed = [(one, found) for one in own if (found := last_closing(one, recorded))
              and view.holds(one.unit_before(found[0]))]  # fmt: skip
    said = [Said(key=one.number, text=_first_line(str(found[1].data.get("analysis", "")))) for one, found in closed]
    _named(grouped(one for one in said if one.text), "causes", recorded, tally)
    known = {one.number: one for one in own}
    came = [known[number] for number in recorded.received if number in known]
    letters = [Said(key=one.number, text=one.case.summary or one.case.subject, bound=one.case.led_by or one.number)
               for one in came if view.holds(one.unit_at(recorded.end))
               and one.type_at(recorded.end) != NOT_FEEDBACK]  # fmt: skip
    _named(grouped(letters), "matters", recorded, tally)


def _named(groups: list[Group[str]], what: str, recorded: Recorded, tally: Tally) -> None:
    """Groups by number; single texts, and confidential ones that are too few, go together without a name."""
    place = 0
    for group in groups:
        sealed = [n for n in group.keys if recorded.stories[n].case.confidential]
        shown = [n for n in group.keys if n not in sealed] if len(sealed) < FEW else list(group.keys)
        hidden = sealed if len(sealed) < FEW else []
        if len(shown) < _LEAST_REPEATED or place >= MOST_NAMED:
            shown, hidden = [], list(group.keys)
        for number in hidden:
            tally.add(number, what, f"{what}/other")
        if shown:
            place += 1
            tally.names[f"{what}/{place}"] = _called(group, shown, recorded)
            for number in shown:
                tally.add(number, what, f"{what}/{place}")


def _called(group: Group[str], shown: list[str], recorded: Recorded) -> str:
    """The group's own words; where they are of a confidential case, none."""
    ours = {text for n in group.keys if (one := recorded.stories[n]).case.confidential for text in _texts(one)}
    return "" if group.name in ours and shown else group.name


def _texts(one: Story) -> Iterator[str]:
    yield one.case.summary or one.case.subject
    yield from (_first_line(str(event.data.get("analysis", ""))) for event in one.events if event.kind == "closed")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:60]


def _ledger(recorded: Recorded, seen: dict[str, Story], view: View, tally: Tally) -> None:
    """What was proposed in the period by rule, and what of it counts; nothing about the reader."""
    for entry in recorded.entries:
        unit = entry.unit or ""
        if entry.case not in seen or not view.holds(unit) or (entry.person and entry.person == view.reader):
            continue
        if entry.state is EntryState.WITHDRAWN:
            continue
        tally.add(entry.case, "ledger", f"ledger/{entry.rule}")
        if entry.state in _COUNTS:
            tally.add(entry.case, "approved", f"approved/{entry.rule}")
            for code in ("points", f"points/{entry.rule}"):
                tally.sum(code, entry.points)
            for code in ("amount", f"amount/{entry.rule}"):
                tally.sum(code, entry.amount)
