"""Lines in answer to the digest about mail that was set aside."""

import pytest

from maild.domain.command import Decision
from tests.domain.test_grammar import read

LINES = [
    ("142 客气话", "polite", None), ("142 屏蔽", "block", None), ("142 屏蔽30天", "block", None),
    ("142 解除屏蔽", "unblock", None), ("142 是反馈：客户建议", "type", "customer-suggestion"),
    ("142 polite sentence", "polite", None), ("142 block sender for 30 days", "block", None),
    ("142 unblock sender", "unblock", None), ("142 feedback: customer suggestion", "type", "customer-suggestion"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verb", "kind"), LINES)
def test_a_line_says_what_becomes_of_one_mail(text: str, verb: str, kind: str | None) -> None:
    """The number, and one word."""
    result = read(text, "digest")

    assert (Decision.ACT, [("142", verb, kind)]) == (
        result.decision, [(one.case, one.verb, one.type) for one in result.commands],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["屏蔽", "客气话", "block sender", "解除屏蔽"])
def test_elsewhere_these_words_order_nothing(text: str) -> None:
    """In answer to an assignment they are a note."""
    assert Decision.NOTE is read(text).decision


def test_two_lines_are_two_orders() -> None:
    """Each to its own mail."""
    assert [("142", "polite"), ("143", "block")] == [
        (one.case, one.verb) for one in read("142 客气话\n143 屏蔽", "digest").commands
    ]
