"""A mailbox that fills up on a real Dovecot is told before it is full (casework 1: warn at 80 %)."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.dovecot import Dovecot
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail
from tests.journeys.varied import on_dovecot

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""


def told_shares(desk: TestDesk) -> list[str]:
    """How full the mailbox is, as the next digest will say."""
    with desk.workshop().store.reading() as books:
        return [str(line.data["share"]) for _, _, line in books.lines(GM, "quota")]


@pytest.mark.dovecot
@pytest.mark.parametrize(("kilobytes", "told"), [(70, False), (85, True)], ids=["below", "above"])
def test_a_mailbox_nearly_full_is_told_in_the_digest(
    dovecot: Dovecot, tmp_path: Path, kilobytes: int, *, told: bool
) -> None:
    """From 80 % of the server's quota on the digest has a line with the share, and below it none."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        box = on_dovecot(desk, dovecot, kind="small")
        with box.client() as client:
            client.create_folder("Archive")
        box.deliver(b"Subject: old\r\n\r\n" + b"x" * 1022 * kilobytes, folder="Archive")
        box.deliver(mail())
        letters = desk.one_pass() + desk.later(timedelta(days=1))
        said = "".join(letter.text for letter in letters if letter.kind == "manager.digest")

    assert told == ("邮箱空间快满了" in said)
    assert told == bool(re.search(r"8\d ?%", said))


@pytest.mark.dovecot
def test_a_mailbox_without_a_limit_is_no_trouble(
    dovecot: Dovecot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that tells of a quota without a limit is understood, and nobody is warned."""
    caplog.set_level(logging.WARNING, "maild")
    with open_desk(tmp_path) as desk:
        on_dovecot(desk, dovecot).deliver(mail())
        desk.one_pass()

        assert [] == told_shares(desk)
        assert (1, "") == (len(desk.cases()), caplog.text)
