"""The accused handles or sees the case.

A colleague whom a letter complains of wants it in the own hands, or a look at it: by another of the own addresses, as an
assistant, as the unit, by having it routed. Held: conflict of interest in routing, copies, escalation, lists and search,
also for delegates and assistants, and for names learned later.

Elsewhere: `tests/journeys/test_conflict.py`, `test_who_is_meant.py` and `tests/domain/test_conflict.py`; what each
person may see in `test_curious.py` and `test_supervisors.py`.
"""

import pytest

from tests.hostile.attack import attack, raw, standing
from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.letters import INSIDE, telling, to

ACCUSED = "he.zhiqiang@corp.example"
AGAINST = "投诉：物流部经理何志强态度恶劣，订单 90412 三周没有发货，他在电话里骂客户。我要求公司处理他并退款。"
WAYS = {
    "asks": ("状态", "状态"), "searches": ("查", "查 90412"), "files a minute": ("会议纪要", "会议纪要：讨论了订单 90412。"),
    "takes it": ("Re: NUMBER", "转物流部，我来处理"), "answers": ("Re: NUMBER", "答复：已退款，请撤诉。"),
    "fetches": ("Re: NUMBER", "附件 1"), "prints": ("Re: NUMBER", "处理单"), "follows": ("Re: NUMBER", "抄送 何志强"),
    "merges": ("Re: NUMBER", "合并 GM-2026-000001"), "closes": ("Re: NUMBER", "结案：客户误会。措施：无。"),
    "hurries": ("Re: NUMBER", "催办"), "changes the type": ("Re: NUMBER", "分类 表扬"),
}  # fmt: skip


@pytest.fixture
def against(work: Casework) -> str:
    """The number of a customer's complaint about the logistics manager."""
    work.start("投诉何志强", AGAINST, sender="bella@mail-b.example")
    return max(str(case["number"]) for case in work.desk.cases())


def test_no_way_of_asking_shows_or_moves_it(work: Casework, against: str) -> None:
    """By each command, with and without a plus-tag, and by the deputy: nothing moves, nothing is told."""
    row = next(one for one in standing(work.desk) if one[0] == against)
    assert row[2] != ACCUSED
    own = (ACCUSED, "he.zhiqiang+x@corp.example", "wang.lei@corp.example")
    raws = [
        raw(f"From: {address}", text, subject=subject.replace("NUMBER", against),
            results=[f"mx.corp.example; {INSIDE.format(address)}"])
        for subject, text in WAYS.values() for address in own
    ]  # fmt: skip

    letters = attack(work, *raws)

    assert row in standing(work.desk)
    assert [] == telling(to(letters, ACCUSED), "90412 三周", "态度恶劣", "bella")
    assert [] == [letter.to for letter in letters if "bella" in letter.to]


def test_nobody_can_route_it_to_the_accused(work: Casework, against: str) -> None:
    """The coordinator who does not think of it is refused, by name, by unit, as second handler and as copy."""
    for text in ("转何志强", "转 he.zhiqiang@corp.example", "会办 何志强", "抄送 何志强", "转物流部，何志强承办"):
        letters = work.says(COORDINATOR, text, answering="manager.notice")

        assert [] == telling(to(letters, ACCUSED), "态度恶劣", "90412 三周"), text
        assert ACCUSED != next(one for one in standing(work.desk) if one[0] == against)[2], text


def test_days_that_go_by_tell_the_accused_nothing(work: Casework, against: str) -> None:
    """Reminders, rungs, Monday's list of the head and the digest: the accused reads no word of it."""
    before = len(work.letters)
    for day in (27, 30):
        work.later(work.desk.now.replace(day=day, hour=10) - work.desk.now)

    mine = to(work.letters[before:], ACCUSED)
    assert [] == telling(mine, against, "态度恶劣", "bella")
