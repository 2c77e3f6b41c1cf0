"""A complainant unmasked.

A curious or accused colleague wants to know who wrote: by asking, guessing, copying, answering in the writer's name, or
by what a letter carries besides its words. Held: the seal; of a confidential case nobody but its handlers sees more
than an alias, and a stranger's mail is answered alike whether or not there is such a case.

Elsewhere: every byte that leaves or lies anywhere in `tests/journeys/test_seal.py`, what others hear in
`test_secrecy.py`, ten tries by mail in `test_curious.py`.
"""

import re

import pytest

from tests.hostile.attack import attack, outside, raw
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import GM
from tests.journeys.letters import INSIDE, of_kind, telling, to, whole
from tests.journeys.post import bounce

CURIOUS, WRITER = "feng.xia@corp.example", "黄秋燕 <huang.qiuyan@corp.example>"
AGAINST = (
    "我要投诉行政部经理冯霞，她连续三个月扣发我的加班费，还当众辱骂员工。请公司调查，替我保密。\r\n"
    "黄秋燕 工号 10086 手机 13800138000"
)
TELLS = ("huang.qiuyan", "黄秋燕", "13800138000", "扣发", "加班费")


@pytest.fixture
def sealed(work: Casework) -> str:
    """The number of a confidential complaint about the curious colleague."""
    work.start("投诉", AGAINST, sender=WRITER)
    return next(str(case["number"]) for case in work.desk.cases() if case["confidential"])


def by_her(subject: str, text: str, head: str = "") -> bytes:
    """A properly signed mail of the curious colleague."""
    results = [f"mx.corp.example; {INSIDE.format(CURIOUS)}"]
    return raw(f"From: {CURIOUS}{head}", text, subject=subject, results=results)


def test_a_copy_of_the_complaint_does_not_tell_that_there_is_one(work: Casework) -> None:
    """Her guess of its words gets the same letters before the complaint has come and after."""
    guess = AGAINST.partition("\r\n")[0]
    plain = re.compile(r"GM-\d{4}-\d{6}(?:-\w{8})?|\d\d:\d\d")
    before = [
        plain.sub("", whole(x)).partition("Content-Type")[2] for x in to(attack(work, by_her("投诉", guess)), CURIOUS)
    ]
    work.start("投诉", AGAINST, sender=WRITER)
    work.desk.now = work.desk.now.replace(hour=15)
    after = [
        plain.sub("", whole(x)).partition("Content-Type")[2] for x in to(attack(work, by_her("投诉", guess)), CURIOUS)
    ]

    shown = [[re.findall(r"[\u4e00-\u9fff]+", page) for page in pages] for pages in (before, after)]
    assert shown[0] == shown[1]


def test_no_machine_mail_draws_words_out_of_the_case(work: Casework, sealed: str) -> None:
    """Reports, absences, receipts and invitations that name the case bring her nothing."""
    letters = []
    for subject in (sealed, f"Re: [{sealed}-00000000]", f"自动回复 {sealed}"):
        letters += attack(
            work,
            by_her(subject, "我出差到12月31日。", "\r\nAuto-Submitted: auto-replied"),
            by_her(subject, "BEGIN:VCALENDAR", "\r\nX-Invite: 1"),
            bounce("huang.qiuyan@corp.example", original=f"Subject: {subject}\r\nFrom: {GM}".encode()),
        )

    assert [] == telling(to(letters, CURIOUS), *TELLS)
    assert [] == outside(letters)


def test_words_about_it_reach_its_handlers_alone(work: Casework, sealed: str) -> None:
    """More of the writer's words, an intruder's mail, days that go by: nobody else reads a word of it."""
    attack(work, raw("From: huang.qiuyan@corp.example", AGAINST + "补充：证据在我手里。", subject=f"Re: 投诉 {sealed}",
                     results=[f"mx.corp.example; {INSIDE.format('huang.qiuyan@corp.example')}"]))  # fmt: skip
    attack(work, by_her(f"Re: 投诉 {sealed}", "抄送 冯霞"), by_her(f"查 {sealed}", "查 加班费"))
    work.later(work.desk.now.replace(day=30) - work.desk.now)

    others = [x for x in work.letters if x.to in {CURIOUS, HANDLER} or not x.to.endswith("@corp.example")]
    assert [] == telling([x for x in others if "查" not in x.subject], *TELLS)
    assert [] == telling(to(work.letters, COORDINATOR), *TELLS[:3])


def test_no_letter_to_the_inside_bears_the_writers_own_ids(work: Casework, sealed: str) -> None:
    """Neither Message-ID, date, client nor address of the writer stands in a header of a letter about the case."""
    inside = [x for x in work.letters if sealed in x.subject and x.to != "huang.qiuyan@corp.example"]

    assert inside
    assert [] == [x.to for x in inside if re.search(rb"pc\.example|huang", x.raw.partition(b"\r\n\r\n")[0])]
    assert [] == of_kind(inside, "manager.digest")


def test_a_link_to_an_open_case_does_not_tell_who_wrote_the_sealed_one(work: Casework, sealed: str) -> None:
    """The coordinator links a customer's case with the confidential one of the same writer: its handler sees no link."""
    work.start("投诉：订单 90412", "订单 90412 三周没有发货，我要求退款。", sender=WRITER)
    work.says(COORDINATOR, f"关联 {sealed}", answering="manager.notice")
    letters = work.says(COORDINATOR, "转物流部处理", answering="manager.notice")

    assert max(work.desk.cases(), key=lambda one: str(one["number"]))["links"] == [sealed]
    assert of_kind(to(letters, HANDLER), "handler.assignment")
    assert [] == telling(to(letters, HANDLER), sealed)
