"""Who is meant by the list of a directive, and what a receiver has signed."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.domain.circulation import Item, item_of, unsigned, with_item, with_step
from maild.domain.receivers import receivers_in, receivers_of
from tests.domain.sample import index

INDEX = index()
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HEADS = {"生产部": "zhao.weidong", "物流部": "he.zhiqiang", "销售部": "ma.jun", "财务部": "zheng.wen"}


def heads(*units: str) -> list[str]:
    """The addresses of these units' heads."""
    return [f"{HEADS[unit]}@corp.example" for unit in units]


def receivers(text: str) -> list[str]:
    """Who is meant by a whole letter."""
    return [item.receiver for item in receivers_in(text, INDEX, coordinator="gm-office")]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("各部门负责人：\n明天盘点。\n发：生产部、物流部、销售部。", ("生产部", "物流部", "销售部")),
        ("明天盘点。发至：物流部，财务部", ("物流部", "财务部")),
        ("主送: 生产部 销售部\n\n明天盘点。", ("生产部", "销售部")),
        ("生产部、物流部：\n请于周五前完成。", ("生产部", "物流部")),
        ("To: Logistics and Sales\n\nStocktaking on Friday.", ("物流部", "销售部")),
        ("分送：何志强、马骏\n明天盘点。", ("物流部", "销售部")),
    ],
)
def test_the_list_of_a_directive_is_read(text: str, units: tuple[str, ...]) -> None:
    """A distribution line names the receivers, by unit or by person; without one the salutation does."""
    assert receivers(text) == heads(*units)


@pytest.mark.parametrize(
    "text",
    [
        "请看下面的来信。\n\nFrom: Li Na\nSent: Monday\nTo: Logistics and Sales\nSubject: Truck\n\nIt is broken.",
        "请看。\n\nTo: Zhao Weidong <zhao.weidong@corp.example>\nSubject: Truck\n\nIt is broken.",
        "检查安排如下。\n范围：物流部仓库内的全部消防设施\n时间：周五",
    ],
)
def test_a_line_that_only_looks_like_a_list_is_none(text: str) -> None:
    """The head of a forwarded mail and the scope of an inspection say nothing of who receives a directive."""
    assert receivers(text) == []


def test_the_scope_of_a_matter_does_not_narrow_the_salutation() -> None:
    """各部门负责人 stay the receivers where a later line says what is inspected."""
    found = receivers("各部门负责人：\n周五消防检查。\n范围：物流部仓库内的全部消防设施")

    assert set(heads(*HEADS)) <= set(found)


def test_all_departments_are_their_heads_once_each() -> None:
    """各部门 is every unit that a department head leads, nobody twice, without the office that issues it."""
    found = receivers("各部门：\n明天盘点。")

    assert set(heads(*HEADS)) <= set(found)
    assert len(found) == len(set(found))
    assert "lin.xiaoyue@corp.example" not in found
    assert "chen.guodong@corp.example" not in found


@pytest.mark.parametrize(
    "text",
    ["明天盘点，物流部和销售部上次做得不好。", "各位同事：\n明天盘点。", "", "物流部的车坏了：请派人来修。\n谢谢"],
)
def test_a_unit_that_is_only_spoken_of_is_no_receiver(text: str) -> None:
    """What stands neither in a list nor in the salutation receives nothing."""
    assert receivers(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "发：各部门（物流部、财务部除外）\n\n明天盘点。",
        "明天盘点。\n发至：除物流部、财务部外的各部门。",
        "各部门（不含物流部和财务部）：\n明天盘点。",
        "To: all departments except Logistics and Finance\n\nStocktaking on Friday.",
    ],
)
def test_who_is_left_out_receives_nothing(text: str) -> None:
    """除外, 除…外, 不含 and except take out of 各部门 whom they name, and nobody else."""
    found = receivers(text)

    assert set(heads("生产部", "销售部")) <= set(found)
    assert not set(heads("物流部", "财务部")) & set(found)


@pytest.mark.parametrize("text", ["发：各部门（火星部除外）", "发：生产部、物流部除外", "各部门（请假的除外）：\n盘点"])
def test_a_list_that_leaves_out_nobody_knows_whom_means_nobody(text: str) -> None:
    """Where it is not clear who is left out, nothing goes round by itself."""
    assert receivers(text) == []


def test_the_writer_is_no_receiver_of_their_own_letter() -> None:
    """Whoever issues it is left out of 各部门."""
    found = receivers_of("各部门", INDEX, apart=heads("物流部"), coordinator="gm-office")

    assert heads("物流部")[0] not in [item.receiver for item in found]


def test_steps_imply_what_went_before() -> None:
    """Carried out is passed on and received; studied is received, not passed on; a first time stays."""
    item = with_step(Item(receiver="a@corp.example"), "received", NOW)
    done = with_step(item, "done", NOW + timedelta(hours=1))
    studied = with_step(Item(receiver="a@corp.example"), "studied", NOW)

    assert [step for step, _ in done.signed] == ["received", "relayed", "done"]
    assert done.at("received") == NOW
    assert [step for step, _ in studied.signed] == ["received", "studied"]
    assert studied.owes(("relayed", "done")) == ("relayed", "done")


def test_a_returned_mail_is_healed_by_a_signature() -> None:
    """Whoever signs has the letter after all."""
    assert not with_step(Item(receiver="a@corp.example", returned=True), "received", NOW).returned


def test_a_person_signs_their_own_item_first() -> None:
    """Who receives for a unit and stands in for another signs the own one; only then the other's."""
    one = Item(receiver="a@corp.example", beside=("b@corp.example",))
    other = Item(receiver="b@corp.example")

    assert item_of((one, other), ("b@corp.example",)) == other
    assert item_of((one,), ("b@corp.example",)) == one
    assert item_of((one, other), ("c@corp.example",)) is None


def test_nobody_owes_when_all_have_signed() -> None:
    """The round is over when no item owes any step."""
    items = (Item(receiver="a@corp.example"), Item(receiver="b@corp.example"))
    first = with_item(items, with_step(items[0], "done", NOW))

    assert unsigned(first, ("relayed", "done")) == (items[1],)
    assert unsigned(with_item(first, with_step(items[1], "done", NOW)), ("relayed", "done")) == ()
