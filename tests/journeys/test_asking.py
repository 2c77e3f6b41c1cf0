"""状态, 帮助, 查, 催办: what people ask by mail, what they may read, and what must not be told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
ACCUSED = "he.zhiqiang@corp.example"
STAFF = "huang.qiuyan@corp.example"
AGAINST = "我要投诉物流部经理何志强，他连续三个月扣发我的加班费，还当众辱骂员工。请公司调查，替我保密。"


@pytest.fixture
def work(tmp_path: Path, each_database: str) -> Iterator[Casework]:
    """A complaint with the logistics department."""
    with open_desk(tmp_path, database=each_database) as desk:
        made = Casework(desk)
        made.open()
        yield made


def _writes(work: Casework, who: str, subject: str, text: str = "", **fields: str) -> list[Letter]:
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)
    letters = work.desk.receive(made, authentication=INSIDE.format(who) if "corp" in who else None)
    work.letters += letters
    return letters


def test_a_manager_asks_how_the_cases_stand(work: Casework) -> None:
    """A new mail 状态 is answered with the open cases that are the asker's, and makes no case."""
    letters = _writes(work, HANDLER, "状态", "状态")

    assert [("staff.status", HANDLER)] == [(x.kind, x.to) for x in letters]
    assert work.case["number"] in letters[0].text
    assert 1 == len(work.desk.cases())


def test_status_reads_the_same_when_there_is_none(work: Casework) -> None:
    """Somebody without a case gets an answer that tells of none."""
    letters = _writes(work, "feng.xia@corp.example", "状态", "状态")

    assert ["staff.status"] == [x.kind for x in letters]
    assert "没有您可以查看" in letters[0].text
    assert [] == telling(letters, work.case["number"])


def test_status_of_one_case(work: Casework) -> None:
    """In answer to a case's mail 状态 tells of that case first."""
    letters = work.says(HANDLER, "状态")

    assert ["staff.status"] == [x.kind for x in letters]
    assert work.case["number"] in letters[0].subject
    assert "待接办" in letters[0].text


def test_who_is_complained_of_hears_of_nothing(tmp_path: Path) -> None:
    """Status, help and search never show a case to whom it excludes, nor that it is there."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()
        work.start("投诉", AGAINST, sender=STAFF)
        number = next(case["number"] for case in desk.cases() if case["type"] == "staff-complaint")

        letters = [*_writes(work, ACCUSED, "状态", "状态"), *work.says(ACCUSED, "查 加班费")]

        assert ["staff.status", "staff.status"] == [x.kind for x in letters]
        assert [] == telling(letters, number, "加班费，还", "员工投诉")


def test_the_requester_asks_for_the_status(work: Casework) -> None:
    """状态 in answer to an acknowledgement is answered with unit, state and deadline, no person, and reaches nobody."""
    letters = work.says(CUSTOMER, "状态")

    assert [("requester.status", CUSTOMER)] == [(x.kind, x.to) for x in letters]
    assert "物流部" in letters[0].text
    assert "已交办" in letters[0].text
    assert [] == telling(letters, "何志强")


def test_a_requester_without_a_key_gets_the_answer_at_the_known_address(work: Casework) -> None:
    """A new mail 状态 from a known address is answered there, whatever Reply-To says."""
    letters = _writes(work, CUSTOMER, "状态", "状态", Reply_To="thief@evil.example")

    assert [("requester.status", CUSTOMER)] == [(x.kind, x.to) for x in letters]


def test_a_stranger_who_asks_gets_nothing(work: Casework) -> None:
    """状态 from an address without a case sends nothing to it."""
    letters = _writes(work, "stranger@mail-x.example", "状态", "状态")

    assert [] == to(letters, "stranger@mail-x.example")


def test_a_letter_under_the_subject_status_is_a_letter(work: Casework) -> None:
    """A complaint whose subject is 状态 is no question: it becomes a case."""
    text = "我在你们城西店买的电饭煲第三次跳闸，店里说要等总部答复，已经等了两个星期没有任何人联系我，请尽快处理并退款，谢谢。"
    _writes(work, "qian.yun@mail-x.example", "状态", text)

    assert 2 == len(work.desk.cases())


def test_help_lists_the_commands(work: Casework) -> None:
    """帮助 is answered with each command as it is written, and no command that is not in force."""
    letters = _writes(work, HANDLER, "帮助", "帮助")

    assert ["staff.help"] == [x.kind for x in letters]
    assert "转物流部" in letters[0].text
    assert "上报" in letters[0].text
    assert "看原件" not in letters[0].text


def test_search_finds_words_of_mails(work: Casework) -> None:
    """查 finds Chinese words of two characters and more, case numbers, and English words."""
    for words in ("空气炸锅", "退款", "88231", work.case["number"]):
        letters = work.says(HANDLER, f"查 {words}")
        assert work.case["number"] in letters[0].text, words

    assert "没有您可以查看的事项" in work.says(HANDLER, "查 热水壶")[0].text


def test_sealed_cases_are_never_found(work: Casework) -> None:
    """What becomes confidential is found no more, not even by the coordinator."""
    assert work.case["number"] in work.says(COORDINATOR, "查 空气炸锅")[0].text

    work.says(COORDINATOR, "应为 员工投诉", answering="manager.notice")

    assert "没有您可以查看的事项" in work.says(COORDINATOR, "查 空气炸锅", answering="manager.notice")[0].text


def test_search_needs_a_key(work: Casework) -> None:
    """A mail 查 … without a key finds nothing and tells nothing."""
    letters = _writes(work, HANDLER, "查 空气炸锅", "查 空气炸锅")

    assert [] == of_kind(letters, "staff.status")


def test_the_coordinator_reminds_once(work: Casework) -> None:
    """催办 sends the handler one reminder; clocks stay, a second one the same day is refused."""
    before = work.case["clocks"]

    letters = work.says(COORDINATOR, "催办：客户又来电话了。", answering="manager.notice")

    reminder = of_kind(letters, "handler.reminder")[0]
    assert HANDLER == reminder.to
    assert "客户又来电话了" in reminder.text
    assert before == work.case["clocks"]
    assert "催办过" in work.refusal(work.says(COORDINATOR, "催办", answering="manager.notice"))


def test_a_requester_reminds_without_a_new_case(work: Casework) -> None:
    """催一下 reaches the handler once a day, begins no clock and no case."""
    first = work.says(CUSTOMER, "催一下")
    second = work.says(CUSTOMER, "催一下")

    assert [("handler.reminder", HANDLER)] == [(x.kind, x.to) for x in first]
    assert [] == second
    assert 1 == len(work.desk.cases())
    assert "answer" not in work.clocks
