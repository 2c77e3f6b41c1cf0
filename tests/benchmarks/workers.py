"""One, two and four daemons over eight mailboxes and one PostgreSQL: mails per second of the daemons' processor time.

The mails are delivered once the daemons have shared the mailboxes out and each has handled some, as every process reads
its own rules and templates once (`start_N`: seconds for all of them together, a daemon's life long). What counts is the
time of their processes until the last mail is filed and the last letter accepted; beside it stand what `idle_N` daemons
spend in a second without mail, and how many transactions a mail costs them all. `ratio` compares four daemons with one.
PostgreSQL syncs nothing here, so that the disk does not decide. Every run is checked: each mail handled once, each
letter accepted once.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from maild.adapters.store import Store
from tests.benchmarks.mails import one_mail
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import ENVIRON, deliver, run
from tests.dovecot import Dovecot
from tests.postgres import Cluster

BOXES = 8
WARM = 10 * BOXES
"""Mails before it is measured."""
IDLE, SETTLE = 6.0, 1.5
"""Seconds without mail, and until PostgreSQL's own counts are written."""
PATIENCE = 600
_HEAD = '[organisation]\nname = "示例公司"\ndomain = "corp.example"\n'
_BOX = """
[[mailbox]]
address = "box{n}@corp.example"
since = "all"
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{user}"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
username = ""
"""
_HELD = "select count(distinct l.worker), count(*) from lease l join worker w on w.id = l.worker where w.until > now()"
_LEFT = (
    "select (select count(*) from journal where state in ('filed', 'shelved')), "
    "(select count(*) from outbox where state = 'ready')"
)
_ASKED = "select sum(xact_commit + xact_rollback)::bigint from pg_stat_database where datname = current_database()"
_TICK = os.sysconf("SC_CLK_TCK")


def measure(quick: bool) -> dict[str, Any]:
    """Mails per processor second for each number of daemons, and how often anything was done twice."""
    mails = 200 if quick else 1000
    figures: dict[str, Any] = {"mails": mails, "mailboxes": BOXES}
    with Cluster() as cluster, Dovecot() as server:
        for daemons in (1, 2, 4):
            with cluster.database() as url:
                figures |= _one(daemons, mails, url, server)
    figures["ratio"] = round(figures["per_cpu_second_4"] / figures["per_cpu_second_1"], 2)
    figures["ratio_2"] = round(figures["per_cpu_second_2"] / figures["per_cpu_second_1"], 2)
    return figures


def _one(daemons: int, mails: int, url: str, server: Dovecot) -> dict[str, Any]:
    users = [server.user() for _ in range(BOXES)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        accepted = folder / "accepted"
        accepted.touch()
        smtp = stack.enter_context(sink(accepted))
        boxes = (_BOX.format(n=n, imap=server.port, user=user, smtp=smtp) for n, user in enumerate(users))
        (folder / "maild.toml").write_text(_HEAD + "".join(boxes), "utf-8")
        store = Store.open(url, folder)
        stack.callback(store.close)
        processes = [_daemon(folder, url) for _ in range(daemons)]
        try:
            _until(lambda: _row(store, _HELD) == (daemons, BOXES), processes)
            _fill(server, users, WARM, seed="warm")
            _until(lambda: _row(store, _LEFT) == (WARM, 0), processes)
            started, idle = _cpu(processes), _idle(processes)
            before, asked, begin = _cpu(processes), _row(store, _ASKED)[0], time.perf_counter()
            _fill(server, users, mails)
            _until(lambda: _row(store, _LEFT) == (WARM + mails, 0), processes)
            seconds, spent = time.perf_counter() - begin, _cpu(processes) - before
            time.sleep(SETTLE)
            asked = _row(store, _ASKED)[0] - asked
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(60)
        return {
            f"per_cpu_second_{daemons}": round(mails / spent, 1), f"per_second_{daemons}": round(mails / seconds, 1),
            f"transactions_{daemons}": round(asked / mails, 1),
            f"start_{daemons}": round(started, 1), f"idle_{daemons}": idle,
            f"doubled_{daemons}": _doubled(store, WARM + mails, len(accepted.read_text().splitlines())),
        }  # fmt: skip


def _daemon(folder: Path, url: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "maild", "run", "-c", str(folder / "maild.toml")]
    environ = os.environ | ENVIRON | {"MAILD_STORE__URL": url}
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _idle(processes: "list[subprocess.Popen[bytes]]") -> float:
    """Seconds of processor time in a second without mail."""
    before = _cpu(processes)
    time.sleep(IDLE)
    return round((_cpu(processes) - before) / IDLE, 3)


def _fill(server: Dovecot, users: list[str], mails: int, seed: str = "workers") -> None:
    """The same mails in each run, dealt out to the mailboxes."""
    dice = random.Random(seed)
    dealt: list[list[bytes]] = [[] for _ in users]
    for number in range(mails):
        raw = one_mail(seed, number, dice, datetime.now(UTC))
        box = number % len(users)
        dealt[box].append(raw.replace(b"gm@corp.example", f"box{box}@corp.example".encode()))
    for user, own in zip(users, dealt, strict=True):
        deliver(server, user, own)


def _doubled(store: Store, mails: int, accepted: int) -> int:
    """Mails handled twice, letters accepted twice; anything lost raises."""
    journal, handled, sent = _row(
        store,
        "select (select count(*) from journal), (select count(*) from mail), "
        "(select count(*) from outbox where state = 'sent')",
    )
    if journal != mails or accepted < sent:
        raise RuntimeError(f"{mails} mails, {journal} in the journal; {sent} letters sent, {accepted} accepted")
    return int(max(0, handled - mails) + accepted - sent)


def _cpu(processes: "list[subprocess.Popen[bytes]]") -> float:
    """Seconds of processor time, user and system, of all threads."""
    fields = [Path(f"/proc/{p.pid}/stat").read_text().rpartition(") ")[2].split() for p in processes]
    return sum(int(own[11]) + int(own[12]) for own in fields) / _TICK


def _row(store: Store, query: str) -> tuple[Any, ...]:
    with store.reading() as books:
        return tuple(books.connection.execute(text(query)).one())


def _until(done: Any, processes: "list[subprocess.Popen[bytes]]") -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end or any(process.poll() is not None for process in processes):
            raise TimeoutError("the daemons ended, or did not come to an end")
        time.sleep(0.1)


if __name__ == "__main__":
    run("workers", __doc__, measure)
