"""A case's history, chained by hash: whoever changes, removes or inserts an event breaks the chain (security.md)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from maild.domain.case import Event
from maild.domain.value import value

FIRST = "0" * 64


def link(previous: str, number: str, seq: int, event: Event) -> str:
    """The hash of one event: SHA-256 over the hash before it and its own canonical JSON."""
    facts = [
        previous,
        number,
        seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.kind,
        event.actor,
        event.human,
        event.data,
    ]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@value
class Chained:
    """An event as it was written down."""

    number: str
    seq: int
    event: Event
    previous: str
    hash: str


def first_broken(chain: Iterable[Chained]) -> Chained | None:
    """The first event of one case whose link does not hold, or None when all do."""
    previous = FIRST
    for seq, item in enumerate(chain, 1):
        expected = link(previous, item.number, seq, item.event)
        if (item.seq, item.previous, item.hash) != (seq, previous, expected):
            return item
        previous = item.hash
    return None
