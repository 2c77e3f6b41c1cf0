"""How a case ends: each outcome with all it needs, refused without, and watched by no clock afterwards."""

from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from maild.sandbox.clients import bounce
from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
CLOSING = "结案：\n原因：面单破损，内线查了三天。\n措施：更换该线路的面单耗材，对分拣班扣罚。"


def test_an_answered_case_goes_on_for_what_is_missing(work: Casework) -> None:
    """After an answer the clock `resolve` runs on, and the echo names analysis and measure."""
    letters = work.says(HANDLER, ANSWER)

    assert "answered" == work.state
    assert "resolve" in work.clocks
    assert not {"accept", "first-answer"} & work.clocks
    echo = of_kind(letters, "staff.echo")[0].text
    assert "原因分析" in echo
    assert "处理措施" in echo


def test_resolve_after_an_answer_closes_and_asks_for_a_rating(work: Casework) -> None:
    """Analysis and measure after an accepted answer close at once; nothing of them leaves; no clock watches."""
    work.says(HANDLER, ANSWER)

    letters = work.says(HANDLER, CLOSING)

    assert ("closed", "resolved", set()) == (work.state, work.case["outcome"], work.clocks)
    closing = of_kind(letters, "requester.closed")[0]
    assert CUSTOMER == closing.to
    assert "满意" in closing.text
    assert "不满意" in closing.text
    assert [] == telling(to(work.letters, CUSTOMER), "分拣班", "面单耗材", "内线")


def test_one_mail_with_everything_answers_and_closes(work: Casework) -> None:
    """With 答复来信人 in the same mail that part alone leaves, asks for the rating, and closes when it is accepted."""
    letters = work.says(HANDLER, f"{CLOSING}\n答复来信人：订单今天已重新发出，11月26日送达。")

    assert "closed" == work.state
    answer = of_kind(letters, "requester.answer")[0]
    assert "11月26日送达" in answer.text
    assert "满意" in answer.text
    assert [] == telling([answer], "分拣班", "面单耗材")
    assert [] == of_kind(letters, "requester.closed")


def test_resolve_with_something_missing_is_refused(work: Casework) -> None:
    """The refusal names what is missing, nothing leaves, nothing changes."""
    before = work.state, work.clocks

    letters = work.says(HANDLER, "结案：原因：面单破损。")

    assert "处理措施" in work.refusal(letters)
    assert "给来信人的答复" in work.refusal(letters)
    assert [] == to(letters, CUSTOMER)
    assert before == (work.state, work.clocks)


def test_a_telling_counts_as_the_answer(work: Casework) -> None:
    """已电话告知 answers without a mail, and what was said stays inside."""
    letters = work.says(HANDLER, "已电话告知：赵先生同意11月26日收货，他弟弟代收。")

    assert "answered" == work.state
    assert [] == to(letters, CUSTOMER)
    work.says(HANDLER, CLOSING)
    assert "closed" == work.state


def test_a_new_address_is_used_once_its_owner_confirmed_it(work: Casework) -> None:
    """An address in a telling is asked first, without a word of the case; the old one stays the requester's too."""
    daughter = "heyan_85@mail-163.example"
    letters = work.says(HANDLER, f"已电话告知：赵先生同意，以后请发他女儿邮箱 {daughter}。")
    asked = of_kind(letters, "requester.contact")[0]
    assert (daughter, False) == (asked.to, "空气炸锅" in asked.text)
    assert CUSTOMER == work.case["requester"]

    work.says(daughter, "确认")
    letters = work.says(HANDLER, ANSWER, answering="handler.assignment")

    assert [daughter] == [x.to for x in of_kind(letters, "requester.answer")]
    work.says(CUSTOMER, "还是没有收到，请退款。")
    assert "reopened" == work.state


def test_a_returned_answer_opens_the_case_until_it_was_told(work: Casework) -> None:
    """A bounced answer does not count; a telling after the bounce notice stands for it and closes again."""
    letters = work.says(HANDLER, f"{CLOSING}\n答复来信人：订单今天已重新发出，11月26日送达。")
    answer = of_kind(letters, "requester.answer")[0]
    work.desk.servers.deliver(_bounce(answer.raw), "gm@corp.example")
    work.later(timedelta(minutes=1))

    assert "reopened" == work.state
    assert "answer" in work.clocks
    work.says(HANDLER, "已电话告知", answering="staff.bounce")

    assert ("closed", "resolved", set()) == (work.state, work.case["outcome"], work.clocks)


def test_the_coordinator_ends_what_cannot_be_handled(work: Casework) -> None:
    """无法联系 with a reason closes by the coordinator alone; nobody outside hears; a handler may not."""
    refused = work.says(HANDLER, "结案：无法联系。打了五次电话无人接听。")
    assert "权限" in work.refusal(refused)

    letters = work.says(COORDINATOR, "结案：无法联系。打了五次电话无人接听。", answering="manager.notice")

    assert ("closed", "unreachable", set()) == (work.state, work.case["outcome"], work.clocks)
    assert [] == to(letters, CUSTOMER)


def test_an_opinion_needs_one_line_and_an_answer(tmp_path: Path) -> None:
    """`noted`: one line of analysis and the answer."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open(subject="表扬城西店", text="城西店的小李师傅服务很好，帮老人把锅送到家，特此表扬，不需要回复什么。")
        assert "customer-opinion" == work.case["type"]

        work.says(HANDLER, "结案：已转告门店并在例会表扬。\n答复来信人：谢谢您的肯定，已转告城西店李师傅本人。")

        assert ("closed", "noted") == (work.state, work.case["outcome"])


def test_one_text_answers_each_linked_writer_alone(work: Casework) -> None:
    """答复全部: every writer of the linked cases gets a mail of their own, and each case is answered."""
    other, number = "sun.li@mail-b.example", work.case["number"]
    letters = work.desk.receive(mail(f"{number} 我也三周没有发货", LETTER.replace("空气炸锅", "电饭锅"), sender=other))
    work.letters += letters
    work.says(COORDINATOR, "转物流部处理", answering="manager.notice")

    sent = work.says(HANDLER, ANSWER.replace("答复：", "答复全部："), answering="handler.assignment")

    answers = of_kind(sent, "requester.answer")
    assert [CUSTOMER, other] == sorted((x.to for x in answers), reverse=True)
    assert all(str(x.message["To"]).count("@") == 1 for x in answers)
    assert {"answered"} == {case["state"] for case in work.desk.cases()}


def test_old_keys_open_nothing(work: Casework) -> None:
    """Thirty days after closing a staff key is over; the case stays closed and the writer gets a fresh key."""
    work.says(HANDLER, ANSWER)
    work.says(HANDLER, CLOSING)
    work.later(timedelta(days=31))

    letters = work.says(HANDLER, "备注：归档。", answering="handler.assignment")

    assert [] == of_kind(letters, "staff.echo")


def _bounce(raw: bytes) -> bytes:

    sent = message_from_bytes(raw)
    return bounce(sent, CUSTOMER, datetime.fromisoformat("2026-11-24T10:00:00+08:00"))
