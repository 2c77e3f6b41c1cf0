"""What a person says of a numbered list of proposals."""

import pytest

from maild.domain.ruling import read_ruling

SHOWN = range(1, 6)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("全部同意", {1, 2, 3, 4, 5}, set()),
        ("同意", {1, 2, 3, 4, 5}, set()),
        ("都不同意：依据不足", set(), {1, 2, 3, 4, 5}),
        ("1、3 同意，2 不同意：已经说明原因", {1, 3}, {2}),
        ("同意 1-3，其余不同意", {1, 2, 3}, {4, 5}),
        ("2 不批准，其他批准。谢谢", {1, 3, 4, 5}, {2}),
        ("approve 1, 3; decline 2", {1, 3}, {2}),
        ("approve all", {1, 2, 3, 4, 5}, set()),
        ("不同意 4", set(), {4}),
        ("已发放 1、2", {1, 2}, set()),
        ("全部已发放", {1, 2, 3, 4, 5}, set()),
        ("1 同意\n2 不同意", {1}, {2}),
        ("同意。\n\n陈国栋\n总经理", {1, 2, 3, 4, 5}, set()),
    ],
)
def test_a_clear_word_decides(text: str, yes: set[int], no: set[int]) -> None:
    """Numbers, 全部, 其余 and a bare 同意 mean what an office means by them."""
    ruling = read_ruling(text, SHOWN)

    assert ruling is not None
    assert (set(ruling.yes), set(ruling.no)) == (yes, no)


@pytest.mark.parametrize(
    "text",
    [
        "", "再看看", "同意你的看法，但第2条再议", "6 同意", "1 同意，1 不同意", "如果属实就同意", "不知道同不同意",
        "同意1吗？", "他们说全部同意", "请说明第2条的依据", "approved by whom?", "I would approve 1 later",
        "同意的话下周再说", "批准了吗", "同意延期",
    ],
)  # fmt: skip
def test_what_is_not_clear_decides_nothing(text: str) -> None:
    """A question, a condition, somebody else's word, a number that was not shown, or two words for one number."""
    assert read_ruling(text, SHOWN) is None


def test_a_reason_is_kept() -> None:
    """What stands behind the colon of a no goes into the ledger."""
    ruling = read_ruling("2 不同意：当天停电，系统不可用", SHOWN)

    assert ruling is not None
    assert ruling.reason == "当天停电，系统不可用"
