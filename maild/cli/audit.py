"""Verify the history: each case's events are chained by hash, and the first broken link is named.

example: maild audit verify -c maild.toml
"""

import argparse
import json
import os
import sys

from maild.cli.main import config_argument


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild audit`."""
    parser.add_argument("what", choices=["verify"])
    config_argument(parser)
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when every chain holds, 1 when one is broken."""
    from maild.adapters.chains import broken_chains
    from maild.adapters.erasures import erasures
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.config import load

    settings = load(args.config, os.environ)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        cases, events, broken = broken_chains(store)
        gone = erasures(store).cases
    finally:
        store.close()
    if args.json:
        rows = [{"number": one.number, "at": one.at, "by": one.by, "reason": one.reason, "goes": one.goes}
                for one in gone]  # fmt: skip
        print(json.dumps({"cases": cases, "events": events, "broken": broken, "erased": rows}, ensure_ascii=False))
    else:
        print(f"{events} events of {cases} cases verified" if not broken else f"{len(broken)} chains are broken")
        for one in gone:
            print(f"{one.number} was erased ({one.goes}) on {one.at[:10]} by {one.by}: {one.reason}")
    for number, seq, why in broken:
        print(f"maild audit: {number}: event {seq}: {why}; compare with a backup.", file=sys.stderr)
    return 1 if broken else 0
