"""A case never reaches the person it complains of, nor anyone below, whatever happens to it (P3, security.md)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.domain.letter import OUTSIDE, LetterKind
from maild.domain.letter import Letter as Draft
from maild.domain.message import Address
from maild.workflow.guard import guarded
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import CUSTOMER, absence, bounce, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
STAFF = "苗青 <miao.qing@corp.example>"
MARK = "紫色保温杯"
"""Words of the letter that must not turn up elsewhere."""


def corp(*names: str) -> set[str]:
    """Addresses of the office."""
    return {f"{name}@corp.example" for name in names}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def complaint(name: str) -> tuple[str, str]:
    """A clear complaint of staff about somebody."""
    text = f"我是操作工苗青。{name}从10月12日起在车间当众辱骂我、推我，还摔了我的{MARK}，之后每天安排我一个人加班。请调查处理。"
    return f"投诉{name}", text


def written(desk: TestDesk, subject: str, text: str, *, sender: str = STAFF, **fields: str) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    minute = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return desk.receive(mail(subject, text, sender=sender, date=minute, **fields), authentication="pass")


def life_of(desk: TestDesk, name: str) -> list[Letter]:
    """A complaint and all that may happen to it: more from its writer, bounces, absences, intruders, missed deadlines."""
    letters = written(desk, *complaint(name))
    ack = of_kind(letters, "requester.acknowledgement")[0]
    letters += written(desk, f"Re: [{ack.token}]", f"补充：摔{MARK}那天还有监控录像，在二号门。")
    for letter in list(letters):
        if letter.kind.startswith(("handler", "manager")):
            letters += desk.receive(bounce(letter.to, original=letter.raw))
            letters += desk.receive(absence(letter.to, answers=str(letter.message["Message-ID"])))
    for hours in (5, 20, 24, 24, 48, 72, 24, 24, 168):
        letters += desk.later(timedelta(hours=hours))
    return letters


LIVES: list[Any] = [
    pytest.param("物流部司机王强", corp("wang.qiang2"), id="a-colleague"),
    pytest.param("王强", corp("wang.qiang", "wang.qiang2"), id="a-name-of-two"),
    pytest.param("组装车间主任覃志明", corp("qin.zhiming", "long.xiaowen", "qin.dayong"), id="the-own-head"),
    pytest.param("吴建华副总经理", corp("wu.jianhua", "zhao.weidong", "qi.guangming", "he.zhiqiang"), id="a-deputy-gm"),
    pytest.param("林晓月", corp("lin.xiaoyue", "ding.ning", "you.jia", "gm-office"), id="the-coordinator"),
    pytest.param("采购部", corp("sun.li", "zhuang.wei", "li.jun"), id="a-unit"),
    pytest.param("周敏", corp("zhou.min", "fu.rong", "lu.qing"), id="the-head-of-hr"),
    pytest.param(
        "陈国栋", corp("chen.guodong", "lin.xiaoyue", "ding.ning", "zhou.min", "wu.jianhua", "shen.lan"), id="the-gm"
    ),
]


@pytest.mark.parametrize(("name", "out"), LIVES)
def test_nothing_of_a_complaint_ever_reaches_whom_it_names(desk: TestDesk, name: str, out: set[str]) -> None:
    """No assignment, notice, reminder, escalation, digest, list or bounce notice tells them that it exists."""
    letters = life_of(desk, name)
    number = desk.cases()[0]["number"]

    assert [] == [one for one in telling(letters, number, MARK) if one[0] in out]
    assert ["staff-complaint"] == [case["type"] for case in desk.cases()]


def test_a_complaint_of_the_gm_is_read_by_the_supervisory_body(desk: TestDesk) -> None:
    """It goes to two people outside the gm's line, with the letter, and to nobody else."""
    letters = written(desk, *complaint("陈国栋"))

    assert [("shi.yuan@corp.example", "handler.assignment")] == telling(letters, MARK)


UNCLEAR = f"林晓月真是一言难尽。{MARK}。"


def test_an_unclear_letter_about_the_coordinator_is_not_the_coordinators_to_sort(desk: TestDesk) -> None:
    """What nobody can classify goes past whom it names."""
    letters = written(desk, "说几句林晓月的事", UNCLEAR, sender=CUSTOMER)

    assert [] == [one for one in telling(letters, MARK) if one[0] in corp("lin.xiaoyue", "ding.ning", "you.jia")]


# -- names learned later

CUSTOMERS = "我三周前下单的空气炸锅一直没有发货，物流显示还在仓库。我要求立即退款。"


def of_customer(desk: TestDesk) -> tuple[Letter, str]:
    """A customer's complaint that the logistics manager has got; the acknowledgement and the number."""
    letters = written(desk, "投诉订单 88231 三周没有发货", CUSTOMERS, sender=CUSTOMER)
    number = desk.cases()[-1]["number"]
    notice = to(of_kind(letters, "manager.notice"), "lin.xiaoyue@corp.example")[0]
    written(desk, f"Re: [{notice.token}]", "转 物流部", sender="lin.xiaoyue@corp.example")
    assert "he.zhiqiang@corp.example" == desk.cases()[-1]["handler"]
    return of_kind(letters, "requester.acknowledgement")[0], number


INNOCENT = [
    "何志强经理昨天打电话说周五发货，请问发了吗？",
    "谢谢何志强经理，货收到了，但是少了一个配件。",
    "按何经理的要求，补充订单截图。",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_a_customer_who_speaks_of_the_handler_does_not_take_the_case_away(desk: TestDesk, text: str) -> None:
    """A name in passing is no complaint."""
    ack, _ = of_customer(desk)

    written(desk, f"Re: [{ack.token}]", text, sender=CUSTOMER)

    assert "he.zhiqiang@corp.example" == desk.cases()[0]["handler"]


LEARNED: list[Any] = [
    pytest.param("何志强在电话里骂我，说我是骗子，我要投诉何志强！", id="of-a-person"),
    pytest.param("补充一点，涉及 何志强", id="by-the-word"),
]


@pytest.mark.parametrize("text", LEARNED)
def test_a_name_in_a_later_mail_takes_the_case_away_at_once(desk: TestDesk, text: str) -> None:
    """The mail that names the handler goes to somebody else already, and the handler hears nothing any more."""
    ack, number = of_customer(desk)

    letters = written(desk, f"Re: [{ack.token}]", f"{text}{MARK}", sender=CUSTOMER)
    for hours in (24, 48, 120):
        letters += desk.later(timedelta(hours=hours))

    out = corp("he.zhiqiang", "wang.lei", "he.jun", "wang.qiang2", "zhang.san")
    assert [] == [one for one in telling(letters, number, MARK) if one[0] in out]
    assert desk.cases()[0]["handler"] == "wu.jianhua@corp.example"
    assert ("wu.jianhua@corp.example", "handler.assignment") in telling(letters, number)


def test_a_note_inside_names_somebody_too(desk: TestDesk) -> None:
    """`涉及 王强` in a colleague's reply excludes him, and his answer by a key he had is kept apart."""
    letters = written(desk, *complaint("班长覃大勇"))
    assignment = of_kind(letters, "handler.assignment")[0]
    written(desk, f"Re: [{assignment.token}]", "备注：涉及 王强、周敏的助理", sender="zhou.min@corp.example")

    (case,) = desk.cases()
    assert corp("wang.qiang", "wang.qiang2") <= set(case["excluded"])


def test_a_strangers_word_does_not_move_a_case_nor_reach_whom_it_names(desk: TestDesk) -> None:
    """Under the requester's key from another address: no effect, and the handler whom it names does not read it."""
    ack, _ = of_customer(desk)

    letters = written(desk, f"Re: [{ack.token}]", f"我要投诉何志强，他骂人。{MARK}", sender="other@mail-b.example")

    assert [] == [one for one in telling(letters, MARK) if one[0] == "he.zhiqiang@corp.example"]
    assert "he.zhiqiang@corp.example" == desk.cases()[0]["handler"]


def test_a_handler_whom_a_name_has_excluded_orders_nothing(desk: TestDesk) -> None:
    """The key from before stays in the drawer: his reply is kept apart, nothing goes back to him."""
    ack, number = of_customer(desk)
    (old,) = [row[0] for row in desk.rows("select subject from outbox where recipient='he.zhiqiang@corp.example'")][:1]
    written(desk, f"Re: [{ack.token}]", "何志强在电话里骂我，我要投诉何志强！", sender=CUSTOMER)

    letters = written(desk, f"Re: {old}", "答复：您的订单今天发货，运单号 SF123。", sender="he.zhiqiang@corp.example")

    assert [] == to(letters, "he.zhiqiang@corp.example") + of_kind(letters, "requester.answer")
    assert [("misdirected",)] == desk.rows("select disposition from journal order by id desc limit 1")
    assert number == desk.cases()[0]["number"]


# -- orders


def ordered(desk: TestDesk, order: str, *, about: str = "物流部司机王强") -> list[Letter]:
    """What the coordinator's order does to a confidential complaint."""
    letters = written(desk, *complaint(about))
    notice = of_kind(letters, "manager.notice")[0]
    return written(desk, f"Re: [{notice.token}]", order, sender="lin.xiaoyue@corp.example")


ORDERS: list[Any] = [
    pytest.param("转 王强", id="the-person"),
    pytest.param("转 wang.qiang2@corp.example", id="the-address"),
    pytest.param("转 物流部", id="the-unit-of-the-person"),
    pytest.param("转 质量部", id="a-unit-that-may-not-have-confidential-cases"),
    pytest.param("转 贺军", id="a-person-that-may-not"),
]


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_takes_a_confidential_case_to_the_wrong_people(desk: TestDesk, order: str) -> None:
    """Refused or asked back, the case stays with HR, and nobody else hears of it."""
    letters = ordered(desk, order)

    assert "zhou.min@corp.example" == desk.cases()[0]["handler"]
    assert {"lin.xiaoyue@corp.example"} == {letter.to for letter in letters}


OPEN_ORDERS: list[Any] = [
    pytest.param("城西门店组长佟海", "转 城西门店", {"store.chengxi", "tong.hai"}, id="the-shared-address-of-the-unit"),
    pytest.param("物流副经理王磊", "转 王磊", {"wang.lei"}, id="the-person"),
    pytest.param("物流经理何志强", "转 王磊", {"he.zhiqiang", "wang.lei"}, id="somebody-below"),
]


@pytest.mark.parametrize(("name", "order", "out"), OPEN_ORDERS)
def test_no_order_takes_an_open_case_to_whom_it_names(desk: TestDesk, name: str, order: str, out: set[str]) -> None:
    """Neither to the person, nor below, nor by the address that they read together."""
    text = f"我要投诉{name}，昨天在电话里骂我，态度恶劣，{MARK}的订单 88231 三周没有发货，要求退款。"
    notice = of_kind(written(desk, f"投诉{name}", text, sender=CUSTOMER), "manager.notice")[0]

    letters = written(desk, f"Re: [{notice.token}]", order, sender="lin.xiaoyue@corp.example")

    assert [] == [letter.to for letter in letters if letter.to in corp(*out)]
    assert desk.cases()[0]["handler"] not in corp(*out)


def test_the_accused_gets_no_answer_when_asking(desk: TestDesk) -> None:
    """Asking with the number is a new letter of their own, acknowledged like any other, linked to nothing."""
    written(desk, *complaint("物流部司机王强"))
    number = desk.cases()[0]["number"]

    letters = written(desk, f"关于 {number}", "听说有人投诉我，是谁？案子现在谁办？", sender="wang.qiang2@corp.example")

    assert [] == telling(to(letters, "wang.qiang2@corp.example"), number, MARK, "miao.qing")
    assert [] == desk.cases()[-1]["links"]


def test_an_absent_handlers_delegate_who_is_accused_does_not_get_the_case(desk: TestDesk) -> None:
    """The stand-in of the directory is passed over, and no letter goes to them."""
    ack, _ = of_customer(desk)
    written(desk, f"Re: [{ack.token}]", f"我要投诉物流副经理王磊，他在电话里辱骂我。{MARK}", sender=CUSTOMER)
    assigned = desk.rows("select message_id from outbox where recipient='he.zhiqiang@corp.example'")[-1][0]

    letters = desk.receive(absence("he.zhiqiang@corp.example", answers=assigned), authentication="pass")

    assert [] == to(letters, "wang.lei@corp.example")
    assert "he.zhiqiang@corp.example" == desk.cases()[0]["handler"]


@pytest.fixture(scope="module")
def excluding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestDesk, str]]:
    """An installation with a case that excludes people, and its number; questions alone are asked of it."""
    with open_desk(tmp_path_factory.mktemp("excluding")) as desk:
        desk.now = MORNING
        written(desk, *complaint("周敏"))
        yield desk, desk.cases()[0]["number"]


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in OUTSIDE])
def test_no_kind_of_letter_can_be_made_for_an_excluded_person(
    excluding: tuple[TestDesk, str], kind: LetterKind
) -> None:
    """The last gate drops it, whichever stage forgot whom the case excludes; so it does outside the directory."""
    desk, number = excluding
    workshop = desk.workshop()
    office = workshop.office(workshop.settings.mailbox[0])
    wrong = ("zhou.min@corp.example", "ZHOU.MIN+x@corp.example", "fu.rong@corp.example", "anna@mail-a.example")

    with workshop.store.reading() as facts:
        drafts = [Draft(kind=kind, to=Address(address=address), case=number) for address in wrong]
        assert [None] * len(wrong) == [guarded(draft, facts, office) for draft in drafts]


# -- conduct in types that are no complaints, and posts without a name

CONDUCT: list[Any] = [
    pytest.param("建议：仓库加装扫码枪", f"建议物流仓库每个月台加一把扫码枪，配{MARK}架。上次提过，何志强一直推诿，还骂提建议的人。",
                 "he.zhiqiang", id="a-suggestion-and-a-name"),
    pytest.param("建议：采购付款流程", f"建议采购部付款单改成电子的，放进{MARK}系统。你们的采购经理总是不给签字，还刁难供应商。",
                 "sun.li", id="a-suggestion-and-a-post"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text", "name"), CONDUCT)
def test_a_suggestion_never_reaches_whose_conduct_it_complains_of(
    desk: TestDesk, subject: str, text: str, name: str
) -> None:
    """What is no complaint goes past whom it complains of by the way, named or meant by a post that one person holds."""
    letters = written(desk, subject, text)
    for hours in (20, 24, 48, 96):
        letters += desk.later(timedelta(hours=hours))

    (case,) = desk.cases()
    assert case["type"] == "staff-suggestion"
    assert case["handler"] not in corp(name)
    assert [] == [one for one in telling(letters, str(case["number"]), MARK) if one[0] in corp(name)]


def test_a_post_named_later_moves_the_case(desk: TestDesk) -> None:
    """Who writes later that the head of logistics shouts at customers is not answered by the head of logistics."""
    first = of_kind(written(desk, "一直没有发货", CUSTOMERS, sender=CUSTOMER), "requester.acknowledgement")[0]
    before = desk.cases()[0]["handler"]
    post = {"he.zhiqiang@corp.example": "物流经理", "tang.ning@corp.example": "客服经理"}[before]

    letters = written(
        desk, f"Re: [{first.token}]", f"今天打电话过去，{post}骂我，还不理我。我要投诉。{MARK}", sender=CUSTOMER
    )

    assert desk.cases()[0]["handler"] != before
    assert [] == to(letters, before)
