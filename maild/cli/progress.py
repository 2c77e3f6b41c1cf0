"""How far long work is: a bar on a terminal, a plain line now and then elsewhere. Not a command itself."""

import sys
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")
_EVERY = 500


def progress(items: Iterator[T], total: int) -> Iterator[T]:
    """The same items, told on stderr while they are worked off."""
    from tqdm import tqdm

    if sys.stderr.isatty():
        yield from tqdm(items, total=total, unit="mail", dynamic_ncols=True)
        return
    for count, item in enumerate(items, 1):
        yield item
        if count % _EVERY == 0:
            print(f"{count} of {total} mails", file=sys.stderr, flush=True)
