"""Mails from the mailbox to a committed case, told handler and accepted acknowledgement, against the floor.

The floor does the same transport and none of the mission: fetch by IMAPClient in batches of 50, parse with the
standard library, one SQLite commit a mail (WAL, FULL), and as many mails, of the same size, sent by aiosmtplib as
maild sent. Both run on the same servers, one after the other; rules and templates are warm.
"""

import asyncio
import email
import sqlite3
import tempfile
import time
from collections.abc import Callable
from email import policy
from email.message import Message
from pathlib import Path
from typing import Any

import aiosmtplib

from maild.assembly import Workshop
from maild.domain.value import value
from tests.benchmarks.mails import mailbox
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import ask, client, daemon_until, deliver, open_workshop, run
from tests.dovecot import Dovecot

BATCH = 50
WARM = 20
FLOORS: dict[str, Callable[[bytes], Message]] = {
    "compat32": email.message_from_bytes,
    "policy.default": lambda raw: email.message_from_bytes(raw, policy=policy.default),
}
"""The parser of each floor; the first is the one that counts."""


@value
class Sending:
    """What maild sent a mail: how many, and of how many bytes."""

    each: float
    size: int


def measure(quick: bool) -> dict[str, Any]:
    """Both rates in one run."""
    count = 300 if quick else 1000
    mails = list(mailbox(count))
    with Dovecot() as server, sink() as smtp, tempfile.TemporaryDirectory() as scratch:
        folder, user = Path(scratch), server.user()
        workshop = open_workshop(folder, server, user, smtp)
        seconds, cases, sending = _maild(workshop, server, user, mails)
        workshop.close()
        floors = {name: count / _floor(folder, server, smtp, mails, sending, name) for name in FLOORS}
    rate, floor = count / seconds, next(iter(floors.values()))
    return {
        "mails": count, "cases": cases, "sent_a_mail": round(sending.each, 2), "sent_bytes": sending.size,
        "mails_per_second": round(rate, 1), "floor_mails_per_second": round(floor, 1),
        "floors": {name: round(one, 1) for name, one in floors.items()}, "ratio": round(rate / floor, 3),
    }  # fmt: skip


def _maild(workshop: Workshop, server: Dovecot, user: str, mails: list[bytes]) -> tuple[float, int, Sending]:
    deliver(server, user, list(mailbox(WARM, seed=1)))
    daemon_until(workshop, WARM)
    before = ask(workshop, "select count(*), coalesce(sum(length(raw)), 0) from outbox where state = 'sent'")
    deliver(server, user, mails)
    seconds = daemon_until(workshop, WARM + len(mails))
    after = ask(workshop, "select count(*), sum(length(raw)) from outbox where state = 'sent'")
    sent, size = after[0] - before[0], after[1] - before[1]
    cases = ask(workshop, 'select count(*) from "case"')[0]
    return seconds, cases, Sending(each=sent / len(mails), size=size // max(1, sent))


def _floor(folder: Path, server: Dovecot, smtp: int, mails: list[bytes], sending: Sending, parser: str) -> float:
    user = server.user()
    deliver(server, user, mails)
    database = sqlite3.connect(folder / f"{parser}.db", isolation_level=None)
    for statement in (
        "pragma journal_mode=wal",
        "pragma synchronous=full",
        "create table mail (subject text, raw blob)",
    ):
        database.execute(statement)
    begin = time.perf_counter()
    asyncio.run(_floor_pass(database, server, user, smtp, sending=sending, parse=FLOORS[parser]))
    seconds = time.perf_counter() - begin
    database.close()
    return seconds


async def _floor_pass(
    database: sqlite3.Connection, server: Dovecot, user: str, smtp: int, *, sending: Sending,
    parse: Callable[[bytes], Message],
) -> None:  # fmt: skip
    sender = aiosmtplib.SMTP(hostname="127.0.0.1", port=smtp, start_tls=False, use_tls=False, local_hostname="floor")
    await sender.connect()
    letter = b"Subject: ok\r\n\r\n" + (b"x" * 76 + b"\r\n") * (sending.size // 78)
    with client(server, user) as connection:
        uids, owed = connection.search(), 0.0
        for start in range(0, len(uids), BATCH):
            for data in connection.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).values():
                message = parse(data[b"BODY[]"])
                for part in message.walk():
                    part.get_payload(decode=True)
                database.execute("insert into mail values (?, ?)", (str(message["Subject"]), data[b"BODY[]"]))
                owed += sending.each
                while owed >= 1:
                    owed -= 1
                    await sender.sendmail("gm@corp.example", ["someone@mail.example"], letter)
    await sender.quit()


if __name__ == "__main__":
    run("throughput", __doc__, measure)
