"""Which cases go together in an erasure that is ordered by mail."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pytest

from maild.domain.case import Case
from maild.domain.erasure import family
from maild.workflow.erased import Ordered, line_for, one_with, ordered_by
from maild.workflow.facts import Facts
from tests.domain.test_retention import CASE


class Few:
    """Facts that know these cases."""

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = cases

    def case(self, number: str) -> Case | None:
        """The case of this number."""
        return self._cases.get(number)


ALONE = {name: replace(CASE, number=name) for name in ("A", "B", "C", "D")}
MERGED = ALONE | {
    "A": replace(ALONE["A"], absorbed=("B", "C"), links=("D",)), "B": replace(ALONE["B"], merged_into="A"),
    "C": replace(ALONE["C"], merged_into="A"), "D": replace(ALONE["D"], links=("A",)),
}  # fmt: skip
SPLIT = ALONE | {
    "A": replace(ALONE["A"], links=("B", "C", "D")), "B": replace(ALONE["B"], split_from="A", links=("A", "C")),
    "C": replace(ALONE["C"], split_from="A"), "D": replace(ALONE["D"], links=("A",)),
}  # fmt: skip


@pytest.mark.parametrize(("cases", "together"), [(ALONE, "A"), (MERGED, "ABC"), (SPLIT, "ABC")])
def test_what_is_asked_by_links_is_what_the_whole_database_says(cases: Mapping[str, Case], together: str) -> None:
    """From each of them the same: merged ones and parts of one letter, and none that is only linked."""
    facts = cast("Facts", Few(cases))
    for number in cases:
        expected = set(together) if number in together else {number}
        assert expected == {one.number for one in one_with(cases[number], facts)} == family(number, cases.values())


def test_an_order_is_remembered_whole() -> None:
    """What a line of the database brings back is what was ordered."""
    ordered = Ordered(
        number="A", numbers=("A", "B"), by="lin@corp.example", reason="来信人要求", message_id="<1@a.example>"
    )

    assert ordered == ordered_by(line_for(ordered))
