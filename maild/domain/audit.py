"""A case's history, chained by hash: whoever changes, removes or inserts an event breaks the chain (security.md).

The chain goes over the digest of who did it and what was said, salted for each event: an erasure takes words and salt
away and leaves the digest, so that the chain still holds and nobody can try name after name against it. Events of
before version 0012 of the database are chained over their words themselves, without a salt.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from maild.domain.case import Event
from maild.domain.value import value

FIRST = "0" * 64
ERASED = "erased"
"""The kind of the event which says that words of this history were erased, by whom and why."""


def link(previous: str, number: str, seq: int, event: Event, *, salt: str = "") -> str:
    """The hash of one event: SHA-256 over the hash before it and its own canonical JSON."""
    return linked(previous, number, seq, event, said=digest_of(salt, event) if salt else "")


def linked(previous: str, number: str, seq: int, event: Event, *, said: str) -> str:
    """The same by the digest of what was said; "" where there is none, and the words themselves are chained."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    end = [event.human, said] if said else [event.actor, event.human, event.data]
    return _hashed([previous, number, seq, at, event.kind, *end])


def digest_of(salt: str, event: Event) -> str:
    """What stands in the chain for who did it and what was said."""
    return _hashed([salt, event.actor, event.data])


def _hashed(facts: Sequence[Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@value
class Chained:
    """An event as it was written down; `digest` is there where its words were erased, else its `salt`."""

    number: str
    seq: int
    event: Event
    previous: str
    hash: str
    salt: str = ""
    digest: str = ""

    @property
    def said(self) -> str:
        """The digest of its words; "" for an event of an early version."""
        return self.digest or (digest_of(self.salt, self.event) if self.salt else "")


def first_broken(chain: Iterable[Chained]) -> Chained | None:
    """The first event of one case whose link does not hold, or None when all do."""
    previous = FIRST
    for seq, item in enumerate(chain, 1):
        expected = linked(previous, item.number, seq, item.event, said=item.said)
        if (item.seq, item.previous, item.hash) != (seq, previous, expected):
            return item
        previous = item.hash
    return None


def first_unexplained(chain: Sequence[Chained]) -> Chained | None:
    """The first event whose words are gone with no erasure recorded behind it, or None."""
    last = max((item.seq for item in chain if item.event.kind == ERASED and not item.digest), default=0)
    return next((item for item in chain if item.digest and item.seq > last), None)
