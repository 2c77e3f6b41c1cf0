"""A name that fits more than five: the coordinator says who is meant before the case moves (security.md)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from maild.adapters.shipped import shipped
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
COORDINATOR, DEPUTY = "lin.xiaoyue@corp.example", "ding.ning@corp.example"
MARK = "紫色保温杯"
COMPLAINT = f"投诉物流迟迟不送货。送货的事王强态度恶劣，在电话里骂我，还摔了我的{MARK}。我要求退款并道歉。"
MORE = {"quality": 2, "sales": 2, "production": 1}
"""Two of the sample organisation are called 王强; these are five more."""
Open = Callable[..., TestDesk]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens an installation in whose directory seven people are called 王强, and whom else a test calls so."""
    with open_desk(tmp_path) as desk:

        def begin(*also: str) -> TestDesk:
            people = (shipped("rules") / "gm-mailbox" / "directory.yaml").read_text("utf-8")
            rows = [
                f"  - {{address: wang.qiang.{unit}{n}@corp.example, name: 王强, title: 员工, unit: {unit}}}\n"
                for unit, count in MORE.items() for n in range(count)
            ]  # fmt: skip
            people = people.replace("domains:\n", "".join(rows) + "\ndomains:\n", 1)
            for address in also:
                people = re.sub(rf"({re.escape(address)}, name: )[^,]+,", r"\1王强,", people)
            (tmp_path / "directory.yaml").write_text(people, "utf-8")
            config = tmp_path / "maild.toml"
            text = config.read_text("utf-8").replace("[[mailbox]]", 'directory = "directory.yaml"\n[[mailbox]]', 1)
            config.write_text(text, "utf-8")
            desk.now = MORNING
            desk.one_pass()
            return desk

        yield begin


def fitting() -> set[str]:
    """Everybody called 王强."""
    own = {f"wang.qiang.{unit}{n}@corp.example" for unit, count in MORE.items() for n in range(count)}
    return {"wang.qiang@corp.example", "wang.qiang2@corp.example", *own}


def asked(letters: list[Letter]) -> Letter:
    """The one mail that asks who is meant."""
    (only,) = [letter for letter in of_kind(letters, "manager.notice") if "请确认" in letter.subject]
    return only


def answered(desk: TestDesk, question: Letter, line: str) -> list[Letter]:
    """The reply of the one who was asked, from the own mailbox."""
    raw = mail(f"Re: {question.subject}", line, sender=question.to, date=f"{desk.now:%a, %d %b %Y %H:%M:%S} +0000")
    return desk.receive(raw, authentication=INSIDE.format(question.to))


def test_the_coordinator_is_asked_before_the_case_moves(opened: Open) -> None:
    """Nobody has the case but the coordinator, whose mail lists who may be meant, and its deadlines run."""
    desk = opened()
    letters = desk.receive(mail("投诉", COMPLAINT))
    question = asked(letters)

    (case,) = desk.cases()
    assert (question.to, case["handler"], case["unit"]) == (COORDINATOR, COORDINATOR, "总经办")
    assert {"accept", "first-answer", "resolve"} <= {c["kind"] for c in case["clocks"] if c["state"] == "open"}
    assert all(part in question.text for part in ("王强", "7人", "叉车班长", "质量部", MARK))
    assert [CUSTOMER] == [letter.to for letter in of_kind(letters, "requester.acknowledgement")]
    assert telling(letters, MARK) == [(COORDINATOR, "manager.notice")]


def test_a_ready_made_answer_moves_it(opened: Open) -> None:
    """One click gives it to whom the rules would have given it, and from then on it is a case like any other."""
    desk = opened()
    question = asked(desk.receive(mail("投诉", COMPLAINT)))
    html = next(part for part in question.message.walk() if part.get_content_type() == "text/html")
    page = bytes(html.get_payload(decode=True)).decode()
    ready = [unquote(found) for found in re.findall(r"body=([^\"&]+)", page)]
    (line,) = [one for one in ready if one.startswith("转") and len(one) > 2][:1]

    letters = answered(desk, question, line)

    (case,) = desk.cases()
    (assignment,) = of_kind(letters, "handler.assignment")
    assert assignment.to == case["handler"] != COORDINATOR
    assert case["unit"] in line


def test_nobody_who_may_be_meant_hears_of_it_meanwhile(opened: Open) -> None:
    """No reminder, escalation, digest or copy goes to any of the seven, however long the answer takes."""
    desk = opened()
    letters = desk.receive(mail("投诉", COMPLAINT))
    for hours in (5, 20, 24, 24, 72, 24, 24):
        letters += desk.later(timedelta(hours=hours))

    number = str(desk.cases()[0]["number"])
    assert [] == [one for one in telling(letters, number, MARK) if one[0] in fitting()]
    assert to(letters, COORDINATOR)


def test_a_coordinator_who_may_be_meant_is_never_asked(opened: Open) -> None:
    """The next of the office is asked instead, and the coordinator hears nothing of it."""
    desk = opened(COORDINATOR)
    letters = desk.receive(mail("投诉", COMPLAINT))
    for hours in (5, 20, 24):
        letters += desk.later(timedelta(hours=hours))

    number = str(desk.cases()[0]["number"])
    assert asked(letters).to == DEPUTY
    assert [] == [one for one in telling(letters, number, MARK) if one[0] == COORDINATOR]


def test_when_the_whole_office_may_be_meant_hr_is_asked(opened: Open) -> None:
    """Who is asked is never one of those whom the name fits."""
    desk = opened(COORDINATOR, DEPUTY, "you.jia@corp.example")

    assert asked(desk.receive(mail("投诉", COMPLAINT))).to == "zhou.min@corp.example"


def test_the_writers_own_line_is_out_at_once(opened: Open) -> None:
    """A colleague of the writer's own unit is excluded without asking; those elsewhere are asked about."""
    desk = opened()
    sender = "谭浩 <tan.hao@corp.example>"
    text = f"我是操作工谭浩。王强从10月12日起在车间当众辱骂我、推我，还摔了我的{MARK}。请调查处理，请保密。"
    question = asked(desk.receive(mail("投诉王强", text, sender=sender), authentication="pass"))

    (case,) = desk.cases()
    assert case["type"] == "staff-complaint"
    assert {"wang.qiang@corp.example", "wang.qiang.production0@corp.example"} <= set(case["excluded"])
    assert "wang.qiang2@corp.example" not in case["excluded"]
    assert question.to == COORDINATOR


def test_a_note_says_who_is_meant(opened: Open) -> None:
    """`涉及 王强（物流部）` excludes that person for good; routing to them is refused afterwards."""
    desk = opened()
    question = asked(desk.receive(mail("投诉", COMPLAINT)))

    answered(desk, question, "备注：涉及 王强（物流部）")
    refused = answered(desk, question, "转 wang.qiang2@corp.example")

    (case,) = desk.cases()
    assert "wang.qiang2@corp.example" in case["excluded"]
    assert case["handler"] == COORDINATOR
    assert of_kind(refused, "staff.refusal")


def test_five_of_a_name_are_all_out_and_nobody_is_asked(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the limit the name excludes them all, and the case goes its way."""
    monkeypatch.setitem(MORE, "quality", 1)
    monkeypatch.setitem(MORE, "sales", 1)
    desk = opened()
    letters = desk.receive(mail("投诉", COMPLAINT))

    (case,) = desk.cases()
    assert [] == [one for one in of_kind(letters, "manager.notice") if "请确认" in one.subject]
    assert fitting() <= set(case["excluded"])


def test_a_name_of_many_learned_later_takes_the_case_from_who_may_be_meant(opened: Open) -> None:
    """When the customer later complains of a 王强 and a 王强 handles the case, it waits with the coordinator."""
    desk = opened("tang.ning@corp.example")
    first = desk.receive(mail("投诉", "买的水壶三天就漏水，要求退款。"))
    assert desk.cases()[0]["handler"] == "tang.ning@corp.example"
    token = of_kind(first, "requester.acknowledgement")[0].token

    letters = desk.receive(mail(f"Re: [{token}]", f"我要投诉王强，今天他在电话里骂我，态度恶劣，还提到{MARK}。"))

    assert asked(letters).to == desk.cases()[0]["handler"] == COORDINATOR
    assert [] == [one for one in telling(letters, MARK) if one[0] in {*fitting(), "tang.ning@corp.example"}]
