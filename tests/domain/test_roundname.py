"""发起 and start: which round is meant, and what is no order at all."""

from datetime import UTC, datetime

import pytest

from maild.domain.command import Answers, Decision
from maild.domain.form import Form, FormField
from maild.domain.formround import Entry, Rounds
from maild.domain.grammar import understand
from maild.domain.roundname import round_meant, round_names, rounds_near
from maild.domain.rule import Bilingual
from tests.domain.office import index


def _named(ident: str, zh: str, en: str, form: str) -> Entry:
    return Entry(id=ident, name=Bilingual(zh=zh, en=en), form=form, type="directive", when="monthly", to=("hr",),
                 owner="hr")  # fmt: skip


def _form(ident: str, zh: str, en: str) -> Form:
    field = FormField(id="item", name=Bilingual(zh="事项", en="Item"))
    return Form(id=ident, name=Bilingual(zh=zh, en=en), fields=(field,))


ROUNDS = Rounds(
    forms=(_form("test", "体验测试记录表", "Experience record"), _form("sales", "销售反馈表", "Sales feedback")),
    rounds=(
        _named("experience-quarterly", "季度体验测试", "Quarterly experience test", "test"),
        _named("sales-monthly", "月度销售反馈", "Monthly sales feedback", "sales"),
        _named("sales-quarterly", "季度销售反馈", "Quarterly sales feedback", "sales"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("发起 季度体验测试", "experience-quarterly"), ("发起季度体验测试。谢谢", "experience-quarterly"),
        ("请发起：體驗測試", "experience-quarterly"), ("发起一轮体验测试记录表", "experience-quarterly"),
        ("start experience-quarterly", "experience-quarterly"), ("Please start the quarterly experience test now.", "experience-quarterly"),
        ("start form Monthly sales feedback", "sales-monthly"), ("发起 月度销售反馈吧", "sales-monthly"),
        ("发起 销售反馈表", ""), ("发起 季度体验测式", ""), ("发起：春游", ""),
    ],
)  # fmt: skip
def test_the_round_is_found_by_what_it_is_called(text: str, meant: str) -> None:
    """An id, a name or the larger part of one is an order; of a slip, or where two fit, no round is meant."""
    said = understand(text, answers=Answers.NONE, names=index(), now=datetime(2026, 11, 26, 10, tzinfo=UTC),
                      rounds=round_names(ROUNDS))  # fmt: skip
    assert (said.decision, [one.verb for one in said.commands]) == (Decision.ACT, ["start-round"])
    entry = round_meant(said.commands[0].text, ROUNDS)
    assert (entry.id if entry else "") == meant


@pytest.mark.parametrize(
    "text",
    [
        "发起退款后客户已确认收款", "已发起季度体验测试", "先不要发起季度体验测试", "发起 测试", "Start replacing the line tomorrow",
        "如果客户同意就发起季度体验测试", "发起人是王强",
    ],
)  # fmt: skip
def test_other_words_start_no_round(text: str) -> None:
    """What speaks of something else, of the past, or with a condition is no order."""
    said = understand(text, names=index(), now=datetime(2026, 11, 26, 10, tzinfo=UTC), rounds=round_names(ROUNDS))
    assert not any(one.verb == "start-round" for one in said.commands)


def test_the_nearest_rounds_come_first() -> None:
    """A slip leads to what is most like it; words that are like nothing lead to all."""
    assert rounds_near("季度体验测式", ROUNDS)[0].id == "experience-quarterly"
    assert rounds_near("春游", ROUNDS) == ROUNDS.rounds
