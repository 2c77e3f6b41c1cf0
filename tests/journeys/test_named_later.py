"""Somebody named later loses key, copies, digest lines, search and status at once; a custodian named is told to the gm."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to, whole
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

GM = "chen.guodong@corp.example"
CUSTODIAN = "yin.hang@corp.example"
MARK = "空气炸锅"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A customer's complaint at logistics, of which the head has mails, a key, and a place in every list."""
    with open_desk(tmp_path) as desk:
        opened = Casework(desk=desk)
        opened.open()
        yield opened


def asks(work: Casework, who: str, text: str) -> str:
    """What a new mail of a colleague with a question is answered, all of it."""
    work.desk.now += timedelta(minutes=1)
    made = mail(text, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))
    letters = work._take(work.desk.receive(made, authentication=INSIDE.format(who)))
    return "\n".join(whole(one) for one in to(letters, who))


def test_the_handler_named_in_a_note_has_nothing_left_of_the_case(work: Casework) -> None:
    """涉及 何志强 by the coordinator: from that moment no key, no copy, no list, no search and no status knows the case."""
    number = work.case["number"]
    assert number in asks(work, HANDLER, "状态")
    listed = to(of_kind(work.letters, "staff.status"), HANDLER)[-1]
    work.says(COORDINATOR, "备注：涉及 何志强", answering="manager.notice")
    gone = len(work.letters)

    assert number not in asks(work, HANDLER, "状态")
    assert number not in asks(work, HANDLER, f"查 {MARK}")
    answer = "答复：您的订单今天已重新发出，预计11月26日送达。"
    assert [] == to(work.says(HANDLER, answer, answering="handler.assignment"), HANDLER)
    work.letters.append(listed)
    work.says(HANDLER, f"{number} 答复：今天已重新发出，预计11月26日送达。", answering="staff.status")
    work.says(CUSTOMER, "还是没有收到，请尽快。", answering="requester.acknowledgement")
    for hours in (24, 24, 72, 24, 24, 24, 24):
        work.later(timedelta(hours=hours))

    mine = [one for one in work.letters[gone:] if one.to == HANDLER and one is not listed]
    assert [] == telling(mine, MARK)
    assert [] == [one.kind for one in mine if number in whole(one) and not one.kind.startswith("staff.")]
    assert work.case["handler"] not in {HANDLER, None}
    assert [] == of_kind(work.letters[gone:], "requester.answer")


def test_a_custodian_named_is_told_to_the_gm_without_content(tmp_path: Path) -> None:
    """A complaint of the mail server's keeper: the GM hears of the case and why, and not a word of the letter."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk=desk)
        text = "我要投诉信息技术部经理高翔，他上周三在机房当众辱骂我、推我，有两位同事在场。请公司调查处理。"
        work.start("投诉", text, sender="liu.yang@corp.example")

        (notice,) = to(of_kind(work.letters, "manager.notice"), GM)
        assert "邮箱的人员" in notice.text
        assert [] == [word for word in ("高翔", "机房", "刘洋", "同事") if word in whole(notice)]


def test_a_custodian_named_later_is_told_to_the_gm_too(work: Casework) -> None:
    """A note that names the keeper brings the GM the same mail, once."""
    work.says(COORDINATOR, "备注：涉及 高翔", answering="manager.notice")
    work.says(COORDINATOR, "备注：涉及 高翔", answering="manager.notice")

    (notice,) = to(of_kind(work.letters, "manager.notice"), GM)
    assert "邮箱的人员" in notice.text
    assert [] == telling([notice], MARK, "高翔", LETTER[:12], COMPLAINT)
