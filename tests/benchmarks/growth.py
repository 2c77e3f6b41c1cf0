"""What one mail costs with a thousand, a hundred thousand and a million cases in the store.

The time is that of the pass and the sending alone; each figure is the best of four rounds, as other programs disturb
some of them.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from maild.assembly import Workshop
from maild.onepass import once
from tests.benchmarks.fill import fill
from tests.benchmarks.mails import mailbox
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import deliver, open_workshop, run
from tests.dovecot import Dovecot

SIZES = (1_000, 100_000, 1_000_000)
QUICK = (1_000, 20_000, 100_000)
ROUNDS = 4


def measure(quick: bool) -> dict[str, Any]:
    """Milliseconds a mail at each size, and how they grow."""
    sizes, count = (QUICK, 40) if quick else (SIZES, 100)
    figures: dict[int, tuple[float, float]] = {}
    with Dovecot() as server, sink() as smtp, tempfile.TemporaryDirectory() as scratch:
        user = server.user()
        workshop = open_workshop(Path(scratch), server, user, smtp)
        _round(workshop, server, user, list(mailbox(count, seed=1)))
        filled = 0
        for size in sizes:
            fill(workshop, filled + 1, size)
            filled = size
            rounds = [_round(workshop, server, user, list(mailbox(count, size + n))) for n in range(ROUNDS)]
            figures[size] = min(one[0] for one in rounds), min(one[1] for one in rounds)
        workshop.close()
    wall, cpu = ([one[n] for one in figures.values()] for n in range(2))
    return {
        "mails_a_round": count, "ms_a_mail": {str(size): round(one, 2) for size, one in zip(figures, wall, strict=True)},
        "cpu_ms_a_mail": {str(size): round(one, 2) for size, one in zip(figures, cpu, strict=True)},
        "ratio": round(wall[-1] / wall[0], 3), "cpu_ratio": round(cpu[-1] / cpu[0], 3),
    }  # fmt: skip


def _round(workshop: Workshop, server: Dovecot, user: str, mails: list[bytes]) -> tuple[float, float]:
    deliver(server, user, mails)
    begin, spent = time.perf_counter(), time.process_time()
    asyncio.run(once(workshop))
    seconds, spent = time.perf_counter() - begin, time.process_time() - spent
    return 1000 * seconds / len(mails), 1000 * spent / len(mails)


if __name__ == "__main__":
    run("growth", __doc__, measure)
