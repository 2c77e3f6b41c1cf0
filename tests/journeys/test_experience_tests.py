"""An experience test: the calendar asks for it, what it finds becomes cases, rectified, tested again (P3.3.3, P3.5.4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to

COORDINATOR = "lin.xiaoyue@corp.example"
FORM, RETURN, ASSIGNED, RETEST = "receiver.form", "receiver.return", "handler.assignment", "receiver.retest"
NEW_YEARS_EVE = datetime.fromisoformat("2026-12-31T09:00:00+08:00")
RESOLVED = "结案\n原因：订单状态没有同步到页面\n措施：已修复同步任务并补发通知"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An installation on the eve of a quarter."""
    with open_desk(tmp_path) as desk:
        desk.now = NEW_YEARS_EVE
        desk.one_pass()
        yield Casework(desk=desk)


def asked(work: Casework) -> list[Letter]:
    """The first working day of the quarter, 09:00."""
    return of_kind(work.later(timedelta(days=4)), FORM)


def found(work: Casework) -> dict[str, Any]:
    """The case that the test opened."""
    return work.desk.cases()[1]


def rectified(work: Casework) -> tuple[str, str]:
    """A finding that its unit says is rectified; returns tester and handler."""
    forms = asked(work)
    tester = next(one.to for one in forms if one.to != COORDINATOR)
    text = "测试范围：服务流程\n测试项目：退款申请\n得分：2\n发现的问题：退款进度查不到\n责任部门：信息技术部"
    letters = work.says(tester, text, answering=FORM)
    (assignment,) = of_kind(letters, ASSIGNED)
    assert "退款进度查不到" in assignment.text
    work.says(assignment.to, RESOLVED, answering=ASSIGNED)
    return tester, assignment.to


def test_each_quarter_the_testers_are_asked_and_problems_become_cases(work: Casework) -> None:
    """The pack's own calendar sends the form; a row with a problem is a case of the responsible unit, others are none."""
    forms = asked(work)

    assert len(forms) == 4
    assert COORDINATOR in {one.to for one in forms}
    tester = next(one.to for one in forms if one.to != COORDINATOR)
    text = (
        "测试范围：服务流程\n测试项目：退款申请\n得分：2\n发现的问题：退款进度查不到\n责任部门：信息技术部\n\n"
        "测试范围：平台功能\n测试项目：搜索\n得分：5\n发现的问题：无"
    )
    work.says(tester, text, answering=FORM)

    cases = work.desk.cases()
    assert [case["type"] for case in cases] == ["experience-test"] * 2
    assert found(work)["unit"] == "信息技术部"
    assert found(work)["requester"] == tester
    assert found(work)["links"] == [cases[0]["number"]]


def test_it_stays_open_until_its_tester_has_tested_again(work: Casework) -> None:
    """Rectified is not closed: the tester is asked, and 复测通过 closes it."""
    tester, _ = rectified(work)
    (ask,) = [one for one in work.letters if one.kind == RETEST]
    assert ask.to == tester
    assert "已修复同步任务" in ask.text
    assert found(work)["state"] == "answered"

    work.says(tester, "复测通过", answering=RETEST)

    assert (found(work)["state"], found(work)["outcome"]) == ("closed", "resolved")


def test_a_failed_retest_opens_it_again(work: Casework) -> None:
    """复测不通过 sends it back to the unit with what was found, and the next rectification is tested again."""
    tester, handler = rectified(work)

    letters = work.says(tester, "复测不通过：退款后仍显示处理中", answering=RETEST)

    assert found(work)["state"] == "reopened"
    assert "仍显示处理中" in to(letters, handler)[0].text
    work.says(handler, RESOLVED, answering="handler.reopened")
    work.says(tester, "复测：合格", answering=RETEST)
    assert found(work)["state"] == "closed"


def test_a_retest_that_nobody_makes_is_chased(work: Casework) -> None:
    """The tester is reminded, then chased with the coordinator, who may say it instead; a stranger's word counts not."""
    tester, handler = rectified(work)

    work.says(handler, "复测通过", answering=ASSIGNED)
    assert found(work)["state"] == "answered"
    letters = work.later(timedelta(days=7))
    (chased,) = to(letters, tester)
    assert "复测通过" in chased.text

    work.says(COORDINATOR, "复测通过，已由我核对", answering="manager.escalation")
    assert found(work)["state"] == "closed"
