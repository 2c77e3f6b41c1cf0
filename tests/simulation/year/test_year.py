"""Two weeks of the simulated office keep every promise, and an office that breaks one on purpose is found out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

import maild.domain.conflict as conflict
import maild.domain.ladder as ladder
import maild.domain.rungs as rungs
import maild.workflow.digest as digest
import maild.workflow.hiding as hiding
import maild.workflow.opening as opening
from maild.domain.ladder import TimeDecision
from maild.domain.worktime import WorkCalendar
from maild.workflow.acknowledge import acknowledgement
from maild.workflow.plan import Plan
from tests.simulation.year.almanac import Almanac, instant, local
from tests.simulation.year.whole import Outcome, year_of


def few_days(**how: Any) -> Outcome:
    """A small office for as long as a mistake needs to show."""
    return year_of(**({"seed": 4, "days": 4, "a_day": 8} | how))


def test_two_weeks_keep_every_promise() -> None:
    """Mail, orders, deadlines, escalations, digests and the ledger of two weeks add up in books kept apart."""
    outcome = year_of(2, 14, first=date(2026, 2, 9), a_day=6)

    assert () == outcome.broken
    assert {
        "acknowledgements",
        "answers passed on",
        "conflicts",
        "deadlines",
        "reminders",
        "rungs",
        "digests",
    } <= outcome.asked.keys()
    assert min(outcome.asked.values()) > 0


def test_the_almanac_reckons_by_hand() -> None:
    """Friday before the long Spring Festival of 2026: its make-up Saturday is worked, then nine days are not."""
    almanac = Almanac()
    friday = instant(date(2026, 2, 13), time(17))

    assert local(almanac.plus_hours(friday, 2)).isoformat()[:16] == "2026-02-14T09:30"
    assert local(almanac.close_after(friday, 2)).isoformat()[:16] == "2026-02-24T18:00"


def no_reminder(patch: pytest.MonkeyPatch) -> None:
    """Nobody is reminded before the end."""
    remind = ladder._remind
    patch.setattr(ladder, "_remind", lambda look, staff: replace(remind(look, staff), told=()))


def acknowledged_twice(patch: pytest.MonkeyPatch) -> None:
    """Each acknowledgement is queued twice."""

    def twice(*args: Any, **known: Any) -> Plan:
        plan = acknowledgement(*args, **known)
        return replace(plan, letters=(*plan.letters, *plan.letters))

    patch.setattr(opening, "acknowledgement", twice)


def never_acknowledged(patch: pytest.MonkeyPatch) -> None:
    """No acknowledgement is written."""
    patch.setattr(opening, "acknowledgement", lambda *_a, **_k: Plan())


def conflict_ignored(patch: pytest.MonkeyPatch) -> None:
    """Whom a letter blames is out of nothing."""
    patch.setattr(conflict, "_with_below", lambda *_: frozenset())


def holiday_ignored(patch: pytest.MonkeyPatch) -> None:
    """The office works on every weekday, and on no other."""
    patch.setattr(WorkCalendar, "shifts", lambda self, day: self.week.days[day.weekday()])


def wrong_superior(patch: pytest.MonkeyPatch) -> None:
    """Escalations pass the nearest superior over."""
    above = rungs.Staff._above
    patch.setattr(rungs.Staff, "_above", lambda self: above(self)[1:])


def too_early(patch: pytest.MonkeyPatch) -> None:
    """The ladder begins half a working day before the end."""
    early = property(lambda look: look.clock.due - (look.clock.due - look.clock.start) / 2)
    patch.setattr(ladder._Look, "first_rung", early)


def miscounted(patch: pytest.MonkeyPatch) -> None:
    """The digest counts one open case too many."""
    tables = digest._tables

    def wrong(*args: Any, **known: Any) -> dict[str, object]:
        data = tables(*args, **known)
        counts = data["counts"]
        assert isinstance(counts, dict)
        return data | {"counts": counts | {"open": counts["open"] + 1}}

    patch.setattr(digest, "_tables", wrong)


def name_shown(patch: pytest.MonkeyPatch) -> None:
    """Letters to the inside are not looked over for who wrote."""
    patch.setattr(hiding, "hidden", lambda words, *_: words)
    patch.setattr(hiding, "hidden_lines", lambda words, *_: words)


def nothing_told(patch: pytest.MonkeyPatch) -> None:
    """Clocks ring for nobody."""
    climb = ladder._climb
    patch.setattr(ladder, "_climb", lambda look, staff: TimeDecision(clock=climb(look, staff).clock))


@pytest.mark.parametrize(
    ("mistake", "said", "how"),
    [
        (no_reminder, "was not reminded of", {}),
        (acknowledged_twice, "was acknowledged 2 times, not 1", {"days": 2}),
        (never_acknowledged, "was acknowledged 0 times, not 1", {"days": 2}),
        (conflict_ignored, "of whom or of whose superior it complains", {"days": 2, "kinds": ("blaming",)}),
        (holiday_ignored, "by hand", {"days": 3, "first": date(2026, 2, 12)}),
        (wrong_superior, "did not tell", {"days": 5, "kinds": ("operational-problem",)}),
        (too_early, "before anything was due", {}),
        (nothing_told, "did not tell", {}),
        (miscounted, "the digest of", {"days": 2}),
        (name_shown, "of 139", {"days": 2, "kinds": ("staff-complaint",)}),
    ],
)
def test_a_mistake_is_found(
    mistake: Callable[[pytest.MonkeyPatch], None], said: str, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with this mistake breaks a promise that an oracle names."""
    mistake(monkeypatch)

    assert any(said in sentence for sentence in few_days(**how).broken)
