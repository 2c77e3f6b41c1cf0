"""What the coordinator writes under a list of waiting letters: read in exactly one way, or not at all."""

import pytest

from maild.domain.letgo import read_wish

NUMBERS = range(1, 6)
READ = [
    ("放行", {1, 2, 3, 4, 5}, set()),
    ("全部放行。谢谢", {1, 2, 3, 4, 5}, set()),
    ("放行 1、3-5，不发 2", {1, 3, 4, 5}, {2}),
    ("1 3 放行，其余不发", {1, 3}, {2, 4, 5}),
    ("第1项、第3项放行吧", {1, 3}, set()),
    ("放行 1\n不发 2\n\n林晓月", {1}, {2}),
    ("不发全部", set(), {1, 2, 3, 4, 5}),
    ("Please release 2 and 4, thanks", {2, 4}, set()),
    ("release 1, 3-5; drop the rest", {1, 3, 4, 5}, {2}),
    ("don't send 2", set(), {2}),
]
UNREAD = ["", "好的", "不发", "先不要放行 2", "放行 9", "放行 1，但是 2 不发", "放行1和1不发", "发送给物流部", "release 1 later",
          "send me the letter", "放行 1\n2 也放行", "已放行"]  # fmt: skip


@pytest.mark.parametrize(("text", "go", "drop"), READ, ids=[row[0] for row in READ])
def test_an_order_about_a_list_is_read(text: str, go: set[int], drop: set[int]) -> None:
    """Chinese and English, numbers before or behind, ranges, the rest, both in one mail."""
    wish = read_wish(text, NUMBERS)

    assert wish is not None
    assert (set(wish.yes), set(wish.no)) == (go, drop)


@pytest.mark.parametrize("text", UNREAD, ids=UNREAD)
def test_what_could_mean_something_else_releases_nothing(text: str) -> None:
    """Unknown numbers, both at once, a condition, another sentence: nothing is done."""
    assert read_wish(text, NUMBERS) is None
