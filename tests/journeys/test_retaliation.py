"""Revenge for feedback: straight to the gm, past whoever is named, and asked about a month after a complaint (P3.6.4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to, whole
from tests.journeys.post import mail
from tests.journeys.test_ledger import COMPLAINT, UPHELD, WRITER

GM, HR = "chen.guodong@corp.example", "zhou.min@corp.example"
LINE = {"he.zhiqiang@corp.example", "wu.jianhua@corp.example", "wang.lei@corp.example"}
"""The unit's head and deputy, and who stands over them."""
SUPERVISORS = {"shi.yuan@corp.example", "jian.shi@mail-a.example"}
REVENGE = (
    "上个月我向公司举报物流经理何志强虚报加班，之后他知道是我写的，当众说要让我待不下去，"
    "从11月2日起把我调到夜班搬货，还扣了我的绩效。这是对我举报的报复，请总经理处理。\n\n刘洋"
)
ASKED = "requester.aftermath"
FINDINGS = "不属实：经查没有这回事\n原因：双方误会\n措施：已当面沟通并调班\n答复来信人：经核查，您反映的情况查无实据，已安排双方当面沟通并调整班次。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An installation, and nothing in it."""
    with open_desk(tmp_path) as desk:
        yield Casework(desk=desk)


def written(work: Casework, subject: str, text: str, sender: str = WRITER, **fields: object) -> list[Letter]:
    """A first mail of a colleague, and what left because of it."""
    work.desk.now += timedelta(minutes=1)
    raw = mail(subject, text, sender=sender, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)  # type: ignore[arg-type]
    return work._take(work.desk.receive(raw, authentication=INSIDE.format(sender)))


def case_of(desk: TestDesk, kind: str) -> dict[str, Any]:
    """The newest case of a type."""
    return [case for case in desk.cases() if case["type"] == kind][-1]


def test_it_goes_to_the_gm_with_its_files_and_past_the_line_of_who_is_named(work: Casework) -> None:
    """The GM handles it and gets the evidence; nobody of the line of the person named hears of it, the writer is an alias."""
    work.start("hello", "hello", sender="x@mail-a.example")
    letters = written(work, "举报后被报复", REVENGE, files={"排班表.pdf": b"%PDF-1.4 shifts"})

    case = case_of(work.desk, "retaliation")
    (assignment,) = of_kind(letters, "handler.assignment")
    assert (GM, GM) == (case["handler"], assignment.to)
    assert ["附件1.pdf"] == [n for part in assignment.message.walk() if (n := part.get_filename())]
    assert [] == telling(letters, "刘洋", WRITER)[1:]
    later = [one for hours in (6, 24, 24, 48, 72) for one in work.later(timedelta(hours=hours))]
    assert LINE.isdisjoint({one.to for one in letters + later if str(case["number"]) in whole(one)})


def test_unanswered_by_its_deadline_it_comes_to_the_supervisory_body(work: Casework) -> None:
    """When the GM has not accepted in four working hours, both members of the supervisory body hear, and the GM."""
    work.start("hello", "hello", sender="x@mail-a.example")
    written(work, "举报后被报复", REVENGE)
    number = str(case_of(work.desk, "retaliation")["number"])

    letters = [one for hours in (2, 3) for one in work.later(timedelta(hours=hours))]

    told = {one.to for one in letters if one.kind == "manager.escalation" and number in whole(one)}
    assert SUPERVISORS | {GM} == told
    assert SUPERVISORS <= set(case_of(work.desk, "retaliation")["supervisors"])


def closed(work: Casework, words: str = UPHELD) -> None:
    """A staff complaint that HR has closed."""
    work.start("投诉", COMPLAINT, sender=WRITER)
    work.says(HR, words, answering="handler.assignment")
    assert work.state == "closed"


def a_month(work: Casework, days: int = 32) -> list[Letter]:
    """What the writer hears while the days go by."""
    return [one for _ in range(days) for one in to(work.later(timedelta(days=1)), WRITER)]


@pytest.mark.parametrize("words", [UPHELD, FINDINGS])
def test_a_month_after_the_end_the_writer_is_asked_once(work: Casework, words: str) -> None:
    """Found true or not: thirty days after the closing, one mail asks whether anything has happened; never a second."""
    closed(work, words)

    asked = of_kind(a_month(work, 60), ASKED)

    assert 1 == len(asked)
    assert "报复" in asked[0].text
    assert "王强" not in asked[0].text


@pytest.mark.parametrize("words", ["没有", "没有，谢谢。", "目前没有受到刁难，谢谢领导"])
def test_no_is_kept_and_opens_nothing(work: Casework, words: str) -> None:
    """没有 stands in the history, and no case comes of it."""
    closed(work)
    a_month(work)

    letters = work.says(WRITER, words, answering=ASKED)

    assert [] == letters
    assert 1 == len(work.desk.cases())
    assert "aftermath-none" in {event["kind"] for event in work.case["events"]}


@pytest.mark.parametrize(
    "words", ["有：王强把我调到夜班，说谁叫你写信。", "有", "yes: since then I get only night shifts"]
)
def test_yes_becomes_a_case_of_revenge_under_the_same_alias(work: Casework, words: str) -> None:
    """有 opens a case at the GM, linked to the old one, with its alias; who was complained of hears nothing of it."""
    closed(work)
    a_month(work)

    letters = work.says(WRITER, words, answering=ASKED)

    new = case_of(work.desk, "retaliation")
    assert (GM, True) == (new["handler"], new["confidential"])
    assert [work.case["number"]] == new["links"]
    assert work.case["requester"] == new["requester"]
    assert "来信人-" in str(new["requester"])
    assert [GM] == [one.to for one in of_kind(letters, "handler.assignment")]
    assert "wang.qiang@corp.example" in new["excluded"]
    assert [] == telling([one for one in letters if one.to != WRITER], "刘洋", WRITER)
    assert [] == to(letters, COORDINATOR)


def test_a_closed_problem_is_not_asked_about(work: Casework) -> None:
    """A customer's case that nobody found true or untrue is followed by no such question."""
    work.open()
    work.says(
        "he.zhiqiang@corp.example",
        "结案\n原因：面单破损\n措施：已重新发货并改用防水面单\n答复来信人：您的订单今天已重新发出，预计11月26日送达，另补20元券。",
        answering="handler.assignment",
    )
    assert work.state == "closed"

    left = [one for _ in range(35) for one in work.later(timedelta(days=1))]

    assert [] == of_kind(left, ASKED)
