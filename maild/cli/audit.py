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
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.config import load

    settings = load(args.config, os.environ)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        cases, events, broken = broken_chains(store)
    finally:
        store.close()
    if args.json:
        print(json.dumps({"cases": cases, "events": events, "broken": broken}, ensure_ascii=False))
    else:
        print(f"{events} events of {cases} cases verified" if not broken else f"{len(broken)} chains are broken")
    for number, seq, why in broken:
        print(f"maild audit: {number}: event {seq}: {why}; compare with a backup.", file=sys.stderr)
    return 1 if broken else 0
