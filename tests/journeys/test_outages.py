"""Servers restart and disks are full, in earnest: the daemon goes on by itself, people hear, nothing is lost.

Real Dovecot, real PostgreSQL, real file systems without room (quality.md, "servers fail").
"""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from maild.errors import MaildError
from tests.adapters.robot_sink import Sink, robot_sink
from tests.dovecot import Dovecot
from tests.journeys.cuts import new_mail, through
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.live import MINUTE, looks, running, until
from tests.journeys.proxy import BadLine
from tests.journeys.test_store_faults import back_to_work
from tests.journeys.varied import doubled, office, on_dovecot, unaccounted
from tests.postgres import Cluster

CONNECTIONS = 4
"""To the SMTP server at most at once."""
ROOM = 16
"""MB of the small disk."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A chat robot on loopback."""
    with robot_sink() as opened:
        yield opened


@pytest.fixture
def small_disk(postgres: Cluster) -> Iterator[Path]:
    """A file system of its own with little room, where PostgreSQL may write."""
    with postgres.folder() as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", folder], capture_output=True)
        if mounted.returncode:
            pytest.skip(f"needs the right to mount a file system ({mounted.stderr.decode().strip()})")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def pass_by(desk: TestDesk) -> None:
    """A pass, whatever it meets."""
    with suppress(MaildError):
        desk.one_pass()


@pytest.mark.slow
@pytest.mark.dovecot
@pytest.mark.postgres
def test_servers_that_restart_under_the_daemon(dovecot: Dovecot, postgres: Cluster, tmp_path: Path) -> None:
    """IMAP, SMTP and database server each go away in the middle of the work and come back: all is done, each once."""
    with office(tmp_path, "postgres", []) as desk, BadLine(desk.servers.smtp_port) as line:
        box = on_dovecot(desk, dovecot)
        through(desk, desk.servers.smtp_port, line)
        number = 0

        def deliver() -> None:
            nonlocal number
            number += 1
            box.deliver(new_mail(number))

        def settled() -> bool:
            with suppress(MaildError):
                done = desk.rows("select count(*) from journal where state = 'filed'")[0][0]
                return bool(done == number and not desk.rows("select 1 from outbox where state <> 'sent'"))
            return False

        with running(desk):
            deliver()
            until(settled)
            for away, back in (
                (dovecot.stop, dovecot.start), (line.down, line.up),
                (lambda: postgres.stop(signal.SIGQUIT), postgres.start),
            ):  # fmt: skip
                deliver()
                deliver()
                away()
                back()
                deliver()
                until(settled)

        assert ([], number) == (unaccounted(desk), len(desk.cases()))
        # What was accepted while the database went away cannot be known as sent: it goes again, byte for byte.
        assert doubled(desk) <= 4 * CONNECTIONS
        assert box.raws() == []


@pytest.mark.slow
@pytest.mark.postgres
def test_a_database_server_without_room_takes_no_mail_from_the_inbox(
    postgres: Cluster, small_disk: Path, sink: Sink, tmp_path: Path
) -> None:
    """PostgreSQL's disk is full: mail waits in the inbox, people hear within ten minutes, with room all goes on."""
    with (
        postgres.tablespace(small_disk) as space,
        postgres.database(tablespace=space) as url,
        open_desk(tmp_path, database=url) as desk,
    ):
        desk.environ["MAILD_NOTIFY_URGENT"] = sink.address("wecom")
        desk.receive(new_mail(0))
        filler = fill(small_disk)
        number = 0
        while not desk.servers.inbox(GM):
            number += 1
            desk.servers.deliver(new_mail(number), GM)
            pass_by(desk)
        told_of(desk, sink)
        filler.unlink()

        back_to_work(desk, number + 1)
        assert [] == desk.rows("select 1 from journal where disposition = 'quarantined'")


def told_of(desk: TestDesk, sink: Sink) -> None:
    """People hear of the trouble within ten minutes, by the second channel."""
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].takes_in is False)
        for _ in range(10):
            looks(daemon, desk, MINUTE)
        daemon.look_again_soon()
        until(lambda: sink.texts)
    assert any(what in sink.texts[0] for what in ("收信处理失败", "数据库不可用", "存档无法写入", "磁盘空间"))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_an_archive_that_takes_nothing_keeps_mail_on_the_server(
    fault: str, small_disk: Path, sink: Sink, each_database: str, tmp_path: Path
) -> None:
    """The archive's own disk is full, or was mounted anew to be read only: mail waits, people hear, then all goes on."""
    with open_desk(tmp_path, database=each_database) as desk:
        desk.environ |= {"MAILD_NOTIFY_URGENT": sink.address("wecom"), "MAILD_STORE__ARCHIVE": f"file://{small_disk}"}
        desk.receive(new_mail(0))
        with spoilt(small_disk, fault):
            desk.servers.deliver(new_mail(1), GM)
            pass_by(desk)
            assert (1, 1) == (len(desk.servers.inbox(GM)), len(desk.cases()))
            told_of(desk, sink)

        back_to_work(desk, 2)
        assert ["存档无法写入" in text or "磁盘空间" in text for text in sink.texts[:1]] == [True]


@contextmanager
def spoilt(disk: Path, fault: str) -> Iterator[None]:
    """The disk takes nothing until the block ends."""
    if fault == "full":
        filler = fill(disk)
        yield
        filler.unlink()
    else:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        yield
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
