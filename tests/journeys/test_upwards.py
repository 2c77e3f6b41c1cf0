"""Handing up, asking for more time, and a superior's binding comment, through real servers."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
DEPUTY_GM = "wu.jianhua@corp.example"
GM = "chen.guodong@corp.example"


def _due(work: Casework, kind: str) -> str:
    return str(next(c["due"] for c in work.case["clocks"] if c["kind"] == kind and c["state"] == "open"))


def test_a_case_that_a_unit_cannot_solve_goes_up_at_once(work: Casework) -> None:
    """上报 makes it the superior's with the reason and the letter; the promise to the requester does not move."""
    promised = _due(work, "resolve")

    letters = work.says(HANDLER, "这个我们部门解决不了，请上级协调。\n原因：要原厂来修，报价4.8万。")

    assert DEPUTY_GM == work.case["handler"]
    assert "assigned" == work.state
    assert {"accept", "first-answer", "resolve", "idle"} == work.clocks
    assert promised == _due(work, "resolve")
    up = of_kind(letters, "manager.hand-up")[0]
    assert DEPUTY_GM == up.to
    assert "报价4.8万" in up.text
    assert "空气炸锅" in up.text
    assert "吴建华" in of_kind(letters, "staff.echo")[0].text


def test_the_requester_hears_of_a_new_handler_once_a_day(work: Casework) -> None:
    """The unit is named, no person, no reason; a second change within the day waits until the day is over."""
    first = to(work.says(HANDLER, "上报：要动用备品，超出权限。"), CUSTOMER)
    second = to(work.says(DEPUTY_GM, "上报：跨营销口，请总经理定。"), CUSTOMER)

    assert ["requester.progress"] == [x.kind for x in first]
    assert "副总经理(生产)" in first[0].text
    assert [] == telling(first, "备品", "吴建华", "何志强")
    assert [] == second
    assert ["requester.progress"] == [x.kind for x in to(work.later(timedelta(days=1)), CUSTOMER)]


def test_the_superior_routes_on_with_order_and_date(work: Casework) -> None:
    """After a hand-up 转…，周五前 is the next handler's order, its date the clock `instruct`; 报我 brings the answer."""
    work.says(HANDLER, "上报：要动用备品，超出权限。")

    letters = work.says(DEPUTY_GM, "同意动用备品。转行政部处理，本周五前换好，报我。")
    work.says("feng.xia@corp.example", ANSWER)

    assert "行政部" == work.case["unit"]
    assert "换好" in of_kind(letters, "handler.assignment")[0].text
    assert ["manager.progress"] == [x.kind for x in work.got(DEPUTY_GM)[-1:]]


def test_nobody_stands_above_the_general_manager(work: Casework) -> None:
    """A hand-up by the last of the line is refused, and the case stays where it is."""
    for who in (HANDLER, DEPUTY_GM):
        work.says(who, "上报：超出权限。")

    letters = work.says(GM, "上报：再往上。")

    assert "上级" in work.refusal(letters)
    assert GM == work.case["handler"]


def test_more_time_is_asked_of_who_stands_above(work: Casework) -> None:
    """A head's own request goes to the next above; until the answer the deadline stays, and nobody outside hears."""
    before = _due(work, "resolve")

    letters = work.says(HANDLER, "延期到12月18日：供应商缺货，换货要三周。")

    asked = of_kind(letters, "manager.extension")[0]
    assert DEPUTY_GM == asked.to
    assert "12月18日" in asked.text
    assert "供应商缺货" in asked.text
    assert before == _due(work, "resolve")
    assert "等待批复" in of_kind(letters, "staff.echo")[0].text
    assert [] == to(letters, CUSTOMER)


def test_granted_time_moves_the_clock_and_the_requester_hears(work: Casework) -> None:
    """同意 moves the clocks to the closing hour of that day; handler and requester hear; the reason stays inside."""
    work.says(HANDLER, "延期到12月18日：供应商缺货，换货要三周。")

    letters = work.says(DEPUTY_GM, "同意", answering="manager.extension")

    assert _due(work, "resolve").startswith("2026-12-18T10:00")
    assert ["handler.extension"] == [x.kind for x in to(letters, HANDLER)]
    told = to(letters, CUSTOMER)
    assert ["requester.progress"] == [x.kind for x in told]
    assert "12月18日" in told[0].text
    assert [] == telling(told, "供应商", "吴建华")


def test_who_decides_may_set_another_date(work: Casework) -> None:
    """同意延到12月11日 grants that date, not the one that was asked for."""
    work.says(HANDLER, "延期到12月18日：供应商缺货，换货要三周。")

    work.says(DEPUTY_GM, "同意延到12月11日", answering="manager.extension")

    assert _due(work, "resolve").startswith("2026-12-11T10:00")


def test_declined_time_leaves_everything_as_it_was(work: Casework) -> None:
    """不同意 with its words goes to the handler; a second answer to the same request counts no more."""
    before = _due(work, "resolve")
    work.says(HANDLER, "延期5天：供应商缺货。")

    letters = work.says(DEPUTY_GM, "不同意：先给客户一个说法。", answering="manager.extension")
    again = work.says(DEPUTY_GM, "同意", answering="manager.extension")

    assert before == _due(work, "resolve")
    assert "先给客户一个说法" in to(letters, HANDLER)[0].text
    assert [] == to(letters, CUSTOMER)
    assert "已经执行过" in work.refusal(again)


def test_the_gm_extends_at_once(work: Casework) -> None:
    """A superior's own 延期 needs nobody's yes: three working days on top of each of the handler's deadlines."""
    work.says(HANDLER, "上报：超出权限。")
    work.says(DEPUTY_GM, "转物流部，请再核实。")
    before = _due(work, "resolve")

    letters = work.says(DEPUTY_GM, "延期3天：等原厂报价。")

    assert before < _due(work, "resolve")
    assert ["handler.extension"] == [x.kind for x in to(letters, HANDLER)]
    assert "延期已生效" in of_kind(letters, "staff.echo")[0].text


def test_a_date_that_has_passed_extends_nothing(work: Casework) -> None:
    """Nothing is done, the handler is asked what was meant, and nobody decides."""
    past = work.says(HANDLER, "延期到2026-11-20：供应商缺货。")

    assert ["staff.choices"] == [x.kind for x in past]
    assert [] == of_kind(work.letters, "manager.extension")


def test_a_day_off_ends_an_order_with_that_day(work: Casework) -> None:
    """周六前 in an order counts until that Saturday is over, though nobody works then."""
    work.says(COORDINATOR, "转物流部，11月28日前换好。", answering="manager.notice")

    assert _due(work, "instruct").startswith("2026-11-28T15:59")


def test_an_instruction_binds_the_handler(work: Casework) -> None:
    """批示 goes to handler and coordinator, its date becomes a clock, 报我 brings the result; the requester sees none."""
    work.says(HANDLER, "上报：超出权限。")
    work.says(DEPUTY_GM, "转物流部，请再核实。")

    letters = work.says(DEPUTY_GM, "批示：本周五前查清三个仓的库存，报我。")

    assert {HANDLER, COORDINATOR} == {x.to for x in of_kind(letters, "handler.instruction")}
    assert _due(work, "instruct").startswith("2026-11-27T10:00")
    assert [] == to(letters, CUSTOMER)
    answered = work.says(HANDLER, ANSWER)
    assert ["manager.progress"] == [x.kind for x in to(answered, DEPUTY_GM)]
    assert "instruct" not in work.clocks


def test_a_handler_instructs_nobody(work: Casework) -> None:
    """批示 of somebody who is no superior in the case is refused."""
    work.says(COORDINATOR, "转黄秋燕", answering="manager.notice")

    letters = work.says("huang.qiuyan@corp.example", "批示：马上办。")

    assert "权限" in work.refusal(letters)
    assert [] == of_kind(letters, "handler.instruction")


def test_a_hand_up_can_be_taken_back(tmp_path: Path) -> None:
    """撤销 brings the case back to its handler, the superior hears that it counts no more, the requester of nothing."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        work = Casework(desk)
        work.open()
        work.says(HANDLER, "上报：超出权限。")

        letters = work.says(HANDLER, "撤销", answering="staff.echo")

        assert HANDLER == work.case["handler"]
        assert ["handler.withdrawn"] == [x.kind for x in to(letters, DEPUTY_GM)]
        assert [] == of_kind(to(work.letters + work.later(timedelta(hours=1)), CUSTOMER), "requester.progress")
