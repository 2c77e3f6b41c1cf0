"""Matters recorded for somebody else, absences and copies, by mail."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
CLERK = "bai.xue@corp.example"
MATTER = "顾客来电反映在城西店买的热水壶漏电跳闸，要求退款129元，并问有没有危险。"
FORWARD = f"请处理。\n\n---------- Forwarded message ---------\n发件人: 孙俊 <sunjun@mail-gm.example>\n主题: 水壶跳闸\n\n{MATTER}"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An empty desk in the morning."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        yield Casework(desk)


def _writes(work: Casework, who: str, subject: str, text: str, *, sure: bool = True) -> list[Letter]:
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))
    letters = work.desk.receive(made, authentication=INSIDE.format(who) if sure else None)
    work.letters += letters
    return letters


def test_a_call_is_recorded_for_the_caller(work: Casework) -> None:
    """代录 with an address in its line opens the case for that person, who gets the acknowledgement."""
    letters = _writes(
        work, CLERK, "代录 孙秀兰 <sun@mail-gm.example>", f"代录 孙秀兰 <sun@mail-gm.example>：\n{MATTER}"
    )

    assert "sun@mail-gm.example" == work.case["requester"]
    assert ["requester.acknowledgement"] == [x.kind for x in to(letters, "sun@mail-gm.example")]
    assert ["staff.recorded"] == [x.kind for x in to(letters, CLERK)]
    assert "customer-complaint" == work.case["type"]


def test_a_found_address_gets_nothing_before_one_click(work: Casework) -> None:
    """An address in forwarded text is asked about; only 确认 lets mail go there."""
    letters = _writes(work, CLERK, "转发: 代录 孙阿姨的来信", FORWARD)

    assert [] == to(letters, "sunjun@mail-gm.example")
    receipt = of_kind(letters, "staff.recorded")[0]
    assert "sunjun@mail-gm.example" in receipt.text
    assert "对吗" in receipt.text
    refused = work.says("tang.ning@corp.example", ANSWER)
    assert "确认" in work.refusal(refused)

    confirmed = work.says(CLERK, "确认")

    assert ["requester.acknowledgement"] == [x.kind for x in to(confirmed, "sunjun@mail-gm.example")]


def test_a_customers_mail_that_is_handed_on_is_the_customers(work: Casework) -> None:
    """A colleague's forward of one letter from outside opens the customer's case, asked about first."""
    letters = _writes(work, CLERK, "转发: 水壶跳闸", FORWARD)

    assert "sunjun@mail-gm.example" == work.case["requester"]
    assert [] == to(letters, "sunjun@mail-gm.example")
    assert "对吗" in of_kind(letters, "staff.recorded")[0].text


def test_a_paper_letter_has_no_address(work: Casework) -> None:
    """代录 匿名 counts the letters without a name, acknowledges nobody, and has a handler."""
    letters = _writes(work, CLERK, "代录 匿名", f"代录 匿名\n{MATTER}")

    assert "" == work.case["requester"]
    assert "匿名来信第1号" in of_kind(letters, "staff.recorded")[0].text
    assert [] == of_kind(letters, "requester.acknowledgement")
    assert work.case["handler"]


def test_nobody_records_in_a_colleagues_name(work: Casework) -> None:
    """代录 that is not authenticated becomes a case of the writer himself."""
    _writes(
        work, CLERK, "代录 孙秀兰 <sun@mail-gm.example>", f"代录 孙秀兰 <sun@mail-gm.example>\n{MATTER}", sure=False
    )

    assert CLERK == work.case["requester"]


def test_the_recorder_hears_of_the_answer(work: Casework) -> None:
    """Who recorded it follows the case, as somebody with copies does."""
    _writes(work, CLERK, "代录 孙秀兰 <sun@mail-gm.example>", f"代录 孙秀兰 <sun@mail-gm.example>\n{MATTER}")

    letters = work.says(str(work.case["handler"]), ANSWER)

    assert ["manager.progress"] == [x.kind for x in to(letters, CLERK)]


def test_the_coordinator_gives_and_takes_copies(work: Casework) -> None:
    """抄送 lets a colleague hear of answers, 取消抄送 ends it; outsiders get none."""
    work.open()
    work.says(COORDINATOR, "抄送 冯霞", answering="manager.notice")

    assert ["manager.progress"] == [x.kind for x in to(work.says(HANDLER, ANSWER), "feng.xia@corp.example")]

    work.says(COORDINATOR, "取消抄送 冯霞", answering="manager.notice")
    assert [] == to(work.says(HANDLER, "答复：另补20元券，今天下午已经到账。"), "feng.xia@corp.example")


def test_a_record_is_filed_with_the_case(work: Casework) -> None:
    """记录 in answer to a case's mail is an event of it; nothing leaves."""
    work.open()

    letters = work.says(HANDLER, "走访记录：11月24日到仓库核实，三个仓均无库存。")

    assert "recorded" in [event["kind"] for event in work.case["events"]]
    assert [] == to(letters, CUSTOMER)


def test_an_absence_by_mail_is_used_by_routing(work: Casework) -> None:
    """外出 … 代理 in a new mail: the next case goes to the delegate; after the last day to the handler again."""
    letters = _writes(work, HANDLER, "外出", "外出 11月24日到11月26日 冯霞代理")
    assert "冯霞" in of_kind(letters, "staff.echo")[0].text

    work.desk.now = MORNING + timedelta(hours=1)
    work._take(
        work.desk.receive(
            mail("投诉物流", "我的订单九天没有物流信息，快递一直不派送，请物流部马上查。", sender=CUSTOMER)
        )
    )
    work.says(COORDINATOR, "转物流部", answering="manager.notice")

    assert "feng.xia@corp.example" == work.case["handler"]


def test_a_doubtful_absence_is_asked_back_once(work: Casework) -> None:
    """Not authenticated: nothing is kept before 确认 comes back by the key at the directory's address."""
    letters = _writes(work, HANDLER, "外出", "外出 11月24日到11月26日 冯霞代理", sure=False)
    assert [("staff.confirmation", HANDLER)] == [(x.kind, x.to) for x in letters]

    confirmed = work.says(HANDLER, "确认")

    assert "冯霞" in of_kind(confirmed, "staff.echo")[0].text
    assert [] == telling(confirmed, "未执行")
