"""Offices from seeds: `python -m tests.simulation --seed S --seeds N --mails M [--fault P] [--json]` (quality.md).

Names the first seed that breaks a promise, and then exits 1; the same seed plays the same office again.
"""

import argparse
import json
import sys
import time

from tests.simulation.play import play


def main() -> int:
    """Play the seeds one after another; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--seeds", type=int, default=10, help="how many offices")
    parser.add_argument("--mails", type=int, default=100, help="in each of them")
    parser.add_argument("--fault", type=float, default=0.03, help="how likely each call to a server fails")
    parser.add_argument("--json", action="store_true", help="the last line alone")
    options = parser.parse_args()
    begin, total = time.monotonic(), {"offices": 0, "mails": 0, "passes": 0, "deaths": 0, "faults": 0, "days": 0.0}
    for seed in range(options.seed, options.seed + options.seeds):
        played = play(seed, options.mails, fault=options.fault)
        total = {name: count + getattr(played, name, 1) for name, count in total.items()}
        if not options.json:
            print(f"seed {seed}: {played.mails} mails, {played.faults} faults, {played.deaths} deaths, "
                  f"{played.days} days, {len(played.broken)} promises broken", flush=True)  # fmt: skip
        if played.broken:
            print(*played.broken, sep="\n")
            print(f"play it again: python -m tests.simulation --seed {seed} --seeds 1 --mails {options.mails} "
                  f"--fault {options.fault}")  # fmt: skip
            print(json.dumps(total | {"broken_seed": seed, "broken": played.broken}, ensure_ascii=False))
            return 1
    print(json.dumps(total | {"seconds": round(time.monotonic() - begin, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
