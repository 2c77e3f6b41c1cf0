"""Lines and servers fail at any byte: maild goes on by itself, loses nothing and doubles nothing (quality.md)."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import SocketTimeout

from maild.adapters import imap_connect, smtp
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail
from tests.journeys.proxy import BadLine
from tests.journeys.varied import arrived, doubled, unaccounted

CUTS = 14
"""How many places of each direction are tried, drawn from a fixed seed."""


@pytest.fixture
def imap(desk: TestDesk) -> Iterator[BadLine]:
    """The line to the IMAP server."""
    with BadLine(desk.servers.imap_port) as line:
        _through(desk, desk.servers.imap_port, line)
        yield line


@pytest.fixture
def smtp_line(desk: TestDesk) -> Iterator[BadLine]:
    """The line to the SMTP server."""
    with BadLine(desk.servers.smtp_port) as line:
        _through(desk, desk.servers.smtp_port, line)
        yield line


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation with one SMTP connection, so that at most one mail is in doubt."""
    with open_desk(tmp_path) as opened:
        config = tmp_path / "maild.toml"
        config.write_text(f"{config.read_text('utf-8')}connections = 1\n", "utf-8")
        yield opened


def _through(desk: TestDesk, port: int, line: BadLine) -> None:
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text("utf-8").replace(f"port = {port}", f"port = {line.port}"), "utf-8")


def new_mail(number: int) -> bytes:
    """A mail of somebody new."""
    return mail(f"投诉：第 {number} 台机器坏了", sender=f"customer{number}@mail-a.example")


def sweep(desk: TestDesk, line: BadLine, way: str) -> int:
    """For each place one new mail over a line that breaks there, then over a good one; how many places there were."""
    desk.receive(new_mail(0))
    length, dice = line.carried[way], random.Random(20261124)
    places = sorted({1, length - 1, *dice.sample(range(2, length - 1), CUTS)})
    for number, place in enumerate(places, 1):
        desk.servers.deliver(new_mail(number), GM)
        line.cut(way, place)
        desk.one_pass()
        desk.later(timedelta(hours=1))
        assert [] == unaccounted(desk), f"{way} {place}"
        assert number + 1 == len(desk.cases()), f"{way} {place}"
    assert line.harmed > CUTS // 2
    return len(places)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["said", "heard"])
def test_an_imap_line_that_breaks_anywhere_loses_and_doubles_nothing(desk: TestDesk, imap: BadLine, way: str) -> None:
    """Wherever the connection to the mailbox breaks, each mail is one case, filed, and each letter leaves once."""
    sweep(desk, imap, way)

    assert doubled(desk) == 0


@pytest.mark.slow
@pytest.mark.parametrize("way", ["said", "heard"])
def test_an_smtp_line_that_breaks_anywhere_loses_nothing(desk: TestDesk, smtp_line: BadLine, way: str) -> None:
    """Wherever the connection breaks each letter arrives; a second time only where the answer to it was lost."""
    places = sweep(desk, smtp_line, way)

    assert doubled(desk) <= places
    assert max(arrived(desk).values()) <= 2


def test_a_mailbox_that_falls_silent_costs_its_patience_and_no_mail(
    desk: TestDesk, imap: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says nothing more in the middle of a mail is left, and the mail is taken in at the next pass."""
    monkeypatch.setattr(imap_connect, "_TIMEOUT", SocketTimeout(1, 1))
    desk.receive(new_mail(0))
    desk.servers.deliver(new_mail(1), GM)
    imap.cut("heard", imap.carried["heard"] // 2, silent=True)
    desk.one_pass()
    desk.one_pass()

    assert ([], 2, 0) == (unaccounted(desk), len(desk.cases()), doubled(desk))


def test_an_smtp_server_that_falls_silent_gets_the_mail_later(
    desk: TestDesk, smtp_line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that takes the mail's data and says nothing more gets the same mail once more, later."""
    made = smtp.SmtpSender.__init__.__kwdefaults__ or {}
    monkeypatch.setitem(made, "patience", 1.0)
    desk.receive(new_mail(0))
    desk.servers.deliver(new_mail(1), GM)
    smtp_line.cut("said", smtp_line.carried["said"] // 2, silent=True)
    desk.one_pass()
    for _ in range(3):
        desk.later(timedelta(hours=1))

    assert ([], 2) == (unaccounted(desk), len(desk.cases()))
    assert max(arrived(desk).values()) <= 2


def test_a_folder_that_is_gone_stops_no_other(tmp_path: Path) -> None:
    """One of two watched folders was deleted: the inbox is taken in all the same, and the trouble is named."""
    with open_desk(tmp_path) as desk:
        config = tmp_path / "maild.toml"
        folders = '[mailbox.folders]\ninbox = ["INBOX", "Team"]\n'
        config.write_text(f"{config.read_text('utf-8')}{folders}", "utf-8")
        desk.receive(new_mail(0))

        assert (1, ["Team" in one for one in desk.troubles]) == (len(desk.cases()), [True])
        desk.servers.append(GM, "Team", new_mail(1))
        desk.one_pass()
        assert ([], 2) == (desk.troubles, len(desk.cases()))


def test_the_folder_for_done_mail_may_be_deleted(desk: TestDesk) -> None:
    """Somebody deletes `maild/Processed`: it is made again for the next mail, and nothing is taken in twice."""
    from tests.servers import box_of

    desk.receive(new_mail(0))
    with box_of(desk.servers.host, desk.servers.imap_port, GM, desk.environ["GM_PASSWORD"]).client() as client:
        client.delete_folder("maild/Processed")
    desk.receive(new_mail(1))

    assert ([], 2, 1) == (unaccounted(desk), len(desk.cases()), len(desk.servers.folder(GM, "maild/Processed")))
    assert {1} == set(arrived(desk).values())


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(hours=-1)], ids=["forward", "back"])
def test_a_clock_that_jumps_keeps_no_letter_and_doubles_none(desk: TestDesk, jump: timedelta) -> None:
    """A clock set forward a day or back an hour: what comes is answered within a minute, each letter leaves once."""
    desk.receive(new_mail(0))
    desk.servers.refuse("customer1@mail-a.example", 451, "4.3.0 later", times=1)
    desk.receive(new_mail(1))
    desk.now += jump
    letters = desk.receive(new_mail(2)) + desk.later(timedelta(minutes=1))
    desk.later(timedelta(hours=2))

    assert "customer2@mail-a.example" in {letter.to for letter in letters}
    assert ([], 3) == (unaccounted(desk), len(desk.cases()))
    kinds = Counter(desk.rows("select recipient, number from outbox where kind = 'requester.acknowledgement'"))
    assert ({1}, {1}) == (set(kinds.values()), set(arrived(desk).values()))


def test_a_folder_numbered_anew_doubles_nothing(desk: TestDesk) -> None:
    """UIDVALIDITY changes between two passes and while mail waits: each mail is one case, and is answered once."""
    desk.receive(new_mail(0))
    desk.servers.deliver(new_mail(1), GM)
    desk.servers.renumber(GM, "INBOX", 4711)
    desk.one_pass()
    desk.servers.renumber(GM, "INBOX", 12)
    desk.receive(new_mail(2))

    assert ([], 3, {1}) == (unaccounted(desk), len(desk.cases()), set(arrived(desk).values()))
