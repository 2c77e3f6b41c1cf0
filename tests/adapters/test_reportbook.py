"""Reports add up, and say what a recount of every row there is says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.adapters.store import Store
from maild.domain.case import Event, State
from maild.domain.counted import Counts, View
from maild.domain.counting import counts
from maild.domain.period import parse_period
from maild.domain.recorded import Recorded
from maild.workflow.plan import Happening, Plan
from maild.workflow.reports.build import read_periods
from tests.reportoffice import GM, UNITS, every_row, fill, recount

ZONE = ZoneInfo("Asia/Shanghai")
WHOSE = {address: unit for unit, address in UNITS.items()}
PERIODS = ("2025-10", "2026-02", "2026-Q1", "2026-W20", "2026-10", "2026-Q3", "2026", "2027-01")
LATER = datetime(2028, 5, 1, tzinfo=UTC)
PARTS = ("type", "unit", "urgency", "channel", "customer")


@pytest.fixture
def store(each_database: str, tmp_path: Path) -> Iterator[Store]:
    """An office with two hundred cases of sixteen months."""
    opened = Store.open(each_database, tmp_path)
    for seed in (1, 2):
        fill(opened, seed, 100)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """What is recorded of each period in such an office."""
    opened = Store.open("sqlite:///report.db", tmp_path_factory.mktemp("report"))
    for seed in (1, 2):
        fill(opened, seed, 100)
    with opened.reading() as books:
        found = {words: books.recorded(GM, parse_period(words), ZONE) for words in PERIODS}
    opened.close()
    return found


def view(units: frozenset[str] | None = None, blind: str = "-") -> View:
    """A reader of these units, who must not see cases whose number ends so."""
    return View(sees=lambda case: not case.number.endswith(blind), unit_of=lambda a: WHOSE.get(a, ""),
                coordinator="gm-office", units=units)  # fmt: skip


def counted(store: Store, words: str, seen: View) -> Counts:
    """The figures of a period for this reader."""
    with store.reading() as books:
        return counts(books.recorded(GM, parse_period(words), ZONE), seen)


def test_every_figure_is_what_a_recount_of_all_rows_says(store: Store) -> None:
    """Weeks, months, quarters and a year, past and present: each figure is the count of its cases, event by event."""
    rows = list(every_row(store))
    compared = 0
    for words in PERIODS:
        period = parse_period(words)
        expected = +recount(rows, *period.bounds(ZONE), period.last)
        made = {code: len(own) for code, own in counted(store, words, view()).cases.items()}

        for code in {*expected, *(c for c in made if c.split("/")[0] in {"received", "open", "overdue", "apart"})}:
            if "channel" not in code and not code.startswith("overdue/unit"):
                assert (words, code, made.get(code, 0)) == (words, code, expected[code])
                compared += bool(expected[code])
    assert compared > 100


def test_the_parts_add_up_to_the_whole(periods: dict[str, Recorded]) -> None:
    """Of every reader and unit: each breakdown sums up to what came in, open to open, causes to what was closed."""
    for recorded in periods.values():
        for seen in (view(), view(frozenset({"logistics"})), view(blind="3")):
            made = counts(recorded, seen)
            total = len(made.of("received"))
            for kind in PARTS:
                whole = f"received/{kind}"
                assert sum(len(made.of(f"{whole}/{part}")) for part in made.parts(whole)) == total
            for code, kind in (("open", "unit"), ("overdue", "unit"), ("closed", "outcome"), ("rated", "")):
                below = f"{code}/{kind}".rstrip("/")
                assert sum(len(made.of(f"{below}/{part}")) for part in made.parts(below)) == len(made.of(code))
            for code in ("causes", "matters"):
                assert sum(len(made.of(f"{code}/{part}")) for part in made.parts(code)) == len(made.of(code))
            for what in ("points", "amount"):
                assert sum(made.sums[f"{what}/{part}"] for part in made.parts(what)) == made.sums.get(what, 0)


def test_the_months_add_up_to_the_quarter_and_the_year(periods: dict[str, Recorded]) -> None:
    """What came in, was closed and ended in each month is the whole's; the last month's open cases are its open ones."""
    longer = [one for one in periods.values() if one.months]
    assert [len(one.months) for one in longer] == [3, 3, 12]
    for recorded in longer:
        for seen in (view(), view(frozenset({"logistics"})), view(blind="3")):
            made = counts(recorded, seen)
            for part, whole in (
                ("received", "received"),
                ("closed", "closed"),
                ("ended", "score/timeliness"),
                ("met", "score/met"),
            ):
                months = [made.of(f"month/{part}/{month}") for month, _, _ in recorded.months]
                assert sum(map(len, months)) == len(made.of(whole))
            assert set(made.of(f"month/open/{recorded.months[-1][0]}")) == set(made.of("open"))


def test_the_months_of_a_year_say_what_each_month_says(periods: dict[str, Recorded]) -> None:
    """October in the year's table has the cases open that October's own report has."""
    year, month = (counts(periods[words], view()) for words in ("2026", "2026-10"))
    assert set(year.of("month/open/10")) == set(month.of("open"))
    assert len(year.of("month/ended/10")) == len(month.of("score/timeliness"))


def test_units_add_up_to_the_office(periods: dict[str, Recorded]) -> None:
    """What the heads' reports count together is what the whole office's counts, but for what no unit had yet."""
    for recorded in periods.values():
        whole = counts(recorded, view())
        each = [counts(recorded, view(frozenset({unit}))) for unit in UNITS]
        for code in ("received", "closed", "open", "overdue", "reopened", "score/timeliness", "score/faults"):
            nobody = [one for one in whole.of(code) if one.number not in {b.number for c in each for b in c.of(code)}]
            assert sum(len(one.of(code)) for one in each) + len(nobody) == len(whole.of(code))


def test_what_a_reader_must_not_see_stands_in_no_figure(periods: dict[str, Recorded]) -> None:
    """A case that its reader must not see changes no figure, no sum and no group."""
    for recorded in periods.values():
        made = counts(recorded, view(blind="7"))
        assert not [one.number for own in made.cases.values() for one in own if one.number.endswith("7")]


def test_periods_that_are_read_together_are_what_each_is_alone(store: Store) -> None:
    """A report reads no case twice for the period before and the year before, and nothing of them changes by that."""
    for words in ("2026-10", "2026-Q3", "2026"):
        period = parse_period(words)
        with store.reading() as books:
            made = read_periods(period, GM, ZONE, books)
        for one, alone, stock in (
            (made.now, period, True), (made.before, period.previous(), True),
            (made.year, period.year_before(), words == "2026"),
        ):  # fmt: skip
            with store.reading() as books:
                assert one == books.recorded(GM, alone, ZONE, stock=stock)
                assert list(one.stories) == sorted(one.stories)


def test_what_was_set_aside_since_was_open_then(store: Store) -> None:
    """A letter of February that turned out in March to be no feedback stays among those open at February's end."""
    before = counted(store, "2026-02", view()).cases
    came = {one.number for one in before["received"]} & {one.number for one in before["open"]}
    with store.writing() as books:
        case = books.case(min(came))
        assert case is not None
        aside = Event(kind="reclassified", at=LATER, actor="x@corp.example",
                      data={"type": "not-feedback", "was": case.type, "unit": case.unit})  # fmt: skip
        after = replace(case, state=State.SET_ASIDE, type="not-feedback")
        plan = Plan(cases=(after,), happenings=(Happening(number=case.number, event=aside),))
        books.save(plan, (), mailbox=GM, now=LATER)

    assert counted(store, "2026-02", view()).cases == before


def test_a_past_month_says_the_same_for_ever(store: Store) -> None:
    """What happens later changes nothing of a month that is over."""
    before = counted(store, "2026-02", view()).cases
    with store.writing() as books:
        for number in {one.number for own in before.values() for one in own}:
            case = books.case(number)
            assert case is not None
            retyped = Event(kind="reclassified", at=LATER, actor="x@corp.example",
                            data={"type": "unit-dispute", "was": case.type, "unit": "quality"})  # fmt: skip
            closed = Event(kind="closed", at=LATER, actor="x@corp.example", data={"outcome": "noted"})
            after = replace(case, state=State.CLOSED, type="unit-dispute", unit="quality")
            plan = Plan(cases=(after,), happenings=tuple(Happening(number=number, event=e) for e in (retyped, closed)))
            books.save(plan, (), mailbox=GM, now=LATER)

    assert counted(store, "2026-02", view()).cases == before
