"""The key that keeps secret who wrote a confidential letter: make it, change it, and encrypt what lies there already.

`init` writes a new key into a file of its own, mode 0600, and says how to keep it; it never writes over one. `rotate`
makes a further key the current one and lets it close everything anew; run it again where it was broken off. `now`
seals what lay there before there was a key, in the database and in the archive; the daemon does the first at its start,
the second at night.

example: maild seal init
         maild seal rotate -c maild.toml
"""

import argparse
import os
import sys
import tomllib
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from maild.cli.firsttry import SEEDS
from maild.cli.main import config_argument
from maild.cli.progress import progress
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from maild.adapters.sealring import Ring
    from maild.settings import Settings

KEY_FILE = "seal.key"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild seal`."""
    parser.add_argument("what", choices=["init", "rotate", "now"])
    config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it is done, 1 when a raw mail could not be read."""
    return {"init": _init, "rotate": _rotate, "now": _now}[args.what](args)


def new_key_text() -> str:
    """What stands in a new key file: how to keep it, and the key."""
    from maild.adapters.sealring import new_line

    return (SEEDS / "seal-key.txt").read_text("utf-8") + new_line() + "\n"


def _init(args: argparse.Namespace) -> int:
    from maild.adapters.sealring import write_key

    named = _named(args.config)
    path = args.config.resolve().parent / (named or KEY_FILE)
    write_key(path, new_key_text(), new=True)
    seed = "seal-made.txt" if named else "seal-made-unnamed.txt"
    print(Template((SEEDS / seed).read_text("utf-8")).substitute(path=path, name=path.name), end="")
    return 0


def _named(config: Path) -> str:
    """The key file that maild.toml names already; the file need not be there yet."""
    try:
        seal = tomllib.loads(config.read_text("utf-8-sig")).get("seal", {})
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{config}: cannot be read; write one with maild init, or mend it.") from error
    named = seal.get("key_file", "") if isinstance(seal, dict) else ""
    return str(os.environ.get("MAILD_SEAL__KEY_FILE", named))


def _rotate(args: argparse.Namespace) -> int:
    from maild.adapters.sealring import new_line, write_key

    settings, ring = _sealed(args)
    if settings.seal.path is None:
        line = new_line(ring)
        words = (SEEDS / "seal-rotate-by-hand.txt").read_text("utf-8")
        print(Template(words).substitute(source=settings.seal.source, line=line), end="")
    elif _is_done(settings, ring):
        write_key(settings.seal.path, f"{settings.seal.key.text.rstrip()}\n{new_line(ring)}\n", new=False)
    return _closed_anew(args)


def _is_done(settings: "Settings", ring: "Ring") -> bool:
    """Whether the current key has closed everything; where it has not, a rotation was broken off."""
    from maild.adapters.archive import open_archive
    from maild.adapters.vault import behind

    archive = open_archive(settings.store.archive, ring)
    return _keys(settings, ring, behind) == 0 and all(archive.is_sealed(one) for one in archive.hashes())


def _closed_anew(args: argparse.Namespace) -> int:
    from maild.adapters.vault import rewrap

    settings, ring = _sealed(args)
    _keys(settings, ring, rewrap)
    status = _now(args)
    print(f"{settings.seal.source}: {ring.current} has closed everything")
    return status


def _keys(settings: "Settings", ring: "Ring", ask: "Callable[[Engine, Ring], int]") -> int:
    """What is asked of the data keys of the database."""
    from maild.adapters.store import Store

    store = Store.open(settings.store.url, settings.base, ring)
    try:
        return ask(store.engine, ring)
    finally:
        store.close()


def _now(args: argparse.Namespace) -> int:
    from maild.adapters.archive import open_archive
    from maild.adapters.sealwork import seal_archive
    from maild.adapters.store import Store

    settings, ring = _sealed(args)
    store = Store.open(settings.store.url, settings.base, ring)
    try:
        sealed = store.seal()
    finally:
        store.close()
    done, damaged = seal_archive(open_archive(settings.store.archive, ring), progress)
    print(f"{sealed.cases} cases and {done} raw mails sealed")
    for sha256 in damaged:
        print(f"maild seal: the raw mail {sha256} is damaged; restore it from the backup.", file=sys.stderr)
    return 1 if damaged else 0


def _sealed(args: argparse.Namespace) -> "tuple[Settings, Ring]":
    from maild.adapters.sealring import read_ring
    from maild.config import load

    settings = load(args.config, os.environ)
    ring = read_ring(settings.seal)
    if ring is None:
        raise Misconfigured(f"{args.config}: there is no [seal] yet; run maild seal init.")
    return settings, ring
