"""How the words under 拆分 are read, and which paragraphs of a letter are numbered."""

import pytest

from maild.domain.splitting import member_meant, paragraphs, paragraphs_meant, parts_of
from tests.domain.sample import index


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("物流部 送货慢; 财务部 发票没开", [("物流部", "送货慢"), ("财务部", "发票没开")]),
        ("物流部 送货慢；财务部 发票没开。", [("物流部", "送货慢"), ("财务部", "发票没开")]),
        ("1. 物流部：送货慢\n2. 财务部：发票没开", [("物流部", "送货慢"), ("财务部", "发票没开")]),
        ("财务部发票没开", [("财务部", "发票没开")]),
        ("Logistics slow delivery; Finance no invoice", [("物流部", "slow delivery"), ("财务部", "no invoice")]),
        ("送货慢；发票没开", [(None, "送货慢"), (None, "发票没开")]),
        ("物流慢；质量太差", [(None, "物流慢"), (None, "质量太差")]),
        ("何志强 送货慢", [("he.zhiqiang@corp.example", "送货慢")]),
        ("", []),
        ("；；", []),
    ],
)
def test_matters_are_read_with_their_units(text: str, parts: list[tuple[str | None, str]]) -> None:
    """A unit counts by its full name, or set off by a mark; a word that only begins like one names nobody."""
    assert parts == [(p.unit or p.person, p.text) for p in parts_of(text, index())]


def test_a_name_that_fits_several_is_told() -> None:
    """张三 is two people: nobody is guessed."""
    assert parts_of("张三 送货慢", index())[0].several


def test_an_address_of_nobody_is_told() -> None:
    """What is sent outside the directory is refused by its address."""
    assert "x@y.example" == parts_of("x@y.example 送货慢", index())[0].stranger


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", (2,)), ("第2段", (2,)), ("第2、3段", (2, 3)), ("第2段：发票没开", (2,)), ("point 2: no invoice", (2,)),
        ("2件事", ()), ("物流部 2", ()), ("142", ()), ("", ()),
    ],
)  # fmt: skip
def test_paragraphs_are_meant_by_number(text: str, numbers: tuple[int, ...]) -> None:
    """第2、3段 and a bare 2 are paragraphs; three figures are a case."""
    assert numbers == paragraphs_meant(text)


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("142", "142"),
        ("142号", "142"),
        ("#142", "142"),
        ("GM-2026-000142", "GM-2026-000142"),
        ("42", ""),
        ("物流部", ""),
    ],
)
def test_a_member_is_meant_by_its_number(text: str, case: str) -> None:
    """Of many letters led as one, one is named by its number."""
    assert case == member_meant(text)


@pytest.mark.parametrize(
    ("letter", "found"),
    [
        ("您好：\n1. 送货慢\n2. 发票没开\n\n盼复", ["送货慢", "发票没开"]),
        ("一、送货慢，\n三周没到。\n二、发票没开。", ["送货慢，\n三周没到。", "发票没开。"]),
        ("（1）送货慢\n（2）发票没开", ["送货慢", "发票没开"]),
        ("①送货慢\n②发票没开", ["送货慢", "发票没开"]),
        ("1. 送货慢\n3. 发票没开", []),
        ("1.5倍工资没发\n2. 加班", []),
        ("送货慢，发票没开", []),
    ],
)
def test_numbered_paragraphs_are_found(letter: str, found: list[str]) -> None:
    """Numbers that count on from one, two at least; the end of the letter belongs to none."""
    assert found == list(paragraphs(letter))
