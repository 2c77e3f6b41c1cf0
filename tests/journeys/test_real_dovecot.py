"""The daemon as a process of its own, against a real Dovecot: intake by IDLE, signals, restarts, wrong passwords."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from maild.sandbox.servers import Account, EmbeddedServers
from tests.dovecot import PASSWORD, Dovecot
from tests.journeys.post import CUSTOMER, mail, poison
from tests.servers import Box, box_of

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
HEAD = """
[organisation]
name = "示例公司"
domain = "corp.example"
"""
BOX = """
[[mailbox]]
address = "{address}"
aliases = ["{alias}@corp.example"]
poll_seconds = 3600
[mailbox.folders]
after = "{after}"
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password_env = "{password}"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
"""
WORDS = """
letters:
  requester.acknowledgement:
    opening: "受理：{}。"
"""
HANDLER, OTHER_HEAD = "tang.ning@corp.example", "jin.xin@corp.example"


@dataclass
class Station:
    """One installation: mailboxes on Dovecot, an embedded SMTP server, and maild processes of this test."""

    dovecot: Dovecot
    folder: Path
    smtp: EmbeddedServers
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=lambda: {**os.environ, "RIGHT": PASSWORD, "WRONG": "no"})
    config: str = HEAD

    def mailbox(self, *, after: str = "move", variable: str = "RIGHT") -> tuple[str, Box]:
        """One more mailbox of the installation."""
        address = self.dovecot.user()
        self.smtp.add(Account(address=address, password=self.environ[variable]))
        self.config += BOX.format(
            address=address, after=after, imap=self.dovecot.port, smtp=self.smtp.smtp_port, password=variable,
            alias="gm" if variable == "RIGHT" else "nobody",
        )  # fmt: skip
        self.write(self.config)
        return address, box_of("127.0.0.1", self.dovecot.port, address, PASSWORD)

    def write(self, config: str) -> None:
        """Write maild.toml."""
        (self.folder / "maild.toml").write_text(config, "utf-8")

    def once(self) -> subprocess.CompletedProcess[str]:
        """`maild once`."""
        return subprocess.run(
            [sys.executable, "-m", "maild", "once", "-c", self.folder / "maild.toml"], cwd=ROOT, env=self.environ,
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip

    def start(self) -> subprocess.Popen[bytes]:
        """`maild run`."""
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "maild", "run", "-v", "-c", str(self.folder / "maild.toml")]
            self.processes.append(subprocess.Popen(command, cwd=ROOT, env=self.environ, stderr=log))
        return self.processes[-1]

    def stop(self) -> int:
        """SIGTERM to the last daemon; its exit status."""
        self.processes[-1].send_signal(signal.SIGTERM)
        return self.processes[-1].wait(PATIENCE)

    def log(self) -> str:
        """What the daemons wrote."""
        return (self.folder / "log").read_text("utf-8")

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What a question to the database finds; nothing before there is one."""
        with contextlib.suppress(sqlite3.OperationalError):
            database = f"file:{self.folder}/var/maild.db?mode=ro"
            with contextlib.closing(sqlite3.connect(database, uri=True)) as connection:
                return connection.execute(question).fetchall()
        return []

    def sent_to(self, address: str) -> list[bytes]:
        """The mails that left for this address."""
        return [sent.raw for sent in self.smtp.sent if address in sent.recipients]


def wait_for(what: Callable[[], Any], station: Station) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, station.log()
        time.sleep(0.05)


@pytest.fixture
def station(dovecot: Dovecot, tmp_path: Path) -> Iterator[Station]:
    """An installation without mailboxes."""
    with EmbeddedServers() as smtp:
        made = Station(dovecot=dovecot, folder=tmp_path, smtp=smtp)
        yield made
        for process in made.processes:
            process.kill()
            process.wait(PATIENCE)


def first_words(station: Station, address: str) -> str:
    """How the acknowledgement to this address begins."""
    (raw,) = station.sent_to(address)
    text = next(part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/plain")
    return bytes(text.get_payload(decode=True)).decode().split("。")[0].split("：")[-1].strip()


def renumber(station: Station, address: str) -> None:
    """Let Dovecot number the inbox anew, as after a restored backup."""
    maildir = station.dovecot.home / "mail" / address / "Maildir"
    listing = maildir / "dovecot-uidlist"
    first, _, rest = listing.read_text().partition("\n")
    words = [f"V{int(word[1:]) + 1000}" if word.startswith("V") else word for word in first.split(" ")]
    for index in maildir.glob("dovecot.index*"):
        index.unlink()
    listing.write_text(" ".join(words) + "\n" + rest)


def test_the_daemon_hears_mail_by_idle_and_ends_in_good_order(station: Station) -> None:
    """Mail that comes is acknowledged without a poll and filed; a poisoned one is set apart; SIGTERM ends it well."""
    _, box = station.mailbox()
    station.start()
    wait_for(lambda: station.rows("select * from cursor"), station)
    box.deliver(mail())
    wait_for(lambda: station.sent_to(CUSTOMER) and box.raws("maild/Processed"), station)

    box.deliver(poison(), mail(sender="wu@mail-w.example"))
    wait_for(lambda: station.sent_to("wu@mail-w.example") and not box.raws(), station)

    assert station.stop() == 0
    assert [poison()] == box.raws("maild/Quarantine")
    assert [mail(), mail(sender="wu@mail-w.example")] == box.raws("maild/Processed")
    assert [("filed", 2), ("shelved", 1)] == station.rows("select state, count(*) from journal group by 1 order by 1")


def test_sigterm_in_the_middle_loses_and_doubles_nothing(station: Station) -> None:
    """Ended while it works off a backlog, the daemon finishes what is under way; the next start does the rest once."""
    _, box = station.mailbox()
    box.deliver(*(mail(f"投诉：第 {n} 单", sender=f"c{n}@mail-a.example") for n in range(40)))
    station.start()
    wait_for(lambda: station.smtp.sent, station)
    ended = station.stop()
    undecided = station.rows("select count(*) from journal where state = 'archived'")
    second = station.once()

    assert (0, 0, [(0,)]) == (ended, second.returncode, undecided), station.log()
    assert [("filed", 40)] == station.rows("select state, count(*) from journal group by 1")
    assert {1} == {len(station.sent_to(f"c{n}@mail-a.example")) for n in range(40)}
    assert (40, []) == (len(box.raws("maild/Processed")), box.raws())


def test_a_changed_uidvalidity_doubles_nothing(station: Station) -> None:
    """After a restored mailbox the mails that stayed in the inbox are recognised, and new ones are taken in."""
    address, box = station.mailbox(after="leave")
    box.deliver(mail(), mail(sender="wu@mail-w.example"))
    assert station.once().returncode == 0
    before = len(station.smtp.sent)
    renumber(station, address)
    box.deliver(mail(sender="li@mail-l.example"))

    assert station.once().returncode == 0

    assert [(2,), (3,)] == station.rows("select count(*) from journal group by uidvalidity order by uidvalidity")
    assert [(3,)] == station.rows('select count(*) from "case"')
    assert 1 == len(station.sent_to("li@mail-l.example"))
    assert 1 == len(station.sent_to(CUSTOMER))
    assert before < len(station.smtp.sent)


def test_a_wrong_password_stops_only_its_own_mailbox(station: Station) -> None:
    """One sentence names the mailbox and the mend, exit status 1, and the other mailbox's mail is handled."""
    broken, _ = station.mailbox(variable="WRONG")
    _, box = station.mailbox()
    box.deliver(mail())

    done = station.once()

    said = [line for line in done.stderr.splitlines() if line.startswith("maild once:")]
    assert done.returncode == 1
    assert 1 == len(said), done.stderr
    assert broken in said[0]
    assert "password" in said[0]
    assert "Traceback" not in done.stderr
    assert 1 == len(station.sent_to(CUSTOMER))


def test_sighup_takes_good_rules_and_keeps_the_old_ones_when_the_new_are_wrong(station: Station) -> None:
    """New head and new words from the next mail on after SIGHUP; a file with a mistake changes nothing and is named."""
    directory = station.folder / "directory.yaml"
    shutil.copy(ROOT / "rules" / "gm-mailbox" / "directory.yaml", directory)
    words = station.folder / "templates" / "zh.yaml"
    words.parent.mkdir()
    words.write_text(WORDS.format("甲"), "utf-8")
    station.config = HEAD + f'directory = "{directory}"\ntemplates = "{words.parent}"\n'
    _, box = station.mailbox()
    process = station.start()
    box.deliver(mail())
    wait_for(lambda: station.sent_to(HANDLER), station)

    was = directory.read_text("utf-8")
    directory.write_text(was.replace(f"head: {HANDLER}", f"head: {OTHER_HEAD}"), "utf-8")
    words.write_text(WORDS.format("乙"), "utf-8")
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: "were read again" in station.log(), station)
    box.deliver(mail(sender="wu@mail-w.example"))
    wait_for(lambda: station.sent_to(OTHER_HEAD), station)

    directory.write_text("units: [", "utf-8")
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: "the old rules stay in force" in station.log(), station)
    box.deliver(mail(sender="li@mail-l.example"))
    wait_for(lambda: len(station.sent_to(OTHER_HEAD)) == 2 and station.sent_to("li@mail-l.example"), station)

    assert ["甲", "乙", "乙"] == [first_words(station, c) for c in (CUSTOMER, "wu@mail-w.example", "li@mail-l.example")]
    assert "directory.yaml" in station.log().partition("the old rules stay in force")[2].split("\n")[0]
    assert station.stop() == 0
    assert 1 == len(station.sent_to(HANDLER))
