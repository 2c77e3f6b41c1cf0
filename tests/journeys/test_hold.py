"""A person's words to the outside can be taken back for ten minutes, and put right afterwards (casework 5, "Undo")."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
TEN = timedelta(minutes=10)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A routed complaint at a desk with the usual hold."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        made = Casework(desk)
        made.open()
        yield made


def test_an_answer_waits_and_the_echo_says_how_to_take_it_back(work: Casework) -> None:
    """Nothing leaves within the hold; the echo says until when and by which word; afterwards it leaves by itself."""
    letters = work.says(HANDLER, ANSWER)

    assert [] == to(letters, CUSTOMER)
    echo = of_kind(letters, "staff.echo")[0].text
    assert "10分钟内" in echo
    assert "撤销" in echo
    assert 1 == work.desk.kept
    assert ["requester.answer"] == [x.kind for x in to(work.later(TEN), CUSTOMER)]


def test_an_acknowledgement_is_never_held(work: Casework) -> None:
    """What maild itself answers leaves at once."""
    letters = work.desk.receive(mail("另一件事", LETTER, sender="other@mail-b.example"))

    assert ["other@mail-b.example"] == [x.to for x in of_kind(letters, "requester.acknowledgement")]


def test_undo_within_the_hold_takes_everything_back(work: Casework) -> None:
    """撤销: nothing leaves, state and clocks are as before, and a new event says so."""
    before = work.state, sorted(work.clocks)
    work.says(HANDLER, ANSWER)

    letters = work.says(HANDLER, "撤销")

    assert "已撤销" in of_kind(letters, "staff.echo")[0].text
    assert before == (work.state, sorted(work.clocks))
    assert "undone" == work.case["events"][-1]["kind"]
    assert [] == to(work.later(timedelta(hours=1)), CUSTOMER)


def test_undo_counts_once(work: Casework) -> None:
    """What was undone cannot be undone again."""
    work.says(HANDLER, ANSWER)
    work.says(HANDLER, "撤销")

    assert "没有可以撤销" in work.refusal(work.says(HANDLER, "撤销", answering="handler.assignment"))


def test_after_the_hold_a_correction_goes(work: Casework) -> None:
    """The refusal says when it was sent and how to put it right; 更正 sends a letter of its own, held as well."""
    work.says(HANDLER, ANSWER)
    work.later(TEN)

    refusal = work.refusal(work.says(HANDLER, "撤销"))
    assert "发出" in refusal
    assert "09:" in refusal
    assert "更正" in refusal
    work.says(HANDLER, "更正：送达日期应为11月27日，前信写成26日，抱歉。")
    letters = to(work.later(TEN), CUSTOMER)

    assert ["requester.correction"] == [x.kind for x in letters]
    assert "11月27日" in letters[0].text
    assert "answered" == work.state


def test_the_requesters_next_mail_stops_the_words(work: Casework) -> None:
    """Within the hold it goes to the handler, the answer stays; 仍然发送 sends it after all."""
    work.says(HANDLER, ANSWER)

    letters = work.says(CUSTOMER, "补充：外包装在驿站破了，照片我留着。")

    told = of_kind(letters, "handler.addition")[0].text
    assert "没有发出" in told
    assert "仍然发送" in told
    assert "assigned" == work.state
    assert [] == to(work.later(TEN), CUSTOMER)
    work.says(HANDLER, "仍然发送", answering="handler.addition")
    assert ["requester.answer"] == [x.kind for x in to(work.later(TEN), CUSTOMER)]
    assert "answered" == work.state


def test_a_question_nobody_waits_for_does_not_leave(work: Casework) -> None:
    """An answer within the hold of a question takes the question's place."""
    work.says(HANDLER, "询问：请提供收货地址。")
    work.says(HANDLER, ANSWER, answering="handler.assignment")

    assert ["requester.answer"] == [x.kind for x in to(work.later(TEN), CUSTOMER)]


def test_an_empty_answer_leaves_only_when_it_is_sent_anyway(work: Casework) -> None:
    """仍然发送 after the refusal sends the words as they are, and the event says so."""
    assert "没有写明结果" in work.refusal(work.says(HANDLER, "答复：已处理。"))

    work.says(HANDLER, "仍然发送", answering="staff.refusal")

    assert ["requester.answer"] == [x.kind for x in to(work.later(TEN), CUSTOMER)]
    assert True is next(e["data"].get("anyway") for e in work.case["events"] if e["kind"] == "answered")
    assert "已经执行" in work.refusal(work.says(HANDLER, "仍然发送", answering="staff.refusal"))


def test_an_undone_route_tells_who_got_it(work: Casework) -> None:
    """Inside mails leave at once; their undo sends "withdrawn", and the case is where it was."""
    work.says(COORDINATOR, "转质量部处理", answering="manager.notice")
    assert "质量部" == work.case["unit"]

    letters = work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert "物流部" == work.case["unit"]
    assert HANDLER == work.case["handler"]
    assert 1 == len(of_kind(letters, "handler.withdrawn"))
    assert "作废" in of_kind(letters, "handler.withdrawn")[0].subject


def test_what_somebody_acted_on_is_not_undone(work: Casework) -> None:
    """Once another person has done something with the case, an earlier route stands."""
    work.says(HANDLER, "收到", answering="handler.assignment")

    refusal = work.refusal(work.says(COORDINATOR, "撤销", answering="staff.echo"))

    assert "其后该事项又有新的办理" in refusal
    assert "in-progress" == work.state


def test_a_stopped_daemon_sends_what_is_past_its_hold(work: Casework) -> None:
    """The hold goes on counting while nothing runs."""
    work.says(HANDLER, ANSWER)
    work.desk.restart()

    assert ["requester.answer"] == [x.kind for x in to(work.later(TEN), CUSTOMER)]


def test_a_critical_case_is_answered_at_once(tmp_path: Path) -> None:
    """No hold where every minute counts."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        work = Casework(desk)
        work.open(subject="仓库着火了", text="你们城西仓库正在着火，里面还有人没有出来，烟很大，请马上派人救火！")
        assert "critical" == work.case["urgency"]

        letters = work.says(HANDLER, "答复：消防队11:05已到场，人员全部撤出，明火11:20扑灭，请勿靠近。")

        assert ["requester.answer"] == [x.kind for x in to(letters, CUSTOMER)]


def test_attachments_of_the_handler_go_along(work: Casework) -> None:
    """A file of the handler reaches the requester; a mail attached to the reply and a signature's picture do not."""
    files = {"运单 SF100.pdf": b"%PDF-1", "image001.png": b"\x89PNG", "内部往来.eml": b"From: x"}
    work.says(HANDLER, ANSWER, files=files)

    answer = to(work.later(TEN), CUSTOMER)[0]

    names = [part.get_filename() for part in answer.message.walk() if part.get_filename()]
    assert ["运单 SF100.pdf"] == names
    assert COMPLAINT[:4] not in names
