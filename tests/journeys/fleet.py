"""Several real daemons over one PostgreSQL and some mailboxes, each daemon a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

from sqlalchemy import text

from maild.adapters.store import Store
from maild.sandbox.servers import Account, EmbeddedServers

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "open sesame"
_HEAD = """
[organisation]
name = "示例公司"
domain = "corp.example"
"""
_BOX = """
[[mailbox]]
address = "{address}"
since = "all"
[mailbox.identity]
case_prefix = "{prefix}"
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
connections = {connections}
"""


@dataclass
class Fleet:
    """An installation of several daemons; each has its own archive folder only in name: they share one."""

    servers: EmbeddedServers
    folder: Path
    url: str
    boxes: Sequence[str]
    store: Store
    daemons: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, count: int = 1) -> None:
        """Start so many more daemons."""
        environ = os.environ | {"GM_PASSWORD": PASSWORD, "MAILD_STORE__URL": self.url}
        for _ in range(count):
            log = (self.folder / f"log{len(self.daemons)}").open("wb")
            command = [sys.executable, "-m", "maild", "run", "-c", str(self.folder / "maild.toml")]
            self.daemons.append(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log))
            log.close()

    def kill(self, number: int) -> None:
        """Kill -9."""
        self.daemons[number].send_signal(signal.SIGKILL)
        self.daemons[number].wait()

    def stop(self) -> list[int]:
        """SIGTERM to all; how each ended."""
        for daemon in self.daemons:
            if daemon.poll() is None:
                daemon.terminate()
        return [daemon.wait(30) for daemon in self.daemons]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a question to the database finds."""
        with self.store.reading() as books:
            return [tuple(row) for row in books.connection.execute(text(statement))]

    def holders(self) -> dict[str, str]:
        """Which living daemon has which mailbox, by its place."""
        living = "select l.mailbox, w.place from lease l join worker w on w.id = l.worker where w.until > now()"
        return dict(self.rows(living))

    def until(self, happened: Callable[[], bool], seconds: float = 90) -> float:
        """Wait for it; how many seconds that took."""
        begin = time.monotonic()
        while not happened():
            assert time.monotonic() - begin < seconds, self.said()
            time.sleep(0.05)
        return time.monotonic() - begin

    def said(self) -> str:
        """The end of each daemon's log."""
        return "\n".join((self.folder / f"log{n}").read_text()[-1500:] for n in range(len(self.daemons)))

    def at_rest(self, count: int) -> bool:
        """Whether so many mails are filed and nothing waits to be sent."""
        done = self.rows("select count(*) from journal where state in ('filed', 'shelved')")[0][0]
        return bool(done == count and not self.rows("select 1 from outbox where state = 'ready' limit 1"))

    def arrivals(self) -> Counter[str]:
        """How often each Message-ID was accepted by the SMTP server."""
        return Counter(str(message_from_bytes(sent.raw)["Message-ID"]) for sent in self.servers.sent)


@contextmanager
def open_fleet(folder: Path, url: str, *, boxes: int, connections: int = 4) -> Iterator[Fleet]:
    """Servers with so many mailboxes, and no daemon yet."""
    addresses = [f"box{n}@corp.example" for n in range(boxes)]
    with EmbeddedServers([Account(address=address, password=PASSWORD) for address in addresses]) as servers:
        parts = [
            _BOX.format(address=address, prefix=f"B{n}", imap=servers.imap_port, smtp=servers.smtp_port,
                        connections=connections)
            for n, address in enumerate(addresses)
        ]  # fmt: skip
        (folder / "maild.toml").write_text(_HEAD + "".join(parts), "utf-8")
        store = Store.open(url, folder)
        fleet = Fleet(servers=servers, folder=folder, url=url, boxes=addresses, store=store)
        try:
            yield fleet
        finally:
            for daemon in fleet.daemons:
                if daemon.poll() is None:
                    daemon.kill()
                    daemon.wait()
            store.close()
