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
    from maild.adapters.anchors import FILE, Anchors
    from maild.adapters.chains import broken_chains
    from maild.adapters.erasures import erasures
    from maild.adapters.sealring import read_ring
    from maild.adapters.secrets import read_secrets
    from maild.adapters.store import Store
    from maild.config import load
    from maild.daemon import machine_clock

    settings = load(args.config, os.environ)
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        anchors = Anchors(settings.store.secrets.with_name(FILE), read_secrets(settings.store.secrets))
        cases, events, broken = broken_chains(store)
        broken += [one for one in anchors.broken(store) if one[0] not in {number for number, _, _ in broken}]
        if not broken:
            anchors.keep(store, machine_clock())
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
        where = ": ".join(filter(None, (number, f"event {seq}" if seq else "")))
        print(f"maild audit: {where}{': ' if where else ''}{why}; compare with a backup.", file=sys.stderr)
    return 1 if broken else 0
