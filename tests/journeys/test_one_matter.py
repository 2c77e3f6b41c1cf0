"""Many letters on one matter: one lead case for the handler, an own acknowledgement and answer for each writer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import mail
from tests.journeys.test_merging import about, case, running

pytestmark = pytest.mark.slow
LETTERS = (
    ("投诉热水壶漏水", "上个月买的K200热水壶底部漏水，客服电话打不通，我要求退款。"),
    ("热水壶漏水投诉", "K200热水壶用了两周底部漏水，我要求退货退款。"),
    ("投诉：热水壶底部漏水", "你们的K200热水壶底部漏水，差点烫到孩子的书包，要求退款。"),
    ("K200热水壶漏水", "买的K200热水壶底部漏水，质量太差，我要求退款并赔偿。"),
    ("热水壶底部漏水，投诉", "刚买的K200热水壶底部漏水，投诉，要求退款。"),
    ("投诉K200热水壶漏水", "K200热水壶底部漏水，桌子都湿了，我要求退款。"),
    ("热水壶又漏水", "K200热水壶底部漏水，换了一个还是漏水，要求退款。"),
    ("热水壶漏水怎么办", "我的K200热水壶底部漏水，我要求退款，请尽快处理。"),
)
ANSWER = "您好：K200热水壶漏水是10月批次密封圈缺陷所致，今天起为您免费更换或全额退款，请凭订单号到任一门店办理。"


def number(n: int) -> str:
    """The number of the nth case."""
    return f"GM-2026-{n:06d}"


def writer(n: int) -> str:
    """The address of the nth writer."""
    return f"writer{n}@mail-{n}.example"


def writes(work: Casework, n: int, *, text: str = "", sender: str = "") -> list[Letter]:
    """The nth letter, a quarter of an hour after the one before."""
    subject, words = LETTERS[n - 1]
    subject = "投诉客服不处理" if text.startswith("订单") else subject
    work.desk.now += timedelta(minutes=15)
    made = mail(subject, text or words, sender=sender or writer(n),
                date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))  # fmt: skip
    letters = work.desk.receive(made)
    work.letters += letters
    return letters


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """Six letters on one matter."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        desk.now = MORNING
        for n in range(1, 7):
            writes(made, n)
        yield made


def test_letters_that_only_end_alike_are_many_matters(tmp_path: Path) -> None:
    """Seven complaints of seven orders that all demand a refund and an apology are seven assignments."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        goods = ("电水壶", "电饭煲", "吸尘器", "加湿器", "豆浆机", "电磁炉", "养生壶")
        for n, what in enumerate(goods, 1):
            writes(work, n, text=f"订单81000{n}7的{what}收到就是坏的，底座开裂漏水。要求换新并道歉，请尽快答复。")

        assert [] == [row["number"] for row in desk.cases() if row["led_by"] or row["members"]]


def handler(work: Casework) -> str:
    """Who has the lead."""
    return str(case(work, number(1))["handler"])


def test_the_sixth_letter_makes_one_matter_of_all(work: Casework) -> None:
    """Five letters are five assignments; with the sixth the oldest leads, and its handler gets one mail with all."""
    lead = case(work, number(1))

    assert [number(n) for n in range(2, 7)] == sorted(lead["members"])
    assert {number(1)} == {case(work, number(n))["led_by"] for n in range(2, 7)}
    assert 5 == len(work.got(handler(work), "handler.assignment"))
    gathered = work.got(handler(work), "handler.gathered")
    assert 1 == len(gathered)
    assert all(number(n) in gathered[0].text for n in range(1, 7))
    assert "答复全部" in gathered[0].text


def test_each_writer_is_acknowledged_and_none_learns_of_another(work: Casework) -> None:
    """Six acknowledgements to six writers, each under its own number and with its own clocks."""
    for n in range(1, 7):
        acks = work.got(writer(n), "requester.acknowledgement")
        assert [True] == [number(n) in x.subject for x in acks]
        assert {"first-answer", "resolve", "idle"} <= set(running(work, number(n)))
        others = [writer(m) for m in range(1, 7) if m != n] + [number(m) for m in range(1, 7) if m != n]
        assert [] == telling(to(work.letters, writer(n)), *others)


def test_newcomers_come_in_one_mail_a_day(work: Casework) -> None:
    """What joins later is no assignment: the next day has one mail on all of them."""
    letters = writes(work, 7) + writes(work, 8)

    assert [] == [x.kind for x in to(letters, handler(work)) if x.kind.startswith("handler.")]
    assert [1, 1] == [len(work.got(writer(n), "requester.acknowledgement")) for n in (7, 8)]
    later = [x for x in work.later(timedelta(days=1)) if x.kind == "handler.gathered"]
    assert [handler(work)] == [x.to for x in later]
    assert number(7) in later[0].text
    assert number(8) in later[0].text
    assert [] == of_kind(work.later(timedelta(hours=20)), "handler.gathered")


def test_reply_all_goes_to_each_alone(work: Casework) -> None:
    """答复全部: six answers, each to one writer, under the writer's own number, naming nobody else."""
    letters = about(work, number(1), handler(work), f"答复全部：{ANSWER}", "handler.gathered")

    answers = of_kind(letters, "requester.answer")
    assert sorted(writer(n) for n in range(1, 7)) == sorted(x.to for x in answers)
    for n in range(1, 7):
        own = to(answers, writer(n))
        assert number(n) in own[0].subject
        assert [] == telling(own, *(writer(m) for m in range(1, 7) if m != n))
    assert {"answered"} == {case(work, number(n))["state"] for n in range(1, 7)}


def test_closing_the_lead_closes_the_members_with_an_answer_each(work: Casework) -> None:
    """结案 of the lead: every writer has an answer, every case is closed, no clock runs."""
    text = f"结案：\n原因：密封圈有缺陷\n措施：召回十月批次\n答复来信人：{ANSWER}"

    letters = about(work, number(1), handler(work), text, "handler.gathered")
    letters += work.later(timedelta(minutes=1))

    assert sorted(writer(n) for n in range(1, 7)) == sorted(x.to for x in of_kind(letters, "requester.answer"))
    assert {"closed"} == {case(work, number(n))["state"] for n in range(1, 7)}
    assert [] == telling(of_kind(letters, "requester.answer"), "召回")


def test_nothing_is_closed_that_the_handler_has_not_heard_of(work: Casework) -> None:
    """A newcomer that no mail has told of yet outlives the lead, and comes as an assignment of its own."""
    writes(work, 7)
    text = f"结案：\n原因：密封圈有缺陷\n措施：召回十月批次\n答复来信人：{ANSWER}"

    about(work, number(1), handler(work), text, "handler.gathered")
    letters = work.later(timedelta(minutes=5))

    assert "assigned" == case(work, number(7))["state"]
    late = [x for x in work.got(handler(work), "handler.assignment") if number(7) in x.subject]
    assert 1 == len(late)
    assert "" == case(work, number(7))["led_by"]
    assert [] == to(letters, writer(7))


def test_a_different_one_is_taken_out(work: Casework) -> None:
    """拆分 with its number: it has an assignment again and is answered by itself; the others go on as one."""
    letters = about(work, number(1), handler(work), "拆分 4", "handler.gathered")
    assert "请写明" in work.refusal(letters)

    letters = about(work, number(1), handler(work), f"拆分 {number(4)}", "handler.gathered")

    assert ["", number(4) in case(work, number(1))["members"]] == [case(work, number(4))["led_by"], False]
    assert [True] == [number(4) in x.subject for x in of_kind(letters, "handler.assignment")]
    answers = of_kind(
        about(work, number(1), handler(work), f"答复全部：{ANSWER}", "handler.gathered"), "requester.answer"
    )
    assert writer(4) not in {x.to for x in answers}
    assert 5 == len(answers)


def test_an_order_to_the_lead_holds_for_all_and_is_undone_for_all(work: Casework) -> None:
    """收到 takes every member, 转 moves every member, 撤销 takes both back."""
    about(work, number(1), handler(work), "收到", "handler.gathered")
    assert {"in-progress"} == {case(work, number(n))["state"] for n in range(1, 7)}
    before = [case(work, number(n))["handler"] for n in range(1, 7)]

    letters = about(work, number(1), COORDINATOR, "转质量部", "manager.notice")

    quality = str(case(work, number(1))["handler"])
    assert {quality} == {case(work, number(n))["handler"] for n in range(1, 7)}
    assert ["handler.gathered", "handler.assignment"] == sorted((x.kind for x in to(letters, quality)), reverse=True)

    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert before == [case(work, number(n))["handler"] for n in range(1, 7)]
    assert {"in-progress"} == {case(work, number(n))["state"] for n in range(1, 7)}


def test_one_writer_many_times_is_no_crowd(tmp_path: Path) -> None:
    """Six letters of one writer are six letters of one writer."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        desk.now = MORNING
        for n in range(1, 7):
            writes(made, n, sender="loud@mail-a.example")

        assert {""} == {c["led_by"] for c in desk.cases()}


def test_what_presses_or_names_the_handler_stays_alone(work: Casework) -> None:
    """A letter that names who has the lead goes elsewhere, and the lead's handler hears nothing of it."""
    accused = handler(work)
    known = {p.address: p.name for p in work.desk.workshop().house.desks["gm@corp.example"].index.directory.people}
    name = known[accused]
    letters = writes(work, 7, text=f"K200热水壶底部漏水，我要求退款，投诉{name}在电话里骂我是骗子，态度恶劣。")

    assert accused in case(work, number(7))["excluded"]
    assert "" == case(work, number(7))["led_by"]
    assert [] == to(letters, accused)
    assert [] == telling(work.later(timedelta(days=2)) and to(work.letters, accused), number(7))
