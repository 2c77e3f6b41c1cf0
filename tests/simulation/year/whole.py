"""A year played and asked: what it was, and which promises it broke."""

from collections.abc import Sequence
from datetime import date

from maild.domain.value import value
from tests.simulation.year.letters import MIX
from tests.simulation.year.monthly import Months
from tests.simulation.year.oracles import broken
from tests.simulation.year.play import A_DAY, FIRST, playing
from tests.simulation.year.reports import Counting
from tests.simulation.year.scenes import prepare


@value
class Outcome:
    """What came of one year."""

    seed: int
    days: int
    mails: int
    letters: int
    cases: int
    passes: int
    asked: dict[str, int]
    """How often each oracle had something to look at."""
    broken: tuple[str, ...]


def year_of(seed: int, days: int, *, first: date = FIRST, a_day: int = A_DAY, kinds: Sequence[str] = MIX) -> Outcome:
    """Play it to its end and ask every oracle."""
    with playing(seed, days, first=first, a_day=a_day, kinds=kinds) as year:
        prepare(year)
        counting, months = Counting(year), Months(year)
        year.office.ticked += [counting, months]
        year.play()
        said = broken(year)
        return Outcome(
            seed=seed, days=days, mails=len(year.written), letters=len(year.arrived), passes=year.office.passes,
            cases=int(year.office.rows('select count(*) from "case"')[0][0]),
            asked=dict(year.asked), broken=(*said, *counting.wrong, *months.wrong),
        )  # fmt: skip
