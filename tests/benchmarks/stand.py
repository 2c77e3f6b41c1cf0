"""What every benchmark stands on: an installation over a private Dovecot, its command line, its report."""

import argparse
import asyncio
import json
import os
import platform
import socket
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from maild.assembly import Workshop
from maild.config import load
from maild.daemon import Daemon, machine_clock
from tests.dovecot import PASSWORD, Dovecot
from tests.journeys.desk import CONFIG

ENVIRON = {"GM_PASSWORD": PASSWORD}
_LIBRARIES = ("imapclient", "aiosmtplib", "sqlalchemy", "jinja2", "pydantic")
_DONE = "select count(*) from journal where state in ('filed', 'shelved')"
_WAITING = "select count(*) from outbox where state = 'ready' and next_at <= strftime('%Y-%m-%d %H:%M:%f', 'now', '+10 minutes')"
"""What may leave by now; in quiet hours some letters wait for the morning."""


def write_config(folder: Path, server: Dovecot, user: str, smtp: int) -> Path:
    """maild.toml for the gm-mailbox pack over these servers."""
    text = CONFIG.format(plus="true", imap=server.port, smtp=smtp, hold=0)
    text = text.replace('password_env = "GM_PASSWORD"', f'username = "{user}"\npassword_env = "GM_PASSWORD"')
    text = text.replace("[mailbox.smtp]\n", '[mailbox.smtp]\nusername = ""\n')
    path = folder / "maild.toml"
    path.write_text(text, "utf-8")
    return path


def open_workshop(folder: Path, server: Dovecot, user: str, smtp: int) -> Workshop:
    """An installation on the machine's clock: SQLite in WAL with synchronous=FULL, as shipped."""
    settings = load(write_config(folder, server, user, smtp), ENVIRON)
    return Workshop(settings, now=machine_clock, machine=machine_clock)


def client(server: Dovecot, user: str) -> IMAPClient:
    """A client in the inbox of this account, without Nagle's delay (APPEND takes 40 ms with it)."""
    connection = IMAPClient(server.host, server.port, ssl=False)
    connection.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.login(user, PASSWORD)
    connection.select_folder("INBOX")
    return connection


def deliver(server: Dovecot, user: str, mails: Sequence[bytes]) -> None:
    """Put mails into the inbox."""
    with client(server, user) as connection:
        for start in range(0, len(mails), 500):
            connection.multiappend("INBOX", list(mails[start : start + 500]))


def daemon_until(workshop: Workshop, done: int) -> float:
    """Run the daemon until so many mails are filed and nothing waits to be sent; the seconds that took."""
    return asyncio.run(_daemon_until(workshop, done))


async def _daemon_until(workshop: Workshop, done: int) -> float:
    looking = sqlite3.connect(f"file:{workshop.store.engine.url.database}?mode=ro", uri=True)
    daemon = Daemon(workshop)
    begin = time.perf_counter()
    work = asyncio.create_task(daemon.run())
    while looking.execute(_DONE).fetchone()[0] < done or looking.execute(_WAITING).fetchone()[0]:
        if work.done():
            raise RuntimeError("the daemon ended by itself")
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - begin
    looking.close()
    daemon.stop()
    await work
    return seconds


def ask(workshop: Workshop, query: str) -> list[Any]:
    """The only row that this query finds in the installation's database."""
    with workshop.store.reading() as reading:
        return list(reading.connection.exec_driver_sql(query).one())


def run(name: str, doc: str | None, measure: Callable[[bool], dict[str, Any]]) -> None:
    """The command line of one benchmark; the last line is one JSON object with figures, sizes and versions."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.benchmarks.{name}", description=doc)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    parser.add_argument("--json", action="store_true", help="print the JSON object alone")
    args = parser.parse_args()
    figures = measure(args.quick)
    if not args.json:
        for key, figure in figures.items():
            print(f"{key:>28}  {figure}")
    print(json.dumps({"benchmark": name, "quick": args.quick, **figures, **_circumstances()}, ensure_ascii=False))


def _circumstances() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {
            "maild": version("maild"), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
            **{library: version(library) for library in _LIBRARIES},
        },
    }  # fmt: skip
