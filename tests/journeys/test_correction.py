"""`责令整改`: the supervisory group orders a correction, which the handler must answer (casework 5, P9.4.7)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import mail

pytestmark = pytest.mark.slow
CHAIR = "shi.yuan@corp.example"
ORDER = "1 责令整改，3个工作日内：查清漏发原因，整改仓库复核流程。"
REPORT = "整改情况：漏发因复核岗缺员，11月25日起双人复核，已对当月 212 单复查，没有再漏。"
CHASED = {"manager.escalation", "manager.combined"}
CLOSING = "结案\n原因：面单破损被退回\n措施：今天重新发出\n答复来信人：您的订单今天已重新发出，11月26日送达。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A case that logistics let lie, which the chair of the supervisory board finds under 状态."""
    with open_desk(tmp_path, hold="0") as desk:
        made = Casework(desk)
        made.open()
        assert not asks(made)
        made.later(timedelta(days=1))
        assert asks(made)
        yield made


def asks(work: Casework) -> bool:
    """状态, as a mail of its own; whether the answer names the case."""
    date = work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
    answers = work.desk.receive(mail("状态", "状态", sender=CHAIR, date=date), authentication=INSIDE.format(CHAIR))
    work.letters += answers
    return "GM-2026-000001" in of_kind(answers, "staff.status")[0].text


def ordered(work: Casework) -> list[Letter]:
    """The order, given as a line in answer to what was found."""
    return work.says(CHAIR, ORDER, answering="staff.status")


def test_an_order_goes_to_handler_and_coordinator_with_its_own_clock(work: Casework) -> None:
    """Both hear what is ordered, by whom and until when; the clock `correct` runs, and the echo says so."""
    letters = ordered(work)

    told = of_kind(letters, "handler.instruction")
    assert [HANDLER, COORDINATOR] == [x.to for x in told]
    assert "请于11月30日（周一）18:00前整改，并回复整改情况：施远" in told[0].text
    assert "整改情况：" in told[0].text
    assert "请督促整改" in told[1].text
    assert "correct" in work.clocks
    assert "11月30日（周一）18:00" in of_kind(letters, "staff.echo")[0].text


def test_only_the_supervisory_group_may_order_it_and_only_with_a_date(work: Casework) -> None:
    """Neither the coordinator nor the handler may; without a date nothing is ordered."""
    assert "不在您的权限之内" in work.refusal(
        work.says(COORDINATOR, "责令整改，3个工作日内：查清", answering="manager.notice")
    )
    assert "不在您的权限之内" in work.refusal(work.says(HANDLER, "责令整改，3个工作日内：查清"))
    undated = work.says(CHAIR, "1 责令整改：查清漏发原因", answering="staff.status")
    assert "缺少日期" in of_kind(undated, "staff.echo")[0].text
    assert "correct" not in work.clocks


def test_the_report_ends_it_and_goes_to_who_ordered(work: Casework) -> None:
    """整改情况 with cause and measure meets the clock; a bare 已整改 does not, and nothing reaches the requester."""
    ordered(work)

    bare = work.says(HANDLER, "已整改", answering="handler.instruction")
    assert "没有写明原因、措施或结果" in work.refusal(bare)
    assert "correct" in work.clocks
    letters = work.says(HANDLER, REPORT, answering="handler.instruction")

    assert "correct" not in work.clocks
    progress = to(letters, CHAIR)
    assert ["manager.progress"] == [x.kind for x in progress]
    assert "双人复核" in progress[0].text
    assert all(x.to.endswith("corp.example") for x in letters)


def test_neither_an_answer_nor_a_route_nor_a_closing_ends_it(work: Casework) -> None:
    """It waits for its own answer: 答复 and 转 leave it running, 结案 is refused until it was answered."""
    ordered(work)
    work.says(HANDLER, ANSWER, answering="handler.assignment")
    assert "correct" in work.clocks
    refused = work.says(HANDLER, CLOSING, answering="handler.assignment")
    assert "责令整改尚未回复" in work.refusal(refused)
    work.says(COORDINATOR, "转物流部王磊", answering="manager.notice")
    assert "correct" in work.clocks

    work.says("wang.lei@corp.example", f"{REPORT}\n{CLOSING}", answering="handler.assignment")

    assert "correct" not in work.clocks


def test_unanswered_it_climbs_with_the_group_on_the_first_rung(work: Casework) -> None:
    """At its end handler, head, coordinator and the group hear; a working day later the superior."""
    ordered(work)

    due = work.later(timedelta(days=5, hours=10))

    late = [x.to for x in due if x.kind in CHASED and "整改" in x.text]
    assert {CHAIR, HANDLER, COORDINATOR} <= set(late)
    later = work.later(timedelta(days=3))
    assert "wu.jianhua@corp.example" in [x.to for x in later if x.kind in CHASED and "整改" in x.text]
