"""Kill maild at every point of its work, again and again: `python -m tests.crashpoints [--all] [--json]`.

Without `--all` each point is died at once on each database, as in the tests; with it also at the second, third, fifth
and eighth time that a process passes it. The last line is a JSON object; exit status 1 when a promise was broken.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.varied import Launcher, Outcome, copies, doubled, launching, outcome, unaccounted, varied_office

HITS = (1, 2, 3, 5, 8)
SENT_TWICE = {"SMTP data after", "settle.Settler._commit before"}


def main() -> int:
    """Play, print, and say whether all promises held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also at later passes of each point")
    parser.add_argument("--json", action="store_true", help="the last line alone")
    options = parser.parse_args()
    begin, kills, names, broken = time.monotonic(), 0, set[str](), list[str]()
    with launching() as launcher:
        for kind in ("sqlite", "postgres"):
            plain, _, _ = played(launcher, kind, 0)
            for hit in HITS if options.all else HITS[:1]:
                found, deaths, wrong = played(launcher, kind, hit)
                wrong += [] if found == plain else [f"{found} instead of {plain}"]
                kills, names = kills + len(deaths), names | set(deaths)
                broken += [f"{kind}, pass {hit}: {one}" for one in wrong]
                if not options.json:
                    print(f"{kind}, pass {hit}: {len(deaths)} kills, {len(wrong)} promises broken", flush=True)
    print(
        json.dumps({"points": len(names), "kills": kills, "broken": broken, "seconds": round(time.monotonic() - begin)})
    )
    return 1 if broken else 0


def played(launcher: Launcher, kind: str, hit: int) -> tuple[Outcome, list[str], list[str]]:
    """One varied run with its deaths: what came of it, where it died, and what is not as it must be."""
    with tempfile.TemporaryDirectory() as folder, varied_office(Path(folder), kind) as desk:
        deaths = launcher.play(desk, hit=hit)
        wrong = unaccounted(desk)
        if doubled(desk) != len(SENT_TWICE & set(deaths)):
            wrong.append(f"{doubled(desk)} mails arrived twice")
        wrong += [f"{ident} lies in Sent {count} times" for ident, count in copies(desk).items() if count > 1]
        return outcome(desk), deaths, wrong


if __name__ == "__main__":
    sys.exit(main())
