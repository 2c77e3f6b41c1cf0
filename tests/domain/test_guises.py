"""However a letter writes the name, whom it complains of is out of the case (policies.md P3, "Conflict of interest")."""

import pytest

from maild.domain.conflict import Exclusion, excluded
from maild.domain.directory import Directory, Person, Unit
from maild.domain.guises import Called, Guises
from maild.domain.lookup import Index
from maild.domain.posts import holder
from tests.domain.sample import staff
from tests.domain.triage_desk import index, policy, say

HE = staff("he.zhiqiang")
DID = "从10月12日起在车间当众辱骂我、推我，扣我的加班费，请调查处理。"
DONE = "shouted at me in front of everybody, pushed me and cut my overtime pay since October. Please investigate."


def out_of(text: str) -> Exclusion:
    """Who is out of the case that this letter of a colleague opens."""
    verdict = say(text, subject="投诉")
    posts = (holder(index(), post, writer="", words=policy().names.posts_en) for post in verdict.posts)
    return excluded(index(), kind=verdict.type, names=verdict.names, holders=[one for one in posts if one])


WAYS = """
何志强 何志強 何志强經理 何_志_强 何·志强 何\u200b志强 何-志强 何志强（物流部） 何智强 物流部何经理 老何 何总 HE_Zhiqiang He_Zhiqiang Zhiqiang_He
he_zhiqiang hezhiqiang He_Zhi_Qiang He_Zhi-Qiang Hé_Zhìqiáng ＨＥ_Ｚｈｉｑｉａｎｇ he.zhiqiang he.zhiqiang@corp.example Zhiqiang
HE.ZHIQIANG@CORP.EXAMPLE he.zhiqiang+x@corp.example 物流经理 物流部负责人 姓何的经理 姓何的物流经理 Mr_He Mr._He Mr._Zhiqiang
"""
SENTENCES = [
    f"He Zhiqiang {DONE}", f"Zhiqiang He {DONE}", f"Mr. He {DONE}", f"Our logistics manager {DONE}", f"HE ZHIQIANG {DONE}",
    f"I complain about the head of logistics. He {DONE}", f"I complain about Mr He. He {DONE}", "我要投诉物流经理。他当众骂我。",
]  # fmt: skip


def test_whoever_is_named_in_a_guise_is_out() -> None:
    """By address, in pinyin, with blanks, with a character that sounds alike, by surname and post, by post alone."""
    letters = [one.replace("_", " ") + DID for one in WAYS.split()] + SENTENCES

    assert [] == [letter for letter in letters if not out_of(letter).bars(HE)]


NOBODY = [
    f"何止一次，他{DID}", f"如何总结都行，组长佟海{DID}", f"老王 强调过纪律，佟海{DID}", "My manager. He shouted at me and cut my pay.",
    "I think he can do it, the shift was long.", f"任何志向都没有，佟海{DID}",
]  # fmt: skip


def test_words_that_are_no_names_exclude_nobody() -> None:
    """A pronoun, a blank between two words, 何止: the logistics manager keeps the case."""
    assert [] == [letter for letter in NOBODY if out_of(letter).bars(HE)]
    assert not out_of(NOBODY[2]).bars(staff("wang.qiang"))


def _small(**more: object) -> Index:
    """A head whose address tells no name, a deputy, a delegate of the deputy, an assistant of the head."""
    boss = Person(addresses=("k01@x.example", "boss@private.example"), name="覃國棟", unit="u", nicknames=("Kevin Qin",),
                  former=("qin@old.example",), assistants=("k03@x.example",))  # fmt: skip
    deputy = Person(addresses=("k02@x.example",), name="單立人", unit="u", delegate="k04@x.example")
    others = tuple(
        Person(addresses=(f"k0{n}@x.example",), name=name) for n, name in ((3, "丁三"), (4, "丁四"), (5, "丁五"))
    )
    unit = Unit(id="u", name="部门", head="k01@x.example", deputy="k02@x.example", **more)  # type: ignore[arg-type]
    return Index(Directory(units=(unit,), people=(boss, deputy, *others)))


BY = ["覃国栋", "覃 國 棟", "Qin Guodong", "guodong qin", "qinguodong", "Tan Guodong", "Kevin Qin", "qin, guodong", "覃国动",
      "boss@private.example", "BOSS+a@private.example", "k01@x.example", "qin@old.example", "Mr. Qin", "覃总"]  # fmt: skip


@pytest.mark.parametrize("name", BY)
def test_a_name_finds_who_bears_it_though_the_address_tells_nothing(name: str) -> None:
    """Pinyin comes from the characters, also where one is read in two ways; former and second addresses count."""
    out = excluded(_small(), kind="staff-report", names=[name])

    assert {"k01@x.example", "boss@private.example"} <= out.addresses
    assert {"k03@x.example", "k02@x.example"} <= out.addresses, "assistant, and the deputy below"
    assert not out.bars("k05@x.example")


def test_the_deputys_delegate_is_out_with_the_deputy() -> None:
    """單 is read shan as a name; who acts for the deputy is out, the head above is not."""
    out = excluded(_small(), kind="staff-report", names=["Shan Liren"])

    assert out.bars("k02@x.example")
    assert out.bars("k04@x.example")
    assert not out.bars("k01@x.example")


def test_a_guise_is_found_where_it_stands() -> None:
    """The place is that of the text itself, whatever was folded before it."""
    guises = Guises([Called(names=("何志强",), addresses=("k01@x.example",))])
    text = "ＡＢ　何 志 强 and K01@X.example, Zhiqiang HE"

    assert ["何 志 强", "K01@X.example", "Zhiqiang HE"] == [
        text[one.start : one.end] for one in sorted(guises.find(text), key=lambda one: one.start)
        if text[one.start : one.end] != "Zhiqiang"
    ]  # fmt: skip


SHORT = """
志强经理 志强主管 志强主任 志强組長 叫志强的 有个叫志强的人 我们组长志强 志强这个人 志强他 志强哥 物流部的志强 物流部何某 物流部何某某 物流部的何某 物流部何先生
物流部的何女士 物流部何姐 物流部的老何 物流部老何 物流部小何 仓库主管何某 物流部经理何某 经理小何 何某（物流部）
"""


def test_whoever_is_named_by_half_the_name_is_out() -> None:
    """A given name with a sign that a person is meant, a family name beside a unit or post: all whom it can mean."""
    assert [] == [one for one in SHORT.split() if not out_of(one + DID).bars(HE)]
    assert out_of(f"仓库主管何某{DID}").named == (HE, staff("ho.manyi"), staff("he.kaiwen")), "of three none is spared"
    assert out_of(f"物流部何某{DID}").named == (HE,), "the unit says which"
    assert excluded(index(), kind="staff-report", names=["志强"]).named == (HE,), "as a note says it: 涉及 志强"


def test_half_a_name_beside_the_whole_is_the_same_person() -> None:
    """What is told of 志强 is told of the 何志强 named before, who is reported in full."""
    verdict = say(f"我和何志强同一个部门。志强他{DID}", subject="投诉")

    assert verdict.names == ("何志强",)


NAMED = ("李国庆", "王建设", "张和平", "赵文明", "何志强", "陈光明", "孙文静", "曾庆发", "温志远")
EVERYDAY = Guises([Called(names=(name,)) for name in NAMED])
WORDS = """
国庆节加班没有加班费 国庆他不让我们休息 今年国庆主管不放假 建设经理辱骂我 项目建设主任推我 组长和平时一样骂人 和平主管说话不文明 文明他不讲 车间文明主任说了算
经理国庆期间旷工 光明经理说话不算 有志强者事竟成 我们组长志强化管理 如何某些人这样 部门任何某个人 为何先生气 采购部为何老师傅不干 何某 他很文静他不爱说话 我是物流部何某 我叫志强，
"""
MEANT = {"国庆这个人不讲理": "国庆这个人", "叫和平的那个": "叫和平", "请找建设师傅": "建设师傅", "举报文明哥": "文明哥", "志强经理": "志强",
         "我们组长志强骂人": "志强", "仓管员何某": "何某", "志远主任推我": "志远", "我是被组长何某骂的": "何某"}  # fmt: skip


def test_everyday_words_are_no_names() -> None:
    """国庆, 建设, 和平, 文明 are given names too; without a strong sign they are what they are everywhere."""
    assert [] == [one for one in WORDS.split() if list(EVERYDAY.find(one))]
    assert [[one] for one in MEANT.values()] == [
        [text[sight.start : sight.end] for sight in EVERYDAY.find(text)] for text in MEANT
    ]
    assert not EVERYDAY.shortly("国庆")
