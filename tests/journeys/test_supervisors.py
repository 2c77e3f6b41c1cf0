"""A note or an answer of the handler reaches the case's supervisors, inside (casework 6)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
PROGRESS = "manager.progress"
ANSWER = "答复：\n包裹今天上午在惠州中转站找到，11 月 30 日前送达，运费已退 12 元，因为仓库漏扫。"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


@pytest.fixture
def assignment(desk: TestDesk) -> Letter:
    """The assignment of a case that has been escalated until it has a supervisor."""
    first = of_kind(desk.receive(mail()), "handler.assignment")[0]
    for _ in range(12):
        if supervisors(desk):
            break
        desk.later(timedelta(hours=12))
    assert supervisors(desk)
    return first


def supervisors(desk: TestDesk) -> list[str]:
    """Who supervises the one case."""
    (number,) = [case["number"] for case in desk.cases()]
    with desk.workshop().store.reading() as books:
        case = books.case(number)
    assert case is not None
    return list(case.supervisors)


def says(desk: TestDesk, letter: Letter, text: str) -> list[Letter]:
    """What leaves when the reader of a letter answers it so."""
    raw = mail(f"Re: {letter.subject}", text, sender=letter.to, to=letter.reply_to)
    return desk.receive(raw, authentication="pass")


@pytest.mark.parametrize(
    ("text", "word"), [("备注：仓库在找这个包裹。", "仓库在找"), ("我去问一下仓库。", "我去问"), (ANSWER, "惠州中转站")]
)
def test_supervisors_read_what_the_handler_says(desk: TestDesk, assignment: Letter, text: str, word: str) -> None:
    """A note, a reply without an order and an answer reach each supervisor once, with the words and a key."""
    letters = of_kind(says(desk, assignment, text), PROGRESS)

    assert sorted(supervisors(desk)) == sorted(letter.to for letter in letters)
    assert all(word in letter.text for letter in letters)
    assert all(letter.token for letter in letters)


def test_a_supervisor_can_step_in_by_answering(desk: TestDesk, assignment: Letter) -> None:
    """The notice's key is the supervisor's: the case goes where its reply routes it."""
    progress = of_kind(says(desk, assignment, "备注：仓库在找这个包裹。"), PROGRESS)[0]

    letters = says(desk, progress, "转财务部")

    assert "handler.assignment" in [letter.kind for letter in letters]
    assert assignment.to != desk.cases()[0]["handler"]


def test_a_supervisor_is_not_told_of_their_own_words(desk: TestDesk, assignment: Letter) -> None:
    """Who notes something does not get it back; and nothing of it leaves the organisation."""
    progress = of_kind(says(desk, assignment, "备注：仓库在找这个包裹。"), PROGRESS)[0]

    letters = says(desk, progress, "备注：请今天给我结果。")

    assert progress.to not in [letter.to for letter in of_kind(letters, PROGRESS)]
    assert CUSTOMER not in [letter.to for letter in letters]


def test_without_a_supervisor_nobody_is_told(desk: TestDesk) -> None:
    """A case that runs as it should bothers no superior."""
    first = of_kind(desk.receive(mail()), "handler.assignment")[0]

    assert [] == of_kind(says(desk, first, "备注：仓库在找这个包裹。"), PROGRESS)


def test_an_escalation_that_was_merely_read_leaves_the_case_with_its_handler(desk: TestDesk) -> None:
    """收到 from a supervisor is a note; what comes back offers what a supervisor may order, and no 接办."""
    desk.receive(mail())
    escalation = None
    for _ in range(12):
        letters = desk.later(timedelta(hours=12))
        handler = desk.cases()[0]["handler"]
        escalation = next((one for one in of_kind(letters, "manager.escalation") if one.to != handler), escalation)
        if escalation is not None:
            break
    assert escalation is not None

    answer = of_kind(says(desk, escalation, "收到"), "staff.no-command")[0]

    assert (desk.cases()[0]["state"], desk.cases()[0]["handler"]) == ("assigned", handler)
    assert "批示" in answer.text
    assert "接办）" not in answer.text
