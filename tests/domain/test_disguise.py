"""However a name, an address or a number is written, the seal finds it (P3.5.7)."""

from datetime import UTC, datetime

import pytest

from maild.domain.alias import hidden, sought
from maild.domain.case import Case, KnownBy, Requester, State
from maild.domain.disguise import plain
from maild.domain.erasure import Words
from maild.domain.pinyin import readings

KNOWN = KnownBy(
    names=("張國強",), addresses=("zgq1987@mail-a.example", "zhang.guoqiang@corp.example"),
    numbers=("138 0000 7788", "A102317", "0571-88123456"),
)  # fmt: skip
CASE = Case(
    number="GM-2026-000001", pack="gm-mailbox", mailbox="gm@corp.example", type="staff-complaint", state=State.ASSIGNED,
    requester=Requester(address="zgq1987@mail-a.example", name="張國強"), received=datetime(2026, 11, 24, tzinfo=UTC),
    confidential=True, alias="7F3K", known_by=KNOWN, last_human_event=datetime(2026, 11, 24, tzinfo=UTC),
)  # fmt: skip
_NAMES = """
张国强 張国强 張國強 张国強 张_国_强 张·国强 张-国-强 张.国.强 张\u200b国\u200b强 张\u00ad国强 张*国*强 %E5%BC%A0%E5%9B%BD%E5%BC%BA
%E5%BC%B5%E5%9C%8B%E5%BC%B7 Zhang_Guoqiang ZHANG_GUOQIANG Guoqiang_Zhang zhang_guoqiang zhangguoqiang ZhangGuoQiang
Zhang_Guo-Qiang Zhang,_Guoqiang Zhāng_Guóqiáng Ｚｈａｎｇ_Ｇｕｏｑｉａｎｇ 𝐙𝐡𝐚𝐧𝐠_Guoqiang zhang.guoqiang guoqiang.zhang zhang-guoqiang
zgq1987 ZGQ1987 ｚｇｑ１９８７ zgq1987@mail-a.example zgq1987＠mail-a.example zgq1987_@_mail-a.example zgq1987(at)mail-a.example
zgq1987#mail-a.example zgq1987%40mail-a.example zgq1987&#64;mail-a.example zgq1987+hr@mail-a.example
"""
_NUMBERS = """
13800007788 138_0000_7788 138-0000-7788 138.0000.7788 138_00_00_77_88 +86_138_0000_7788 +8613800007788 (+86)13800007788
0086-138-0000-7788 86_13800007788 １３８００００７７８８ １３８_００００_７７８８ 138－0000－7788 138—0000—7788 138·0000·7788 138/0000/7788
一三八零零零零七七八八 幺三八〇〇〇〇七七八八 A102317 a102317 Ａ１０２３１７ A-102317 A_102317 xA102317 wxA102317@qq.example 88123456 057188123456
"""


NAMES = [one.replace("_", " ") for one in _NAMES.split()]
NUMBERS = [one.replace("_", " ") for one in _NUMBERS.split()]


def test_a_name_is_hidden_in_every_guise() -> None:
    """Traditional, spaced, in pinyin, accented, coded, as an address: nothing but the alias is left."""
    assert [] == [written for written in NAMES if hidden(f"（{written}）", CASE) != "（来信人-7F3K）"]


def test_a_number_is_blanked_in_every_guise() -> None:
    """Grouped, with a country's code, full-width, in Chinese digits, in the middle of an address."""
    told = {written: hidden(written, CASE) for written in NUMBERS}

    assert {} == {one: left for one, left in told.items() if "***" not in left or any(c.isdigit() for c in left)}


KEPT = [
    "国强",
    "张强国",
    "zhangjiakou",
    "138 0000 7789",
    "A102318",
    "GM-2026-102317",
    "2026年11月24日",
    "88123457",
    "张国",
]


def test_other_words_stay() -> None:
    """What is another name or number is not taken for it."""
    assert KEPT == [hidden(written, CASE) for written in KEPT]


SHY = ["he can do it", "you can reply", "she can", "sun tan lotion", "I will may be"]


@pytest.mark.parametrize("text", SHY)
def test_english_words_that_are_syllables_stay(text: str) -> None:
    """何灿 is He Can, and "he can" is nobody."""
    people, _ = sought(KnownBy(names=("何灿", "游灿", "佘灿", "孙谭", "Will May")))

    assert text == people.sub("X", text)
    assert "X wrote" == people.sub("X", "He Can wrote")


def test_words_are_read_one_for_one() -> None:
    """Folding keeps every place, so that what is cut out is what was found."""
    for text in ("ﬁ ½ ㍿ ①②③ Ⅻ ｆｕｌｌ　ｗｉｄｔｈ", "Zhāng\r\nGuóqiáng", "⼀⼆⼈", "İstanbul ǅ"):
        assert len(text) == len(plain(text))


def test_the_readings_know_surnames_and_traditional_characters() -> None:
    """曾 as a name is zeng, 單 is shan."""
    assert [("zeng", True), ("shan", True), ("xie", True)] == [(s, s in readings(c)) for s, c in
                                                               (("zeng", "曾"), ("shan", "單"), ("xie", "解"))]  # fmt: skip
    assert () == readings("k")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("张国强说", True),
        ("写给 zgq1987@mail-a.example", True),
        ("电话 138-0000-7788", True),
        ("zhang.guoqiang 2@x.example", False),
    ],
)
def test_an_erasure_finds_the_person_but_no_namesake_in_pinyin(text: str, told: bool) -> None:
    """What quotes the erased person in other characters goes too; an address in pinyin may be a colleague's."""
    known = KnownBy(names=("張國強",), addresses=("zgq1987@mail-a.example",), numbers=("13800007788",))

    assert told == Words(known=known).tells(text)
