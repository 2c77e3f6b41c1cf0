"""A mailbox whose password is wrong for long harms nobody else, and is back a minute after it is right (quality.md)."""

import asyncio
import logging
from pathlib import Path

import pytest

from maild.daemon import Daemon
from maild.sandbox.servers import Account
from tests.journeys.desk import GM, PASSWORD, TestDesk, open_desk
from tests.journeys.post import mail

OTHER = "service@corp.example"
LONG = 3 * 3600.0
"""Seconds; what is tried does not change any more after the first minutes."""


def second_mailbox(desk: TestDesk) -> None:
    """Another mailbox beside the first, on the same servers."""
    config = desk.folder / "maild.toml"
    head, _, box = config.read_text("utf-8").partition("[[mailbox]]")
    other = box.replace(GM, OTHER).replace("[mailbox.imap]", '[mailbox.identity]\ncase_prefix = "S"\n[mailbox.imap]')
    config.write_text(f"{head}[[mailbox]]{box}\n[[mailbox]]{other}", "utf-8")


def test_a_password_that_stays_wrong(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One sentence in the log, tries not more often than every 50 seconds, and mail of the other mailbox goes on.

    Within a minute of the password being right again the mail that waited is taken in.
    """
    caplog.set_level(logging.ERROR, "maild")
    with open_desk(tmp_path, people=[OTHER]) as desk:
        second_mailbox(desk)
        desk.servers.add(Account(address=GM, password="changed by the administrator"))
        desk.servers.deliver(mail(), GM)
        pauses = asyncio.run(_hours(desk))

        assert (50.0, True) == (max(pauses), len(pauses) > LONG / 60)
        assert pauses[:4] == [5.0, 10.0, 20.0, 40.0]
        assert ["refused the login" in record.message for record in caplog.records] == [True]
        assert PASSWORD not in caplog.text
        assert [OTHER, GM] == [row[0] for row in desk.rows("select mailbox from journal order by id")]


async def _hours(desk: TestDesk) -> list[float]:
    """The pauses of hours of refusals, the other mailbox served meanwhile; then the password is right."""
    daemon = Daemon(desk.workshop())
    daemon._ended.set()  # a pass does not stay to listen for more
    with daemon.tenure:
        bad, good = daemon.posts
        pauses = list[float]()
        while sum(pauses) < LONG:
            pauses.append(await asyncio.to_thread(daemon._one_pass, bad))
        desk.servers.deliver(mail(to=OTHER), OTHER)
        assert await asyncio.to_thread(daemon._one_pass, good) == 0
        desk.servers.add(Account(address=GM, password=PASSWORD))
        assert await asyncio.to_thread(daemon._one_pass, bad) == 0
        for post in daemon.posts:
            await asyncio.to_thread(post.server.close)
    return pauses
