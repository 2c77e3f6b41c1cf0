"""The office from January to December: `python -m tests.simulation.year --seed S [--days N] [--json]` (quality.md).

Prints what came of it, each broken promise in a sentence, and exits 1 where there is one.
"""

import argparse
import dataclasses
import json
import sys
import time

from tests.simulation.year.play import A_DAY
from tests.simulation.year.whole import year_of


def main() -> int:
    """Play one year; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=361, help="from the first Monday of 2026 on")
    parser.add_argument("--mails", type=int, default=A_DAY, help="new letters of a working day")
    parser.add_argument("--json", action="store_true", help="the last line alone")
    options = parser.parse_args()
    begin = time.monotonic()
    outcome = year_of(options.seed, options.days, a_day=options.mails)
    if not options.json:
        print(*outcome.broken, sep="\n")
    spent = {"seconds": round(time.monotonic() - begin, 1), "cpu_seconds": round(time.process_time(), 1)}
    print(json.dumps(dataclasses.asdict(outcome) | spent, ensure_ascii=False))
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
