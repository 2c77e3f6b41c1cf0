"""From delivery into the mailbox to the acknowledgement's acceptance, with the daemon on IDLE.

Twenty mails a second arrive at random times (a Poisson process). The time begins before APPEND is sent, so that
storing the mail counts as well, and ends when the SMTP server has answered 250. Daemon, sink and this process are
three; mails that get no acknowledgement (reports, automatic mails) are not counted.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from maild.mail.parse import parse
from tests.benchmarks.mails import one_mail
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import ENVIRON, client, write_config
from tests.benchmarks.stand import run as run_benchmark
from tests.dovecot import Dovecot

RATE = 20
PATIENCE = 60


def measure(quick: bool) -> dict[str, Any]:
    """Percentiles in milliseconds."""
    seconds = 15 if quick else 60
    with Dovecot() as server, tempfile.TemporaryDirectory() as scratch:
        folder, user, log = Path(scratch), server.user(), Path(scratch) / "accepted"
        log.touch()
        with sink(log) as smtp, _daemon(write_config(folder, server, user, smtp)) as daemon:
            _feed(server, user, log, seconds=5, name="warm")
            times = _feed(server, user, log, seconds=seconds, name="late")
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)
    late = sorted(1000 * one for one in times)
    cuts = quantiles(late, n=100, method="inclusive")
    return {
        "seconds": seconds, "mails_per_second": RATE, "acknowledged": len(late), "p50_ms": round(cuts[49], 1),
        "p90_ms": round(cuts[89], 1), "p99_ms": round(cuts[98], 1), "max_ms": round(late[-1], 1),
    }  # fmt: skip


def _daemon(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "maild", "run", "-c", str(config)]
    return subprocess.Popen(command, env=os.environ | ENVIRON, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _feed(server: Dovecot, user: str, log: Path, *, seconds: float, name: str) -> list[float]:
    """Deliver at random times; how long each acknowledgement took."""
    dice = random.Random(name)
    begun: dict[str, float] = {}
    with client(server, user) as connection:
        start = at = time.monotonic()
        number = 0
        while (at := at + dice.expovariate(RATE)) < start + seconds:
            raw = one_mail(f"{name}-{number}", number, dice, datetime.now(UTC))
            number += 1
            time.sleep(max(0.0, at - time.monotonic()))
            if _is_answered(raw):
                begun[f"c{name}-{number - 1}@"] = time.monotonic()
            connection.append("INBOX", raw)
    return _times(begun, log)


def _is_answered(raw: bytes) -> bool:
    mail = parse(raw)
    return mail.automatic is None and mail.report is None


def _times(begun: dict[str, float], log: Path) -> list[float]:
    """Wait for every acknowledgement, or for a minute."""
    end = time.monotonic() + PATIENCE
    while True:
        accepted = {line.split()[1].partition("@")[0] + "@": float(line.split()[0]) for line in _lines(log)}
        missing = begun.keys() - accepted.keys()
        if not missing:
            return [accepted[who] - at for who, at in begun.items()]
        if time.monotonic() > end:
            raise TimeoutError(f"{len(missing)} of {len(begun)} acknowledgements never came, such as to {min(missing)}")
        time.sleep(0.1)


def _lines(log: Path) -> list[str]:
    return [line for line in log.read_text().split("\n")[:-1] if " " in line]


if __name__ == "__main__":
    run_benchmark("latency", __doc__, measure)
