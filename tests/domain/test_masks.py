"""Personal data in texts: what is masked, and everything that only looks like it."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.maskdigits import is_card, is_identity
from maild.domain.maskrules import Mask, Masks, together
from maild.domain.masks import PLAIN, Kind, Look, Minors, Numbered, masked, masked_cell, masked_data

EVERY = Look(
    kinds=frozenset(Kind), records=(Numbered(words=("病历号", "住院号")), Numbered(shape="ZY########")),
    minors=Minors(before=("学生", "儿子", "女儿"), behind=("同学", "小朋友")),
)  # fmt: skip
MASKED = {
    "身份证110101199003077774": "身份证110***********7774",
    "身份证号：11010119900307777X。": "身份证号：110***********777X。",
    "我是1101011990 0307 7774": "我是110******* **** 7774",
    "证件号码 110105900307777": "证件号码 110********7777",
    "１１０１０１１９９００３０７７７７４": "１１０***********７７７４",
    "卡号 6222 0212 3456 7890 128": "卡号 **** **** **** ***0 128",
    "卡 4111 1111 1111 1111 123": "卡 **** **** **** 1111 123",
    "2026 6222021234567890128 1": "2026 ***************0128 1",
    "退到4111-1111-1111-1111，谢谢": "退到****-****-****-1111，谢谢",
    "手机13800138000。": "手机138****8000。",
    "我的电话:138 0013 8000": "我的电话:138 **** 8000",
    "１３８００１３８０００": "１３８****８０００",
    "座机 021-62345678": "座机 021-****5678",
    "电话：62345678": "电话：623*5678",
    "call +1 415 555 2671": "call +1 41* *** 2671",
    "护照号 E12345678": "护照号 E******78",
    "港澳通行证：C12345678": "港澳通行证：C******78",
    "病历号：A0012345，": "病历号：******45，",
    "住院号ZY20240017已出院": "住院号********17已出院",
    "见 ZY20240017": "见 ********17",
    "学生张小明在操场摔伤": "学生张**在操场摔伤",
    "我女儿李诗雨，四年级": "我女儿李**，四年级",
    "王小雨同学很好": "王**同学很好",
}  # fmt: skip
FRIENDS = [
    "订单 88231", "订单号6222021234567890128", "订单编号：4111111111111111", "order no. 4111 1111 1111 1111", "订单13800138000",
    "发票号码 25442000000123456789", "发票号 110105900307777", "运单号 SF1234567890123", "快递单号 75312345678901",
    "JD0123456789012", "YT8876543210987", "tracking 1Z999AA10123456784", "物流单号：13912345678", "流水号 4111111111111111",
    "GM-2026-000142-7KQ2M9XW", "GM-2026-000142", "2026-11-24 09:30:00", "20261124093012", "1764150000000", "¥13,800.00",
    "400-820-8820", "800 810 8888", "95588", "110101199003077775", "330101199002307774", "4111111111111112",
    "110105900307777", "E12345678", "型号 C12345678", "192.168.100.200", "合同编号 13812345678", "版本 1.3.8.0.0.1",
    "9787111213826", "ISBN 978-7-111-21382-6", "批次 62220212345678", "学生张贴了海报", "同学们好", "三年级二班同学", "病历号未填",
    "住院号：无", "d41d8cd98f00b204e9800998ecf8427e", "66.6%", "№ 123456789012345", "奖金+2000元",
    "涨幅 +1234", "编号 0012345",
]  # fmt: skip


@pytest.mark.parametrize("text", MASKED)
def test_personal_data_is_masked(text: str) -> None:
    """However it is written; what tells two apart stays, and the text stays as long as it was."""
    done = masked(text, EVERY)

    assert done == MASKED[text]
    assert len(done) == len(text)


@pytest.mark.parametrize("text", FRIENDS)
def test_a_number_of_a_thing_is_never_masked(text: str) -> None:
    """Orders, parcels, invoices, cases, times, hotlines, and numbers whose check digit is wrong stay as they are."""
    assert masked(text, EVERY) == text


def test_every_order_number_of_the_house_stays() -> None:
    """Whatever word and sign stand in front, no five to twelve digits behind it are taken for a person's."""
    random_ = random.Random(7)
    for word, sign in product(
        ("订单", "订单号", "单号", "发票号码", "运单号", "快递", "order", "invoice #"), ("", " ", "：", ":", "为", "（")
    ):
        for length in range(5, 20):
            text = f"{word}{sign}{random_.choice('123456789')}{''.join(random_.choices('0123456789', k=length - 1))}"
            assert masked(text, EVERY) == text, text


def test_the_check_digits_are_the_standards() -> None:
    """Of ten numbers that differ in the last digit one is a card, of eleven one an identity number."""
    assert 1 == sum(is_card(f"411111111111111{digit}") for digit in range(10))
    assert 1 == sum(is_identity(f"11010119900307777{digit}") for digit in "0123456789X")
    assert not is_identity("110101199002307774")


def test_only_the_kinds_asked_for_are_masked() -> None:
    """A telephone stays where only identity numbers are masked."""
    text = "身份证110101199003077774，手机13800138000"

    assert masked(text, PLAIN) == "身份证110***********7774，手机13800138000"
    assert masked(text, Look()) == text


def test_plain_data_is_masked_but_what_is_excepted() -> None:
    """Lists and dictionaries keep their form, and what stands under an excepted name its text."""
    said = {"text": ["手机13800138000", {"phones": "13800138000"}], "n": 3, "none": None}

    assert masked_data(said, EVERY, frozenset({"phones"})) == {
        "text": ["手机138****8000", {"phones": "13800138000"}], "n": 3, "none": None,
    }  # fmt: skip


def test_who_sees_a_kind_is_said_by_its_row() -> None:
    """A reader is spared the masks of the rows that name them, and of no other."""
    rules = Masks(
        masks=(Mask(kinds=("id-card",), seen_by=("handler", "hr")), Mask(kinds=("phone",), seen_by=("unit",)))
    )

    assert rules.look("hr".__eq__).kinds == {Kind.PHONE}
    assert rules.look("unit".__eq__).kinds == {Kind.IDENTITY}
    assert rules.look("gm".__eq__).kinds == {Kind.IDENTITY, Kind.PHONE}


@given(st.text(alphabet="0123456789 -Xx０１Ｘ号订单电话身份证卡a.+()（），", max_size=60))
def test_masking_changes_nothing_but_signs(text: str) -> None:
    """Of any text the length stays, and each sign is as it was or a star."""
    done = masked(text, EVERY)

    assert len(done) == len(text)
    assert all(new in {old, "*"} for new, old in zip(done, text, strict=True))


def test_a_header_is_the_word_in_front_of_its_cells() -> None:
    """In a table the header says what a cell holds; the cell alone comes back, and an order's number stays."""
    assert [("******45", "ZY-1"), ("A0012345", ""), ("110***********7774", "4111111111111111")] == [
        (masked_cell(head, cell, EVERY), masked_cell(next_head, other, EVERY))
        for head, cell, next_head, other in (
            ("病历号", "A0012345", "备注", "ZY-1"), ("序号", "A0012345", "备注", ""),
            ("内容", "110101199003077774", "订单号", "4111111111111111"),
        )
    ]  # fmt: skip


def test_who_is_nobody_sees_no_kind_that_the_office_masks() -> None:
    """For a command line everything is masked that any row names, and what needs no pack, whoever sees it."""
    own = Masks(masks=(Mask(kinds=("phone",), seen_by=("handler", "hr")),), records=EVERY.records)

    assert own.for_nobody() == Look(kinds=PLAIN.kinds | {Kind.PHONE}, records=EVERY.records)
    assert together((own.for_nobody(), EVERY)) == EVERY
    assert together(()) == PLAIN
