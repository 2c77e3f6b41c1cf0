"""The memory that maild keeps: its peak after a thousand and after twenty thousand mails, and with one of 50 MB.

Each measurement is a process of its own that reads its own peak (VmHWM). `growth_mb` is what the later
mails added to the peak of the earlier ones; `ratio` is the peak that the big mail added, divided by its size.
"""

import asyncio
import base64
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from maild.assembly import Workshop
from maild.config import load
from maild.daemon import machine_clock
from maild.onepass import once
from tests.benchmarks.mails import mailbox
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import ENVIRON, deliver, run, write_config
from tests.dovecot import Dovecot

MB = 1 << 20
ATTACHMENT = 50 * MB
CHUNK = 500


def measure(quick: bool) -> dict[str, Any]:
    """Megabytes of resident memory."""
    first, last = (200, 1000) if quick else (1000, 20_000)
    with Dovecot() as server, sink() as smtp:
        first_peak, last_peak = _two_peaks(server, smtp, [list(mailbox(first)), list(mailbox(last - first, seed=8))])
        big = _big()
        before, after = _two_peaks(server, smtp, [list(mailbox(60)), [big]])
    return {
        "mails": [first, last], "first_peak_mb": first_peak, "last_peak_mb": last_peak,
        "growth_mb": round(last_peak - first_peak, 1), "big_mail_mb": round(len(big) / MB, 1),
        "before_big_mb": before, "after_big_mb": after, "ratio": round((after - before) / (len(big) / MB), 2),
    }  # fmt: skip


def _big() -> bytes:
    """A customer's mail with one attachment of 50 MB, as base64 makes it."""
    head = (
        "From: c@mail.example\r\nTo: gm@corp.example\r\nSubject: video\r\nDate: Mon, 23 Nov 2026 09:00:00 +0800\r\n"
        'Message-ID: <big@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nMy order is broken, see the video. I want my money back.\r\n--b\r\n"
        'Content-Type: video/mp4\r\nContent-Disposition: attachment; filename="v.mp4"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    blob = base64.encodebytes(random.Random(1).randbytes(ATTACHMENT)).replace(b"\n", b"\r\n")
    return head.encode() + blob + b"--b--\r\n"


def _two_peaks(server: Dovecot, smtp: int, parts: list[list[bytes]]) -> tuple[float, float]:
    """Peaks after each of two parts of a mailbox."""
    user = server.user()
    with tempfile.TemporaryDirectory() as scratch:
        config = write_config(Path(scratch), server, user, smtp)
        command = [sys.executable, "-m", "tests.benchmarks.memory", "--child", str(config)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            peaks = [_fed(server, user, child, mails) for mails in parts]
            child.communicate("\n")
    return peaks[0], peaks[1]


def _fed(server: Dovecot, user: str, child: "subprocess.Popen[str]", mails: list[bytes]) -> float:
    assert child.stdin
    assert child.stdout
    peak = 0.0
    for start in range(0, len(mails), CHUNK):
        deliver(server, user, mails[start : start + CHUNK])
        print("go", file=child.stdin, flush=True)
        peak = float(child.stdout.readline())
    return round(peak, 1)


def _child(config: str) -> None:
    """Make a pass at each line of standard input, and print the peak so far."""
    workshop = Workshop(load(Path(config), ENVIRON), now=machine_clock, machine=machine_clock)
    while sys.stdin.readline().strip():
        asyncio.run(once(workshop))
        print(_peak(), flush=True)
    workshop.close()


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    if "--child" in sys.argv:
        _child(sys.argv[-1])
    else:
        run("memory", __doc__, measure)
