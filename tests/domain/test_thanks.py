"""Thanks and receipts of requesters."""

import pytest

from maild.domain.thanks import only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "退款收到了，谢谢。",
        "Thanks!",
        "好的,辛苦了",
        "Thank you very much, it works now.",
        "OK",
        "谢谢！",
        "已收到",
        "收到，感谢你们的帮助",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    """A mail that only thanks or confirms receipt neither reopens nor starts a clock."""
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "谢谢，但是还没到",
        "退款没收到",
        "收到一个坏的",
        "收到回执，谢谢。补充：签收单找到了",
        "谢谢。什么时候能到？",
        "",
        "Thanks, but it still does not work",
        "ok when will it come",
        "收到，请尽快处理",
        "x" * 500,
    ],
)
def test_in_doubt_it_is_more_than_thanks(text: str) -> None:
    """A demand, a question or news is never taken for thanks."""
    assert not only_thanks(text)
