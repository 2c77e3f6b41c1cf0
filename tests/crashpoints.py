"""Kill maild at every point of its work: `python -m tests.crashpoints [--all] [--seed S --passes N] [--json]`.

Without `--all` each point is died at once on each database, as in the tests; with it also at the second, third, fifth
and eighth time that a process passes it. `--passes` adds so many runs in which each process dies after a number of
points drawn from the seed, at each point twice at most; `--seed S --passes 1` plays one of them again. The last line is
a JSON object; exit status 1 when a promise was broken.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from maild.domain.value import value
from tests.journeys.varied import (
    Launcher,
    Outcome,
    channel,
    copies,
    doubled,
    launching,
    outcome,
    unaccounted,
    varied_office,
)

HITS = (1, 2, 3, 5, 8)
STEPS = (1, 1, 2, 3, 5, 8, 13)
"""After how many points a process dies where that is drawn."""
TOLD_TWICE = {"Robot.tell after", "herald.Herald._settle before"}
SENT_TWICE = {"SMTP data after", "settle.Settler._commit before"}


@value
class Pass:
    """One varied run: how it is called, and where its processes die."""

    name: str
    hit: int | Callable[[], int]
    often: int = 1


def main() -> int:
    """Play, print, and say whether all promises held."""
    options = _options()
    begin, kills, names, broken = time.monotonic(), 0, set[str](), list[str]()
    with launching() as launcher:
        for kind in ("sqlite", "postgres"):
            plain, _, _ = played(launcher, kind, Pass(name="undisturbed", hit=0))
            for one in _passes(options):
                found, deaths, wrong = played(launcher, kind, one)
                wrong += [] if found == plain else [f"{found} instead of {plain}"]
                kills, names = kills + len(deaths), names | set(deaths)
                broken += [f"{kind}, {one.name}: {sentence}" for sentence in wrong]
                if not options.json:
                    print(f"{kind}, {one.name}: {len(deaths)} kills, {len(wrong)} promises broken", flush=True)
    print(
        json.dumps({"points": len(names), "kills": kills, "broken": broken, "seconds": round(time.monotonic() - begin)})
    )
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also at later passes of each point")
    parser.add_argument("--seed", type=int, default=1, help="of the first drawn run; the next one has the next seed")
    parser.add_argument("--passes", type=int, default=0, help="how many drawn runs on each database")
    parser.add_argument("--json", action="store_true", help="the last line alone")
    return parser.parse_args()


def _passes(options: argparse.Namespace) -> Iterator[Pass]:
    for hit in HITS if options.all else HITS[:1]:
        yield Pass(name=f"pass {hit}", hit=hit)
    for seed in range(options.seed, options.seed + options.passes):
        draw = partial(random.Random(seed).choice, STEPS)
        yield Pass(name=f"seed {seed}", hit=draw, often=2)


def played(launcher: Launcher, kind: str, one: Pass) -> tuple[Outcome, list[str], list[str]]:
    """One varied run with its deaths: what came of it, where it died, and what is not as it must be."""
    with tempfile.TemporaryDirectory() as folder, varied_office(Path(folder), kind) as desk:
        deaths = launcher.play(desk, hit=one.hit, often=one.often)
        wrong = unaccounted(desk)
        twice = sum(death in SENT_TWICE for death in deaths)
        if doubled(desk) != twice:
            wrong.append(f"{doubled(desk)} mails arrived twice, {twice} answers were lost")
        told, again = len(channel(desk).texts), sum(death in TOLD_TWICE for death in deaths)
        if told != 1 + again:
            wrong.append(f"one alarm was told {told} times, {again} answers were lost")
        wrong += [f"{ident} lies in Sent {count} times" for ident, count in copies(desk).items() if count > 1]
        return outcome(desk), deaths, wrong


if __name__ == "__main__":
    sys.exit(main())
