"""Which attachments an order names."""

import pytest

from maild.domain.command import Command, Decision
from tests.domain.test_grammar import read

NAMED = [
    ("附件 2", "2"), ("附件2", "2"), ("附件 1、3", "1,3"), ("附件1-3", "1,2,3"), ("附件一、三", "1,3"),
    ("附件 2、附件 3", "2,3"), ("附件第2个", "2"), ("附件 全部", "all"), ("全部附件", "all"), ("附件都发我", "all"),
    ("请发附件2，谢谢", "2"), ("请把附件2发给我", "2"), ("发附件", "all"), ("attachment 2", "2"),
    ("send me attachment 2", "2"), ("Please send me attachments 1, 2 and 3", "1,2,3"), ("attachments 1-3 please", "1,2,3"),
    ("all attachments please", "all"), ("attachment no. 2", "2"),
]  # fmt: skip
SPEECH = [
    "附件", "附件 2 打不开", "附件2是合同", "附件二没有盖章", "附件1份", "附件共3个", "附件全部打不开", "没收到附件，麻烦重发",
    "attachment", "see attachment 2", "attachments are broken", "attachment 2 is the contract",
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), NAMED)
def test_an_order_names_attachments(text: str, numbers: str) -> None:
    """Numbers in any writing, each once and in order, or all of them."""
    result = read(text)

    assert (Decision.ACT, (Command(verb="attachment", list=numbers),)) == (result.decision, result.commands)


@pytest.mark.parametrize("text", SPEECH)
def test_speech_about_attachments_fetches_nothing(text: str) -> None:
    """What says something of an attachment is a note."""
    assert Decision.NOTE is read(text).decision


def test_a_list_of_attachments_below_an_answer_stays_in_it() -> None:
    """附件：1 under an answer says what goes along with it."""
    result = read("答复：已退款。\n附件：1")

    assert ["已退款。\n附件：1"] == [one.text for one in result.commands]


def test_taking_a_case_and_fetching_are_two_orders() -> None:
    """收到，附件 1、3 takes the case and fetches two files."""
    assert ["accept", "attachment"] == [one.verb for one in read("收到，附件 1、3").commands]
