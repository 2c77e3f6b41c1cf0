"""Ten tries of a curious or vengeful colleague, each by mail: nothing is learned, nothing moves (security.md)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import ANSWER, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
CURIOUS = "feng.xia@corp.example"
AGAINST = "我要投诉行政部经理冯霞，她连续三个月扣发我的加班费，还当众辱骂员工。请公司调查，替我保密。"
SECRET = "加班费"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint with logistics, and a confidential one about the curious colleague with HR."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open()
        made.start("投诉", AGAINST, sender="huang.qiuyan@corp.example")
        yield made


def sends(
    work: Casework, subject: str, text: str, *, who: str = CURIOUS, sure: str = CURIOUS, **fields: str
) -> list[Letter]:
    """A mail in somebody's name, by the login of another."""
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)
    letters = work.desk.receive(made, authentication=INSIDE.format(sure) if sure else None)
    work.letters += letters
    return letters


def sealed(work: Casework) -> dict[str, Any]:
    """The confidential case."""
    return next(case for case in work.desk.cases() if case["confidential"])


def key_of(work: Casework, who: str) -> str:
    """The subject of the newest letter that somebody has, as it would be forwarded."""
    return work.got(who)[-1].subject


TRIES: dict[str, Callable[[Casework], list[Letter]]] = {
    "asks-for-the-status-of-the-complaint": lambda w: sends(w, f"状态 {sealed(w)['number']}", "状态"),
    "searches-for-its-words": lambda w: [*sends(w, "状态", "状态"), *sends(w, key_of(w, CURIOUS), "查 扣发")],
    "files-a-minute-into-it": lambda w: sends(w, f"会议纪要 {sealed(w)['number']}", "周会讨论了排班。"),
    "orders-under-a-forwarded-key": lambda w: sends(w, f"转发：{key_of(w, HANDLER)}", "转行政部"),
    "answers-the-customer-under-it": lambda w: sends(w, f"Re: {key_of(w, HANDLER)}", ANSWER),
    "orders-in-the-handlers-name": lambda w: sends(w, f"Re: {key_of(w, HANDLER)}", "转行政部", who=HANDLER),
    "signs-as-the-handlers-hand": lambda w: sends(w, f"Re: {key_of(w, HANDLER)}", "转行政部", who=HANDLER, Sender=CURIOUS),
    "tells-in-a-minute-that-it-is-answered": lambda w: sends(w, f"记录 {w.case['number']}", "记录：已电话告知客户，订单今天重发。"),
    "guesses-the-thread": lambda w: sends(w, "Re: 投诉", "请抄送冯霞",
                                          In_Reply_To=str(w.got("zhou.min@corp.example")[-1].message["Message-ID"])),
    "withdraws-it-for-the-writer": lambda w: sends(
        w, f"Re: {key_of(w, 'huang.qiuyan@corp.example')}", "撤回投诉", who="huang.qiuyan@corp.example"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TRIES))
def test_a_curious_colleague_learns_and_moves_nothing(work: Casework, name: str) -> None:
    """Neither case changes hands or state, no word of the complaint reaches its object, nothing reaches a customer."""
    before = [(case["number"], case["state"], case["handler"]) for case in work.desk.cases()]

    letters = TRIES[name](work)

    known = {number for number, _, _ in before}
    after = [(c["number"], c["state"], c["handler"]) for c in work.desk.cases() if c["number"] in known]
    assert before == after
    mine = to(letters, CURIOUS)
    assert [] == telling(mine, SECRET, "huang.qiuyan", "黄秋燕", "员工投诉")
    assert [] == to(letters, CUSTOMER)
    assert [] == of_kind(mine, "staff.fresh-key")
