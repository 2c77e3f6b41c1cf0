"""Ratings, contradictions and new demands after an answer (casework 4, "Reopening")."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.conversation import CORPUS
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
CLOSING = "结案：\n原因：面单破损。\n措施：更换面单耗材。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A routed complaint that was answered and closed."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open()
        made.says(HANDLER, ANSWER)
        made.says(HANDLER, CLOSING)
        assert "closed" == made.state
        yield made


def test_a_good_rating_is_kept_and_opens_nothing(work: Casework) -> None:
    """满意 is an event; nobody is disturbed, no mail goes."""
    letters = work.says(CUSTOMER, "满意，谢谢！")

    assert [] == letters
    assert "closed" == work.state
    assert {"rating": "satisfied", "late": False} == work.case["events"][-1]["data"]


def test_thanks_open_nothing(work: Casework) -> None:
    """A thank-you is no rating and no demand."""
    work.says(CUSTOMER, "谢谢，收到了。")

    assert "closed" == work.state


def test_a_bad_rating_opens_the_case_and_offers_the_colleagues(work: Casework) -> None:
    """The same unit, head and coordinator are told; the head's mail offers the other members by one click."""
    letters = work.says(CUSTOMER, "不满意：26号了，还是没有收到。")

    assert "reopened" == work.state
    assert {HANDLER, COORDINATOR} <= {x.to for x in of_kind(letters, "handler.reopened")}
    assert "转" in of_kind(to(letters, HANDLER), "handler.reopened")[0].text
    assert [CUSTOMER] == [x.to for x in of_kind(letters, "requester.reopened")]
    assert {"answer", "resolve", "idle"} <= work.clocks


def test_a_reopened_case_needs_analysis_and_answer_anew(work: Casework) -> None:
    """What closed it before does not close it again."""
    work.says(CUSTOMER, "26号了，还是没有收到，请退款。")

    assert "原因分析" in work.refusal(work.says(HANDLER, "结案", answering="handler.reopened"))


def test_the_second_time_the_superior_decides(work: Casework) -> None:
    """The unit's superior gets the case and says who handles it; handler and coordinator hear that."""
    work.says(CUSTOMER, "不满意：还是没有收到。")
    work.says(HANDLER, "答复：赵先生，今天上午已补发新机，运单SF200，预计11月28日送达。")

    letters = work.says(CUSTOMER, "不满意：补发的也没有收到，你们在骗人吗？")

    superior = of_kind(letters, "manager.again")
    assert 1 == len(superior)
    assert superior[0].to == work.case["handler"] != HANDLER
    assert "由谁承办" in superior[0].text[:90]
    work.says(superior[0].to, "转质量部处理")
    assert "质量部" == work.case["unit"]


def test_after_thirty_days_a_new_case_begins(work: Casework) -> None:
    """It is linked to the old one, which stays closed."""
    work.later(timedelta(days=31))

    work.says(CUSTOMER, "又是同一个问题：这次的订单三周没有发货，要求退款。", answering="requester.answer")

    old, new = work.desk.cases()
    assert "closed" == old["state"]
    assert [old["number"]] == new["links"]


def test_a_withdrawn_complaint_is_closed(tmp_path: Path) -> None:
    """撤回投诉 ends an open case; the writer and the handler hear of it."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()

        letters = work.says(CUSTOMER, "撤回投诉，已经解决了，谢谢。")

        assert ("closed", "withdrawn", set()) == (work.state, work.case["outcome"], work.clocks)
        assert {CUSTOMER, HANDLER} == {x.to for x in letters}


def test_a_protected_complaint_is_withdrawn_only_with_a_yes(tmp_path: Path) -> None:
    """HR decides; with 不同意 it goes on, with 同意 it is closed as withdrawn."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.desk.now = work.desk.now.replace(year=2026, month=11, day=24, hour=1)
        writer = "bailu_1996@mail-163.example"
        work.letters += desk.receive((CORPUS / "04-complaint-found-true" / "01-staff.eml").read_bytes())
        assert work.case["confidential"]
        hr = str(work.case["handler"])

        asked = work.says(writer, "撤回投诉")
        assert [hr] == [x.to for x in of_kind(asked, "manager.withdrawal")]
        assert "closed" != work.state
        work.says(hr, "不同意", answering="manager.withdrawal")
        assert "closed" != work.state
        work.says(hr, "同意", answering="manager.withdrawal")

        assert ("closed", "withdrawn") == (work.state, work.case["outcome"])
