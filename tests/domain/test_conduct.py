"""Whose conduct a mail complains of, in types that are no complaints, and posts without a name."""

import pytest

from maild.adapters.voice import sender_of
from maild.domain.conflict import excluded
from maild.domain.naming import complaint
from maild.domain.page import lay_out
from maild.domain.posts import holder
from maild.domain.verdict import Writing
from tests.domain.triage_desk import CONSUMER, STAFF, index, policy, say

WRONG = [
    ("建议食堂晚上多开一个窗口。上次提过，冯霞一直敷衍我们，说了等于没说。", STAFF, ("冯霞",)),
    ("建议改用电子磅单。何志强经理每次都不肯听，还骂提建议的人。", STAFF, ("何志强",)),
    ("三号线的扫码枪坏了两周，报给谢大明三次，谢大明不理，请尽快修好。", STAFF, ("谢大明",)),
    ("Suggestion: please add a second packing line. Tomasz Zielinski refused to look at the drawing.", STAFF,
     ("Tomasz Zielinski",)),
    ("你们的水壶很好用，就是客服白雪态度很差，说话不耐烦，随便说说，不用回复。", CONSUMER, ("客服白雪",)),
]  # fmt: skip
RIGHT = [
    "建议把交接卡推广到全厂，何志强经理已经在物流部试过，效果很好。",
    "感谢王磊，昨天没有推诿，当场就把货找回来了。建议给他表扬。",
    "建议改排班。上周史军被客户骂了两次，他也没办法，系统里没有空班。",
    "扫码枪坏了，宋涛说质检也停了，请谢大明安排修一下。",
    "建议增加一台打印机，具体找庄雪梅问。如果孙立拒绝，再由总经办定。",
    "Suggestion: Daniel Okoro could run the training, he never refuses to help and was never rude.",
    "罗建平发现供应商造假，建议今后每批都抽检。",
]


@pytest.mark.parametrize(("text", "author", "names"), WRONG)
def test_who_does_wrong_is_named_in_every_type(text: str, author: str, names: tuple[str, ...]) -> None:
    """A suggestion, an opinion or a fault that complains of somebody's conduct on the way names that person."""
    verdict = say(text, author)

    assert verdict.names == names
    out = excluded(index(), kind=verdict.type, names=verdict.names, writer=author)
    assert len(out.named) == 1


@pytest.mark.parametrize("text", RIGHT)
def test_praise_witnesses_and_mentions_name_nobody(text: str) -> None:
    """Who is praised, asked, wronged, quoted or only mentioned is not complained of, and nobody is excluded."""
    writing = Writing(subject="", text=text, author_address=STAFF)

    found = complaint(lay_out(writing), "conduct", policy().names, sender_of(STAFF, index()))
    assert (found.names, found.posts) == ((), ())


@pytest.mark.parametrize(
    "text", ["投诉物流部。上周史军被客户骂了两次，没人管。", "举报有人克扣加班费，史军被扣了三百。"]
)
def test_who_was_wronged_is_not_complained_of(text: str) -> None:
    """A victim keeps the right to handle and to know, in a complaint too."""
    assert "史军" not in say(text).names


def test_an_order_names_nobody() -> None:
    """An order of management goes to those whom it criticises: it is no complaint about them."""
    assert (
        say("各部门：何志强管理混乱、推诿客户，即日起物流部每周报整改，今天传达。", "chen.guodong@corp.example").names
        == ()
    )


POSTS = [
    ("你们的采购经理收回扣，报价单我有照片。", STAFF, "sun.li@corp.example"),
    ("采购部经理不给我们付款，还骂人，请查处。", "buyer@partner-abc.example", "sun.li@corp.example"),
    ("I complain that the warehouse supervisor shouts at us every morning.", STAFF, "he.jun@corp.example"),
    ("The purchasing manager refused to pay us and was rude on the phone.", "b@partner-abc.example",
     "sun.li@corp.example"),
    ("我们主任天天骂人，请公司管一管。", "fan.sufen@corp.example", "tian.guoqiang@corp.example"),
    ("My boss threatens to cut my pay if I report overtime.", "daniel.okoro@corp.example", "he.zhiqiang@corp.example"),
    ("监事会主席收了供应商的钱，收红包不止一次。", STAFF, "shi.yuan@corp.example"),
]  # fmt: skip
NOT_HELD = [
    ("检验员骂人，还不给我们看结果。", STAFF),
    ("副总经理不理我们的申请，拖着不批。", STAFF),
    ("采购经理说供应商骂人，请公司出面。", STAFF),
    ("请采购经理处理，供应商不肯退款。", STAFF),
    ("我们经理骂人，我要退货。", CONSUMER),
    ("the station manager shouts at passengers", STAFF),
]


@pytest.mark.parametrize(("text", "author", "address"), POSTS)
def test_the_one_holder_of_a_post_is_found(text: str, author: str, address: str) -> None:
    """A post without a name is no name; yet the one person of the directory who holds it must not handle the case."""
    verdict = say(text, author)
    held = [holder(index(), post, writer=author, words=policy().names.posts_en) for post in verdict.posts]

    assert address in {person.address for person in held if person}
    assert not [
        name for name in verdict.names if name in verdict.posts or name.endswith(("经理", "主任", "supervisor"))
    ]
    out = excluded(index(), kind=verdict.type, names=(), writer=author, holders=[p for p in held if p])
    assert out.bars(address)


@pytest.mark.parametrize(("text", "author"), NOT_HELD)
def test_a_post_that_many_hold_or_nobody_blames_excludes_nobody(text: str, author: str) -> None:
    """Where several people hold a post, or it is only mentioned or asked, nobody is excluded for it."""
    verdict = say(text, author)

    assert not [
        p for post in verdict.posts if (p := holder(index(), post, writer=author, words=policy().names.posts_en))
    ]


def test_a_post_beside_a_name_is_that_persons() -> None:
    """`采购主管黎军` means 黎军, not whoever leads purchasing."""
    assert say("采购部主管黎军收回扣，请查。").posts == ()
    assert (
        "li.jun@corp.example"
        in excluded(index(), kind="staff-report", names=say("采购部主管黎军收回扣，请查。").names).named
    )
