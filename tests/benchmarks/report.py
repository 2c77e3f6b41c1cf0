"""What one month's report costs with a thousand, twenty thousand and a hundred thousand older closed cases.

Each size has the same five hundred cases of the month's own year. The time is that of the questions to the database
and of the counting for one reader of the whole office; pictures and the spreadsheet are apart (`files_ms`), as no older
case is in them.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maild.adapters.drawing import Drawer
from maild.adapters.store import Store
from maild.adapters.templates import JinjaTemplates
from maild.adapters.trial import trial_office
from maild.domain.period import parse_period
from maild.workflow.reports.build import Builder, Periods, read_periods
from maild.workflow.reports.letters import charts, spreadsheet
from maild.workflow.reports.sending import finder
from tests.benchmarks.stand import run
from tests.reportoffice import GM, fill

SIZES = (1_000, 20_000, 100_000)
QUICK = (500, 2_500, 7_500)
OWN, ROUNDS = 500, 4
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)
MONTH = parse_period("2026-10")


def measure(quick: bool) -> dict[str, Any]:
    """Milliseconds a report at each size, and how they grow."""
    sizes = QUICK if quick else SIZES
    builder = Builder(trial_office("gm-mailbox", NOW), JinjaTemplates().words)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open("sqlite:///report.db", Path(scratch))
        fill(store, 1, OWN)
        times, filled, found = dict[int, float](), 0, 0
        for number, size in enumerate(sizes):
            fill(store, number + 2, size - filled, begin=LONG_AGO, days=2_000, prefix="GM-2018", over=True)
            filled = size
            rounds = [_report(store, builder) for _ in range(ROUNDS)]
            times[size], found = min(one for one, _ in rounds), rounds[0][1]
        files = min(_files(store, builder) for _ in range(ROUNDS))
        store.close()
    milliseconds = list(times.values())
    return {
        "own_cases": OWN, "cases_in_the_report": found, "ms": {str(size): round(one, 1) for size, one in times.items()},
        "ratio": round(milliseconds[-1] / milliseconds[0], 3), "files_ms": round(files, 1),
    }  # fmt: skip


def _read(store: Store, builder: Builder) -> Periods:
    with store.reading() as books:
        return read_periods(MONTH, GM, builder.office.zone, books)


def _report(store: Store, builder: Builder) -> tuple[float, int]:
    begin = time.perf_counter()
    periods = _read(store, builder)
    builder.build(builder.office.pack.reports.reports[0], periods, builder.office.index.gm())
    return 1000 * (time.perf_counter() - begin), len(periods.now.stories)


def _files(store: Store, builder: Builder) -> float:
    periods, words, gm = _read(store, builder), builder.wordings("zh"), builder.office.index.gm()
    report = builder.build(builder.office.pack.reports.reports[0], periods, gm)
    begin = time.perf_counter()
    charts(report, Drawer())
    spreadsheet(report, gm, builder.office, words=words, drawing=Drawer(), find=finder(periods, lambda _number: None))
    return 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    run("report", __doc__, measure)
