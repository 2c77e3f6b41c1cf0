"""What a case was at a moment that is past, from its events: whose it was, of which type, how pressing, whether open.

A report about October says the same in November and a year later, whatever became of its cases since. What an undone
order did never happened.
"""

from collections.abc import Sequence
from datetime import datetime

from maild.domain.case import Case, Event, State
from maild.domain.letter import LetterKind
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.value import value

OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})
"""Nobody works on it any more."""
_MOVES = frozenset({"assigned", "routed", "reclassified", "handed-up", "handed-over", "split-off"})
"""Events that say whose a case is from then on."""
_ENDS = frozenset({"closed", "merged", "dropped"})
_PLANS, _UNPLANS = frozenset({"planned"}), _ENDS | {"handed-up"}
_TAKEN_UP = frozenset({"reopened", "routed", "triage-ordered"})
_RETURNED = frozenset({"bounced", "undeliverable"})
_UNDOING = frozenset({"undone", "answer-stopped"})


@value
class Story:
    """A case as it is today and what happened to it, oldest first, without what was undone."""

    case: Case
    events: tuple[Event, ...]

    @property
    def number(self) -> str:
        """The case's number."""
        return self.case.number

    def within(self, start: datetime, end: datetime, *kinds: str) -> list[tuple[int, Event]]:
        """The events of these kinds in that span, with their places in the row."""
        return [(at, e) for at, e in enumerate(self.events) if e.kind in kinds and start <= e.at < end]

    def unit_before(self, place: int) -> str:
        """The id of the unit that had the case when the event at this place happened; "" where none had."""
        return self._unit(self.events[:place])

    def unit_at(self, moment: datetime) -> str:
        """The id of the unit that had the case right before that moment; the first one where none had it yet."""
        return self._unit([event for event in self.events if event.at < moment])

    def type_at(self, moment: datetime) -> str:
        """The type that it had then."""
        return self._was("reclassified", moment) or self.case.type

    def urgency_at(self, moment: datetime) -> str:
        """How pressing it was then."""
        return self._was("urgency-changed", moment) or self.case.urgency

    def is_over_at(self, moment: datetime) -> bool:
        """Whether nobody worked on it any more then."""
        later = (event for event in self.events if event.at >= moment)
        if not any(one.kind in _ENDS | _TAKEN_UP | _RETURNED | {"reclassified", "classified"} for one in later):
            return self.case.state in OVER
        over = False
        for event in self.events:
            if event.at < moment:
                over = _is_over_after(event, over=over)
        return over

    def planned_at(self, moment: datetime) -> str:
        """The date for which it was a plan item then, as `2026-12-20`; "" where it was none."""
        later = (event for event in self.events if event.at >= moment)
        if not any(one.kind in _PLANS | _UNPLANS | {"reclassified"} for one in later):
            planned = self.case.state is State.PLANNED and self.case.plan_date
            return planned.isoformat() if planned else ""
        said = ""
        for event in self.events:
            if event.at < moment:
                said = _planned_after(event, said)
        return said

    def _unit(self, events: Sequence[Event]) -> str:
        moves = [event for event in events if event.kind in _MOVES and "unit" in event.data]
        first = next((event for event in self.events if event.kind in _MOVES and "unit" in event.data), None)
        found = moves[-1] if moves else first
        return str((found.data["unit"] if found else self.case.unit) or "")

    def _was(self, kind: str, moment: datetime) -> str:
        """What it was before the first later change."""
        later = next((event for event in self.events if event.kind == kind and event.at >= moment), None)
        return str(later.data.get("was", "")) if later else ""


def story(case: Case, events: Sequence[Event]) -> Story:
    """The case's story: orders that were taken back are left out, and so is the taking back."""
    undone: dict[str, int] = {}
    for place, event in enumerate(events):
        if event.kind in _UNDOING and event.data.get("order"):
            undone[str(event.data["order"])] = place
    kept = (
        event for place, event in enumerate(events)
        if event.kind not in _UNDOING and place > undone.get(str(event.data.get("mail", "")), -1)
    )  # fmt: skip
    return Story(case=case, events=tuple(kept))


def _is_over_after(event: Event, *, over: bool) -> bool:
    if event.kind in _ENDS:
        return True
    if event.kind in {"classified", "reclassified"}:
        return event.data.get("type") == NOT_FEEDBACK
    if event.kind in _RETURNED and event.data.get("letter") == LetterKind.ANSWER.value:
        return False
    return over and event.kind not in _TAKEN_UP


def _planned_after(event: Event, planned: str) -> str:
    if event.kind in _PLANS:
        return str(event.data.get("date", "")) or planned
    return "" if event.kind in _UNPLANS else planned
