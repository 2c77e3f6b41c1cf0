"""Another type, another urgency: who has the case then, by when, and what never falls by it."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
HR = "zhou.min@corp.example"
STAFF = "tan.hao@corp.example"
UNFAIR = "我在三线上班，班长梅永刚连续三个月不给我排休息，还当众骂人。请公司调查处理，并替我保密。"


def _due(work: Casework, kind: str) -> str:
    return str(next(c["due"] for c in work.case["clocks"] if c["kind"] == kind and c["state"] == "open"))


def test_the_coordinator_changes_the_type(work: Casework) -> None:
    """应为 moves the case to the handler of that type, its clocks begin anew, the requester hears of the unit."""
    letters = work.says(COORDINATOR, "应为 客户意见", answering="manager.notice")

    assert "customer-opinion" == work.case["type"]
    assert work.case["handler"] in {x.to for x in of_kind(letters, "handler.assignment")}
    assert {"accept", "first-answer", "resolve", "idle"} == work.clocks
    assert "客户意见" in of_kind(letters, "staff.echo")[0].text
    assert "网络客服部" == work.case["unit"]
    assert ["requester.progress"] == [x.kind for x in to(letters, CUSTOMER)]


def test_a_handler_only_proposes_to_give_a_case_away(work: Casework) -> None:
    """非反馈 by the handler waits for the coordinator's 同意; a 不同意 leaves it and tells the handler."""
    asked = work.says(HANDLER, "应为 非反馈")

    assert "customer-complaint" == work.case["type"]
    assert [COORDINATOR] == [x.to for x in of_kind(asked, "manager.type")]

    letters = work.says(COORDINATOR, "不同意：客户要求退款。", answering="manager.type")

    assert "客户要求退款" in to(letters, HANDLER)[0].text
    assert "customer-complaint" == work.case["type"]


def test_the_coordinators_yes_sets_it_aside(work: Casework) -> None:
    """同意 carries the proposal out: set aside, no clock runs, nothing goes to the sender; and it can be taken up."""
    work.says(HANDLER, "应为 非反馈")

    letters = work.says(COORDINATOR, "同意", answering="manager.type")

    assert ("set-aside", set()) == (work.state, work.clocks)
    assert [] == to(letters, CUSTOMER)

    work.says(COORDINATOR, "应为 客户投诉", answering="manager.notice")

    assert ("assigned", "customer-complaint") == (work.state, work.case["type"])
    assert {"accept", "first-answer", "resolve", "idle"} == work.clocks


def test_a_type_of_the_same_unit_is_the_handlers_to_say(work: Casework) -> None:
    """Where the new type has the same handler, 应为 counts at once and the deadlines are that type's."""
    work.says(COORDINATOR, "转网络客服部", answering="manager.notice")

    work.says("tang.ning@corp.example", "应为 客户意见")

    assert "customer-opinion" == work.case["type"]
    assert "tang.ning@corp.example" == work.case["handler"]


def test_protection_never_falls_by_a_type(tmp_path: Path) -> None:
    """A staff complaint that becomes an operational problem stays confidential and with HR until it is released."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.start("投诉班长", UNFAIR, sender=STAFF)
        assert ("staff-complaint", HR) == (work.case["type"], work.case["handler"])

        work.says(COORDINATOR, "应为 运营问题", answering="manager.notice")

        assert ("operational-problem", HR, True) == (
            work.case["type"], work.case["handler"], work.case["confidential"],
        )  # fmt: skip
        shown = work.says(HR, "转物流部")
        assert ["manager.seal-release"] == [letter.kind for letter in shown]
        assert HR == work.case["handler"]


def test_what_becomes_protected_moves_to_those_entitled(work: Casework) -> None:
    """A complaint that becomes a staff complaint goes to HR, confidential from then on."""
    work.says(COORDINATOR, "应为 员工投诉", answering="manager.notice")

    assert ("staff-complaint", HR, True) == (work.case["type"], work.case["handler"], work.case["confidential"])


def test_a_correction_is_kept_to_learn_from(work: Casework) -> None:
    """The event holds both types and who said so."""
    work.says(COORDINATOR, "应为 运营问题", answering="manager.notice")

    event = next(e for e in work.case["events"] if e["kind"] == "reclassified")
    assert ("customer-complaint", "operational-problem") == (event["data"]["was"], event["data"]["type"])
    assert COORDINATOR == event["actor"]


def test_urgency_changes_the_deadlines(work: Casework) -> None:
    """加急 halves what is left of the pack's own times, 普通 gives them back; the handler hears of it."""
    usual = _due(work, "resolve")

    letters = work.says(COORDINATOR, "加急", answering="manager.notice")

    assert "high" == work.case["urgency"]
    assert _due(work, "resolve") < usual
    assert "加急" in to(letters, HANDLER)[0].subject
    work.says(COORDINATOR, "普通", answering="manager.notice")
    assert usual == _due(work, "resolve")


def test_a_handler_below_the_head_does_not_say_how_urgent_it_is(work: Casework) -> None:
    """加急 of somebody who neither leads the unit nor coordinates is refused."""
    work.says(COORDINATOR, "转黄秋燕", answering="manager.notice")

    letters = work.says("huang.qiuyan@corp.example", "特急")

    assert "权限" in work.refusal(letters)
    assert "normal" == work.case["urgency"]


def test_raising_the_urgency_late_leaves_time_to_act(work: Casework) -> None:
    """A deadline that would lie in the past already is reckoned from now on."""
    work.later(timedelta(days=9))

    work.says(COORDINATOR, "加急", answering="manager.notice")

    assert all(c["due"] > work.desk.now.isoformat() for c in work.case["clocks"] if c["kind"] == "resolve"
               and c["state"] == "open")  # fmt: skip
