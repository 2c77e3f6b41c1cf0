"""What would leave of a sealed letter holds no name, address, number or signature, and says what was cut (security.md)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.domain.case import Case, KnownBy, Requester, State
from maild.domain.inshort import in_short
from maild.mail.redact import AT, NAME, NUMBER, SIGNATURE, Cut, redacted

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
KNOWN = KnownBy(names=("龙晓雯", "Long Xiaowen"), addresses=("longxw1987@mail-a.example",), numbers=("A102317",),
                lines=("包装车间二班",))  # fmt: skip


def case() -> Case:
    """A sealed case of somebody known by all of that."""
    return Case(
        number="GM-2026-000001", pack="gm-mailbox", mailbox="gm@corp.example", type="staff-complaint",
        state=State.ASSIGNED, requester=Requester(address="longxw1987@mail-a.example", name="龙晓雯"), received=NOW,
        confidential=True, alias="7F3K", known_by=KNOWN, last_human_event=NOW,
    )  # fmt: skip


CUT: list[object] = [
    pytest.param("我是龙晓雯，班长骂我。", "我是[已隐去]，班长骂我。", NAME, id="name"),
    pytest.param("我是龙 晓 雯。", "我是[已隐去]。", NAME, id="name-with-spaces"),
    pytest.param("写 longxw1987@mail-a.example 找我", "写 [已隐去] 找我", AT, id="address"),
    pytest.param("也可写 friend@mail-b.example 给她", "也可写 [已隐去] 给她", AT, id="any-address"),
    pytest.param("微信 longxw1987 联系", "微信 [已隐去] 联系", NUMBER, id="local-part"),
    pytest.param("电话138 0000 7788。", "电话[已隐去]。", NUMBER, id="telephone"),
    pytest.param("工号A102317的牌子", "工号[已隐去]的牌子", NUMBER, id="staff-number"),
    pytest.param("工号：B77，被记了三次", "工号：[已隐去]，被记了三次", NUMBER, id="another-staff-number"),
    pytest.param("身份证 110101199003078888", "身份证 [已隐去]", NUMBER, id="identity"),
    pytest.param("我是龍曉雯，二班的", "我是[已隐去]，二班的", NAME, id="traditional"),
    pytest.param("Xiaowen Long是我", "[已隐去]是我", NAME, id="pinyin"),
    pytest.param("班长叫我晓雯，骂我", "班长叫我[已隐去]，骂我", NAME, id="given-name"),
    pytest.param("小龙昨天没来", "[已隐去]昨天没来", NAME, id="familiar"),
    pytest.param("大家叫我龙姐，他骂我", "大家叫我[已隐去]，他骂我", NAME, id="called-sister"),
    pytest.param("龙某雯就是我", "[已隐去]就是我", NAME, id="half-hidden-by-herself"),
    pytest.param("he calls me Ms. Long every day", "he calls me [removed] every day", NAME, id="ms"),
    pytest.param("打１３８００００７７８８找我", "打[已隐去]找我", NUMBER, id="full-width"),
    pytest.param("打+86-138.0000.7788找我", "打[已隐去]找我", NUMBER, id="country-code"),
    pytest.param("打一三八零零零零七七八八找我", "打[已隐去]找我", NUMBER, id="chinese-digits"),
    pytest.param("护照E12345678被他扣了", "护照[已隐去]被他扣了", NUMBER, id="passport"),
    pytest.param("我的车粤B12345被划了", "我的车[已隐去]被划了", NUMBER, id="number-plate"),
    pytest.param("写 longxw1987＠mail-a.example 找我", "写 [已隐去] 找我", AT, id="full-width-address"),
    pytest.param("My name is Long Xiaowen and nobody helps.", "My name is [removed] and nobody helps.", NAME, id="english"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "left", "what"), CUT)
def test_what_tells_who_wrote_is_cut_and_counted(text: str, left: str, what: str) -> None:
    """The words around it stay as they are, and the list says what was taken out of which paragraph."""
    done = redacted([text], case())

    assert ((left,), (Cut(part=1, what=what, count=1),)) == (done.parts, done.cuts)


STAYS = [
    "班长覃大勇从10月12日起骂我，3次没有热水。",
    "订单88231三周没有发货。",
    "夜班只有我一个女员工。",
    "金额是12800元，见第2段。",
    "见2026年11月24日的记录，单号GM-2026-000142。",
    "他叫我写新版a4文件，说了三四五六次。",
]


@pytest.mark.parametrize("text", STAYS)
def test_other_words_stay(text: str) -> None:
    """Dates, sums and whom the letter complains of are what it is about; that they betray her only a person can see."""
    assert ((text,), ()) == ((done := redacted([text], case())).parts, done.cuts)


def test_whom_the_letter_complains_of_stays_though_called_alike() -> None:
    """The complainant is a 龙, and so is 龙哥, whom she complains of."""
    done = redacted(["龙哥骂我，龙姐。"], replace(case(), names=("龙哥",)))

    assert ("龙哥骂我，[已隐去]。",) == done.parts


@pytest.mark.parametrize(
    "end", ["\n\n龙晓雯\n包装车间二班 13800007788", "\n\n此致\n包装车间二班\n2026年11月24日", "\n\n龙晓雯\n包装车间\n"]
)
def test_the_signature_goes_as_a_whole(end: str) -> None:
    """Name, unit and telephone below the letter become one mark."""
    done = redacted([f"宿舍没有热水。\n\n请检修。{end}"], case())

    assert ("宿舍没有热水。", "请检修。") == done.parts[:2]
    assert "[已隐去]" in done.parts[-1]
    assert not any(word in "".join(done.parts) for word in ("龙晓雯", "包装车间", "138"))
    assert SIGNATURE in {cut.what for cut in done.cuts}


def test_paragraphs_are_numbered_over_all_letters() -> None:
    """Parted by empty lines, or by lines where a telephone makes none."""
    done = redacted(["一行\n二行", "第一段\n还是第一段\n\n第二段"], case())

    assert ("一行", "二行", "第一段\n还是第一段", "第二段") == done.parts


ORDERS = [
    ("摘要：热水停供", ("", "热水停供")),
    ("周五前答复。摘要：热水停供，请检修。", ("周五前答复", "热水停供，请检修。")),
    ("please check, abstract: No hot water", ("please check", "No hot water")),
    ("请写个摘要给我", ("请写个摘要给我", "")),
    ("", ("", "")),
]


@pytest.mark.parametrize(("text", "parted"), ORDERS)
def test_an_order_may_bring_its_abstract_along(text: str, parted: tuple[str, str]) -> None:
    """转 物流部 摘要：… says both what to do and what may be known."""
    assert parted == in_short(text)
