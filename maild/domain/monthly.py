"""The months of a longer period beside each other: what came in, was closed, stood open, and was in time (P3.3.1).

What came in and what was closed add up to the whole period's figures: a case counts in the month of its arrival, and
once, in that of its last closing.
"""

from collections.abc import Sequence

from maild.domain.case import ClockState
from maild.domain.counted import MISSED, Tally, View
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.recorded import Recorded
from maild.domain.scoring import ended_clocks
from maild.domain.trail import Story


def by_month(own: Sequence[Story], recorded: Recorded, view: View, tally: Tally) -> None:
    """The counts under `month`: `month/received/10` and so on; none where the period is no longer than a month.

    Comes after what counts the whole period, and places what stands there.
    """
    if not recorded.months:
        return
    known = {one.number: one for one in own}
    for one in list(tally.cases.get("received", ())):
        month = recorded.month_of(known[one.number].case.received)
        tally.add(one.number, f"month/received/{month}")
    for one in list(tally.cases.get("closed", ())):
        closing = known[one.number].within(recorded.start, recorded.end, "closed")[-1][1]
        tally.add(one.number, f"month/closed/{recorded.month_of(closing.at)}")
    for story in own:
        _stock(story, recorded, view, tally)
    for clock, unit in ended_clocks(own, recorded, view):
        if clock.ended and unit and view.holds(unit):
            missed = clock.state is ClockState.MISSED
            month = recorded.month_of(clock.ended)
            tally.add(clock.case, f"month/ended/{month}", why=MISSED if missed else "")
            if not missed:
                tally.add(clock.case, f"month/met/{month}")


def _stock(one: Story, recorded: Recorded, view: View, tally: Tally) -> None:
    """At the end of which months it was open."""
    if not recorded.has_stock:
        return
    for month, _, end in recorded.months:
        here = one.case.received < end and view.holds(one.unit_at(end)) and one.type_at(end) != NOT_FEEDBACK
        if here and not one.is_over_at(end):
            tally.add(one.number, f"month/open/{month}")
