"""When a case is due, and what is left of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.domain.case import Case, Requester, State
from maild.domain.erasure import families
from maild.domain.retention import Age, Goes, Keep, Retention, due, read_age

CLOSED = datetime(2024, 2, 29, 9, tzinfo=UTC)
CASE = Case(
    number="GM-2024-000001", pack="gm-mailbox", mailbox="gm@corp.example", type="customer-complaint",
    state=State.CLOSED, requester=Requester(address="a@b.example"), received=CLOSED, closed_at=CLOSED,
    last_human_event=CLOSED,
)  # fmt: skip
KEPT = Retention(retention=(
    Keep(after="90 天", erase=Goes.EVERYTHING, types=("not-feedback",)), Keep(after="3 年", erase=Goes.PERSON),
))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "age"),
    [("90 days", Age(days=90)), ("90天", Age(days=90)), ("6 个月", Age(months=6)), ("3 years", Age(months=36)),
     ("2 周", Age(days=14)), ("1 Year", Age(months=12))],
)  # fmt: skip
def test_a_length_is_read_in_both_languages(said: str, age: Age) -> None:
    """Days, weeks, months and years."""
    assert age == read_age(said)


@pytest.mark.parametrize("said", ["", "0 years", "soon", "三年", "3 working days"])
def test_what_is_no_length_is_told(said: str) -> None:
    """The sentence gives examples."""
    with pytest.raises(ValueError, match="write for instance 90 days, 6 months or 3 years"):
        read_age(said)


def test_years_count_by_the_calendar() -> None:
    """Three years after the 29th of February are the 28th."""
    assert datetime(2027, 2, 28, 9, tzinfo=UTC) == Age(months=36).after(CLOSED)


def test_the_first_row_that_fits_decides() -> None:
    """A complaint is due three years after its end."""
    assert (KEPT.retention[1], datetime(2027, 2, 28, 9, tzinfo=UTC)) == due([CASE], KEPT)


@pytest.mark.parametrize("change", [{"hold": "lawsuit"}, {"state": State.IN_PROGRESS}])
def test_what_is_held_or_open_keeps_all_that_is_one_with_it(change: dict[str, object]) -> None:
    """One held or open case of a family and none of them is due."""
    other = replace(CASE, number="GM-2024-000002", **change)  # type: ignore[arg-type]

    assert due([CASE, other], KEPT) is None


def test_the_last_end_counts_for_all_that_is_one() -> None:
    """A family is due when its last case is."""
    later = replace(CASE, number="GM-2024-000002", closed_at=datetime(2025, 1, 1, tzinfo=UTC))

    assert datetime(2028, 1, 1, tzinfo=UTC) == (due([CASE, later], KEPT) or (None, None))[1]


def test_a_type_without_a_row_is_kept_for_good() -> None:
    """Nothing is erased that no row names."""
    assert due([CASE], Retention(retention=KEPT.retention[:1])) is None


def test_merged_and_split_cases_are_one() -> None:
    """Whatever way leads from one to the other."""
    merged = replace(CASE, number="2", merged_into="1")
    split = replace(CASE, number="3", split_from="2")
    apart = replace(CASE, number="4", links=("1",))

    found = families([replace(CASE, number="1", absorbed=("2",)), merged, split, apart])

    assert {frozenset("123"), frozenset("4")} == set(found)
