"""What maild writes back says what was meant, once, and to the right person (casework 5, security.md)."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.post import COMPLAINT, LETTER, mail

pytestmark = pytest.mark.slow


def test_a_refusal_shows_what_its_writer_wrote_once(work: Casework) -> None:
    """The words stand there as they were written, under one heading, and are cut where they are long."""
    short = work.refusal(work.says(HANDLER, "附件 9", answering="handler.assignment"))
    long = work.refusal(work.says(HANDLER, "结案\n原因：" + "长" * 2000, answering="handler.assignment"))

    assert 1 == short.count("您写的内容")
    assert 1 == short.count("附件 9")
    assert 1 == long.count("您写的内容")
    assert 300 < long.count("长") < 500


def test_a_refusal_of_a_doubtful_mail_quotes_nothing(work: Casework) -> None:
    """Where nobody vouches for the mail the real person is not shown words that may be a forger's."""
    letter = work.got(HANDLER, "handler.assignment")[-1]
    forged = mail(
        f"Re: {letter.subject}", "采纳 这段话不是他写的", sender=HANDLER, date="Tue, 24 Nov 2026 09:30:00 +0800"
    )

    letters = work.desk.receive(forged)

    assert all("这段话不是他写的" not in whole(x) for x in of_kind(letters, "staff.refusal"))


def test_a_route_says_the_date_that_was_ordered(work: Casework) -> None:
    """The echo leads with the ordered day, beside the nearest clock."""
    letters = work.says(COORDINATOR, "转质量部，周五前换好", answering="manager.notice")

    echo = of_kind(letters, "staff.echo")[0].text
    assert "限11月27日（周五）18:00前落实" in echo
    assert "交办期限：11月27日（周五）18:00" in echo
    assert "办理期限：11月24日" in echo


def test_the_digest_lists_no_case_twice_without_need(tmp_path: Path) -> None:
    """Where everything is new the list of all stands there alone; as soon as they differ both do."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        desk.receive(mail(COMPLAINT, LETTER))
        first = to(desk.receive(at=datetime.fromisoformat("2026-11-25T08:40:00+08:00")), COORDINATOR)
        desk.receive(
            mail("另一件投诉", LETTER, sender="b@mail-b.example"),
            at=datetime.fromisoformat("2026-11-25T15:00:00+08:00"),
        )
        second = to(desk.receive(at=datetime.fromisoformat("2026-11-26T08:40:00+08:00")), COORDINATOR)

        digests = [x.text for x in (*first, *second) if x.kind == "manager.digest"]

    assert ["新收" in one.split("【", 1)[1] for one in digests] == [False, True]
    assert all("全部在办" in one for one in digests)
