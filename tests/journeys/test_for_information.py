"""Mail that only copies the shared address, and mail to many: no acknowledgement, and no clock by itself (casework 8)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind, whole
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
COORDINATOR = "lin.xiaoyue@corp.example"
OTHERS = "store@partner-x.example"
COPIED = {"to": OTHERS, "Cc": GM, "Message_ID": "<copied@pc.example>"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A fresh installation on a Tuesday morning."""
    with open_desk(tmp_path) as made:
        made.now = MORNING
        yield made


def clocks(desk: TestDesk) -> list[str]:
    """The kinds of all clocks, ended ones too."""
    return [str(row[0]) for row in desk.rows("select kind from clock order by id")]


def acknowledged(letters: list[Letter]) -> list[Letter]:
    """What went to requesters."""
    return [letter for letter in letters if letter.kind.startswith("requester.")]


@pytest.mark.parametrize("head", [COPIED, {"to": OTHERS}], ids=["cc", "bcc"])
def test_a_copy_is_for_information(desk: TestDesk, head: dict[str, str]) -> None:
    """A case without acknowledgement and without any clock; the handler is told that there is no deadline."""
    letters = desk.receive(mail(**head))
    later = desk.later(timedelta(days=30))

    assert len(desk.cases()) == 1
    assert (acknowledged([*letters, *later]), clocks(desk)) == ([], [])
    assert "没有时限" in whole(of_kind(letters, "handler.assignment")[0])
    assert {letter.kind for letter in later} == {"manager.digest"}


def test_another_copy_of_the_thread_starts_no_clock(desk: TestDesk) -> None:
    """The requester goes on copying us: noted and passed on, still without a clock."""
    desk.receive(mail(**COPIED))

    letters = desk.receive(
        mail("Re: 投诉", "对方还是没有答复，请知悉。", to=OTHERS, Cc=GM, In_Reply_To="<copied@pc.example>")
    )

    assert len(desk.cases()) == 1
    assert len(of_kind(letters, "handler.addition")) == 1
    assert clocks(desk) == []


def test_written_to_us_the_clock_starts(desk: TestDesk) -> None:
    """Then the requester writes to us: the time to answer begins."""
    desk.receive(mail(**COPIED))

    desk.receive(mail("Re: 投诉", "对方不理，请你们处理并答复。", In_Reply_To="<copied@pc.example>"))

    assert clocks(desk) == ["answer"]


def test_somebody_gives_it_a_clock(desk: TestDesk) -> None:
    """The coordinator routes it with a date: the new handler's clocks begin."""
    notice = of_kind(desk.receive(mail(**COPIED)), "manager.notice")[0]
    desk.now += timedelta(minutes=5)

    order = mail(f"Re: {notice.subject}", "转物流部，周五前答复", sender=COORDINATOR, to=notice.reply_to)
    desk.receive(order, authentication=INSIDE.format(COORDINATOR))

    assert "instruct" in clocks(desk)


def test_mail_to_many_is_never_acknowledged(desk: TestDesk) -> None:
    """Eleven recipients: a case with its clocks, no acknowledgement; ten are acknowledged."""
    eleven = ", ".join([GM, *(f"u{n}@mail-c.example" for n in range(10))])
    ten = ", ".join([GM, *(f"u{n}@mail-c.example" for n in range(9))])

    many = desk.receive(mail(to=eleven))
    few = desk.receive(mail(to=ten, sender="wu@mail-w.example"))

    assert acknowledged(many) == []
    assert "accept" in clocks(desk)
    assert [letter.to for letter in acknowledged(few)] == ["wu@mail-w.example"]


def test_a_reopening_by_mail_to_many_is_not_acknowledged(desk: TestDesk) -> None:
    """Answered, then contradicted in front of twenty people: the case is open again, and the answer to all is silence."""
    letters = desk.receive(mail(Message_ID="<first@pc.example>"))
    assignment = of_kind(letters, "handler.assignment")[0]
    reply = mail(
        f"Re: {assignment.subject}",
        "答复：已补发，单号 SF123456，预计周四送达。",
        sender=assignment.to,
        to=assignment.reply_to,
    )
    desk.now += timedelta(minutes=5)
    desk.receive(reply, authentication=INSIDE.format(assignment.to))
    desk.later(timedelta(hours=1))
    everybody = ", ".join([GM, *(f"u{n}@mail-c.example" for n in range(20))])

    again = desk.receive(mail("Re: 投诉", "根本没有收到，要求退款。", to=everybody, In_Reply_To="<first@pc.example>"))

    assert [case["state"] for case in desk.cases()] == ["reopened"]
    assert acknowledged(again) == []
    assert CUSTOMER not in {letter.to for letter in again}
