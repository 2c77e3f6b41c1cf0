"""A question stops the clocks, and waiting ends by itself (casework 4)."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
QUESTION = "询问：请提供收货地址和方便收货的时间。"
DAY = timedelta(days=1)


def due(work: Casework, kind: str) -> str:
    """Until when the open clock of this kind runs."""
    return str(next(c["due"] for c in work.case["clocks"] if c["kind"] == kind and c["state"] == "open"))


def test_a_question_reaches_the_requester_and_the_clocks_stop(work: Casework) -> None:
    """The unit asks, the case waits; nobody is chased for two weeks of working days but the requester."""
    letters = work.says(HANDLER, QUESTION)

    asked = of_kind(letters, "requester.question")[0]
    assert CUSTOMER == asked.to
    assert "收货地址" in asked.text
    assert "物流部" in asked.text
    assert "waiting" == work.state
    chased = [x for n in range(9) for x in work.later(DAY) if x.kind in {"handler.reminder", "manager.escalation"}]
    assert [] == chased


def test_the_answer_of_the_requester_starts_them_again(work: Casework) -> None:
    """The clocks have as much working time left as they had; the handler gets the mail."""
    before = due(work, "first-answer")
    work.says(HANDLER, QUESTION)
    work.later(2 * DAY)

    letters = work.says(CUSTOMER, "地址：深圳市福田区示例路1号，周末在家。")

    assert [HANDLER] == [x.to for x in of_kind(letters, "handler.addition")]
    assert "in-progress" == work.state
    assert before < due(work, "first-answer")
    assert "wait" not in work.clocks


def test_the_requester_is_reminded_and_then_the_handler_decides(work: Casework) -> None:
    """A reminder after 3 working days; after 10 the clocks run on and the handler is told."""
    work.says(HANDLER, QUESTION)

    letters = [(n, x) for n in range(1, 20) for x in work.later(DAY)]

    reminders = [n for n, x in letters if x.kind == "requester.reminder"]
    assert [4] == reminders
    over = [(n, x.to) for n, x in letters if x.kind == "handler.waited"]
    assert [(15, HANDLER)] == over
    assert "in-progress" == work.state


def test_a_handler_stops_the_clocks_twice(work: Casework) -> None:
    """The third question leaves all the same, and the clocks run on."""
    for _ in range(2):
        work.says(HANDLER, QUESTION)
        work.later(timedelta(hours=2))
        work.says(CUSTOMER, "地址之前写过了，还是那个地址，再说一遍：示例路1号。")

    letters = work.says(HANDLER, "询问：请问门牌号是几号？")

    assert [CUSTOMER] == [x.to for x in of_kind(letters, "requester.question")]
    assert "in-progress" == work.state
    assert "次数" in of_kind(letters, "staff.echo")[0].text


def test_an_answer_ends_the_waiting(work: Casework) -> None:
    """The handler may answer without waiting any longer; `resolve` goes on."""
    work.says(HANDLER, QUESTION)
    work.says(HANDLER, "答复：您的订单今天已按原地址重新发出，预计11月27日送达。")

    assert "answered" == work.state
    assert {"resolve", "idle"} == work.clocks


def test_a_vague_letter_waits_but_must_be_accepted(tmp_path: Path) -> None:
    """The question of the acknowledgement stops the first answer, never `accept`; what comes then makes it assigned."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        vague = "建议公司改进一下巡检记录，现在太麻烦了，大家都不爱填。"
        sender = "wen.zhiyuan@corp.example"
        letters = desk.receive(mail("合理化建议", vague, sender=sender), authentication="pass")
        assert "waiting" == desk.cases()[0]["state"]

        chased = to(desk.later(2 * DAY), str(desk.cases()[0]["handler"]))

        assert "handler.reminder" in {x.kind for x in chased} or "manager.escalation" in {x.kind for x in chased}
        ack = of_kind(letters, "requester.acknowledgement")[0]
        more = "在组装一线，两张表合成一张，手机扫码填。"
        desk.receive(mail(f"Re: {ack.subject}", more, sender=sender), authentication="pass")
        assert "assigned" == _state(desk)


def _state(desk: TestDesk) -> str:
    return str(desk.cases()[0]["state"])


def test_a_route_ends_the_waiting_of_a_case_that_nobody_has_accepted(tmp_path: Path) -> None:
    """A letter that was asked about at intake and is routed waits no more: idleness is watched, the question is not."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        text = "It would be helpful if your delivery notices said more. I would like that idea to be considered."
        work.start("A small idea", text, sender="emma@mail-ex.example")
        assert (work.state, "wait" in work.clocks) == ("waiting", True)

        work.says(COORDINATOR, "转市场部", answering="manager.notice")

        assert (work.state, "wait" in work.clocks) == ("assigned", False)
        with desk.workshop().store.reading() as books:
            case = books.case(work.case["number"])
            idle = [clock.next_at for clock in books.clocks(work.case["number"]) if clock.kind.value == "idle"]
        assert case is not None
        assert case.waiting_since is None
        assert idle != [None]
