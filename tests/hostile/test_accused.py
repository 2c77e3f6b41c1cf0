"""The accused handles or sees the case.

A colleague whom a letter complains of wants it in the own hands, or a look at it: by another of the own addresses, as an
assistant, as the unit, by having it routed. Held: conflict of interest in routing, copies, escalation, lists and search,
also for delegates and assistants, and for names learned later.

Elsewhere: `tests/journeys/test_conflict.py`, `test_who_is_meant.py` and `tests/domain/test_conflict.py`; what each
person may see in `test_curious.py` and `test_supervisors.py`.
"""

from datetime import timedelta

import pytest

from tests.hostile.attack import attack, raw, standing
from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.desk import TestDesk
from tests.journeys.letters import INSIDE, telling, to
from tests.journeys.office_people import own_directory, replaced
from tests.journeys.post import mail

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


BELLA = "bella@mail-b.example"
MEANWHILE = {
    "another type": (COORDINATOR, "分类 员工投诉", INSIDE.format(COORDINATOR)),
    "a name": (BELLA, "何志强在电话里骂我，我要投诉何志强！", "dmarc=pass header.from=mail-b.example"),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_waits_is_taken_back_when_the_case_is_closed_to_its_reader(desk: TestDesk, what: str) -> None:
    """Routed, and in the same minute closed to the handler: the assignment that waits in the outbox stays there."""
    work = Casework(desk)
    work.start(
        "投诉订单 90412 三周没有发货", "订单 90412 三周没有发货，物流显示还在仓库。我要求立即退款。", sender=BELLA
    )
    who, text, passes = MEANWHILE[what]
    routed, closed = (
        raw(f"From: {one}", said, subject=f"Re: {work.got(one)[0].subject}", results=[f"mx.corp.example; {by}"])
        for one, said, by in ((COORDINATOR, "转物流部，请处理", INSIDE.format(COORDINATOR)), (who, text, passes))
    )

    letters = attack(work, routed, closed)

    assert [("withdrawn",)] == desk.rows("select state from outbox where state <> 'sent'")
    assert [] == to(letters, ACCUSED)


DID = "从10月12日起在车间当众辱骂我、推我，还摔了我的紫色保温杯，之后每天安排我一个人加班。请调查处理。"
HR, DRIVER = "zhou.min@corp.example", "wang.qiang2@corp.example"
GUISES = {
    "周敏": HR, "zhou.min@corp.example ": HR, "Zhou Min ": HR, "min zhou ": HR, "周 敏 ": HR, "周總": HR, "我们人力资源部的经理": HR,
    "林曉月": COORDINATOR, "LIN Xiaoyue ": COORDINATOR, "林小月": COORDINATOR,
}  # fmt: skip


def test_no_guise_of_the_name_brings_the_letter_to_whom_it_complains_of(desk: TestDesk) -> None:
    """The head of HR and the coordinator by address, in pinyin, with blanks, by post: neither handles nor hears."""
    work = Casework(desk)
    for name, accused in GUISES.items():
        letters = work.start(f"投诉{name}", f"{name}{DID}", sender="miao.qing@corp.example")
        case = max(desk.cases(), key=lambda one: str(one["number"]))

        assert case["confidential"], name
        assert accused in case["excluded"], name
        assert case["handler"] not in {None, accused}, name
        assert [] == [one for one in telling(letters, str(case["number"]), "保温杯") if one[0] == accused], name


def test_an_accused_named_in_an_attachment_alone_is_out(desk: TestDesk) -> None:
    """见附件, and the text beside it tells of whom: the head of HR does not get it."""
    letter = mail("投诉", "请见附件。", sender="miao.qing@corp.example", files={"情况.txt": f"周敏{DID}".encode()})
    letters = desk.receive(letter, authentication=INSIDE.format("miao.qing@corp.example"))

    assert HR in desk.cases()[0]["excluded"]
    assert [] == [one.to for one in to(letters, HR)]


def test_a_reorganisation_gives_the_accused_nothing(desk: TestDesk) -> None:
    """The driver becomes the head of HR, whose case it is: the case moves on at once, and neither he nor HR hears."""
    people = own_directory(desk)
    work = Casework(desk)
    work.start("投诉", f"物流部司机王强{DID}", sender="miao.qing@corp.example")
    (case,) = desk.cases()
    assert case["handler"] == HR
    old = work.got(HR)[-1].subject
    replaced(people, f"head: {HR}", f"head: {DRIVER}")
    replaced(people, "deputy: fu.rong@corp.example", f"deputy: {HR}")
    desk.reread()

    letters = work.later(timedelta(minutes=1))
    moved = desk.cases()[0]["handler"]
    assert moved not in {None, HR, DRIVER}
    assert (moved, "handler.assignment") in telling(letters, "保温杯")
    letters += attack(work, raw(f"From: {DRIVER}", "转 王强", subject=f"Re: {old}",
                                results=[f"mx.corp.example; {INSIDE.format(DRIVER)}"]))  # fmt: skip
    for hours in (24, 72, 120):
        letters += work.later(timedelta(hours=hours))
    assert moved == desk.cases()[0]["handler"]
    assert [] == [one for one in telling(letters, str(case["number"]), "保温杯") if one[0] in {HR, DRIVER}]


BODY, GM_SELF, CLERK = "shi.yuan@corp.example", "chen.guodong@corp.example", "ding.ning@corp.example"
BY_HAND = ("转总经办", "附件 1", "处理单", "备注：此事已了解。", "结案：查无实据。措施：无。", "催办")


def test_who_acts_for_whom_the_case_has_come_to_gets_no_hand_on_it(desk: TestDesk) -> None:
    """Delegate and assistant of the gm and of a member of the supervisory body, accused: they read and move nothing."""
    people = own_directory(desk)
    own = f"delegate: {CLERK}, assistants: [{CLERK}], absences: [{{from: 2026-11-01, to: 2026-12-31}}], name"
    for address in (BODY, GM_SELF):
        replaced(people, f"address: {address}, name", f"address: {address}, {own}")
    replaced(people, "delegate: wu.jianhua@corp.example, assistants: [ding.ning@corp.example], ", "")
    desk.reread()
    work = Casework(desk)
    for owner, accused in ((BODY, "陈国栋和丁宁"), (GM_SELF, "丁宁、周敏、林晓月")):
        work.start(f"投诉{accused}", f"我要投诉{accused}，他们{DID}", sender="miao.qing@corp.example")
        row = next(one for one in standing(desk) if one[0] == max(str(c["number"]) for c in desk.cases()))
        assert row[2] == owner
        key = work.got(owner, "handler.assignment")[-1].subject
        orders = [
            raw(f"From: {who}", text, subject=f"Re: {key}", results=[f"mx.corp.example; {INSIDE.format(CLERK)}"])
            for text in BY_HAND for who in (CLERK, f"{owner}\r\nSender: {CLERK}")
        ]  # fmt: skip

        attack(work, *orders)

        work.later(timedelta(hours=72))
        assert row in standing(desk)
        assert [] == telling(to(work.letters, CLERK), row[0], "保温杯")
