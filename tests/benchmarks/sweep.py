"""One sweep that finds a hundred due clocks among a thousand and a million open ones.

`find_ms` is the question which clocks are due; `sweep_ms` decides all hundred, writes their letters and commits.
`ratio` compares finding, the part that could grow; `sweep_ratio` the whole.
"""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from maild.adapters.drawing import Drawer
from maild.assembly import Workshop
from maild.daemon import machine_clock
from maild.onepass import once
from maild.workflow.reports.sending import Reporter
from maild.workflow.tick import Ticker
from tests.benchmarks.fill import fill
from tests.benchmarks.mails import mailbox
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import deliver, open_workshop, run
from tests.dovecot import Dovecot

DUE = 100
ROUNDS = 20
_MAKE_DUE = """
    update clock set next_at = '2026-01-01 00:00:00.000000', due = '2026-01-01 00:00:00.000000', state = 'open' where id in
    (select min(id) from clock where number like 'GM-2019-%' and number > :after group by number limit :count)
"""
_OPEN = "update clock set state = 'open' where number like 'GM-2019-%'"


def measure(quick: bool) -> dict[str, Any]:
    """Milliseconds at both sizes."""
    sizes = (1_000, 100_000) if quick else (1_000, 1_000_000)
    find: dict[str, float] = {}
    sweep: dict[str, float] = {}
    with Dovecot() as server, sink() as smtp, tempfile.TemporaryDirectory() as scratch:
        user = server.user()
        workshop = open_workshop(Path(scratch), server, user, smtp)
        deliver(server, user, list(mailbox(20, seed=1)))
        asyncio.run(once(workshop))
        filled = 0
        for size in sizes:
            # Two clocks a case.
            fill(workshop, filled + 1, size // 2)
            _change(workshop, _OPEN, {})
            for part in range(2):
                begun = f"GM-2019-{filled + part * DUE:08d}"
                _change(workshop, _MAKE_DUE, {"after": begun, "count": DUE})
                find[str(size)], sweep[str(size)] = _find(workshop), _sweep(workshop)
            filled = size // 2
        workshop.close()
    first, last = (str(size) for size in sizes)
    return {
        "due": DUE, "open": sizes, "find_ms": {size: round(ms, 2) for size, ms in find.items()},
        "sweep_ms": {size: round(ms, 1) for size, ms in sweep.items()}, "ratio": round(find[last] / find[first], 3),
        "sweep_ratio": round(sweep[last] / sweep[first], 3),
    }  # fmt: skip


def _change(workshop: Workshop, statement: str, values: dict[str, Any]) -> None:
    with closing(sqlite3.connect(workshop.store.engine.url.database or "")) as database, database:
        database.execute(statement, values)


def _find(workshop: Workshop) -> float:
    """The best of some rounds, in milliseconds."""
    times = []
    box = workshop.settings.mailbox[0].address
    with workshop.store.writing() as books:
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            found = len(books.due_clocks(box, machine_clock(), 1000))
            times.append(time.perf_counter() - begin)
            assert found == DUE, found
    return 1000 * min(times)


def _sweep(workshop: Workshop) -> float:
    box = workshop.settings.mailbox[0]
    scribe = workshop.scribe()
    ticker = Ticker(store=workshop.store, scribe=scribe, office=lambda: workshop.office(box),
                    reporter=Reporter(store=workshop.store, scribe=scribe, drawing=Drawer()),
                    committed=lambda: None, directory=lambda: workshop.house.desks[box.address].index.directory)  # fmt: skip
    begin = time.perf_counter()
    ticker.tick()
    return 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    run("sweep", __doc__, measure)
