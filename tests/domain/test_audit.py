"""The chain of a case's events."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.domain.audit import FIRST, Chained, first_broken, link
from maild.domain.case import Event

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def _chain(count: int) -> list[Chained]:
    chain, previous = [], FIRST
    for seq in range(1, count + 1):
        event = Event(kind="note", at=AT, actor="he.zhiqiang@corp.example", data={"text": f"第{seq}条"}, human=True)
        made = link(previous, "GM-2026-000001", seq, event)
        chain.append(Chained(number="GM-2026-000001", seq=seq, event=event, previous=previous, hash=made))
        previous = made
    return chain


def test_an_untouched_chain_holds() -> None:
    """A history nobody touched is found whole."""
    assert first_broken(_chain(5)) is None


@pytest.mark.parametrize("change", ["data", "actor", "at", "kind", "human"])
def test_a_changed_event_is_named(change: str) -> None:
    """Whatever is changed in an event, that event is the one named."""
    chain = _chain(5)
    other: dict[str, Any] = {
        "data": {"text": "x"},
        "actor": "li.jun@corp.example",
        "at": AT.replace(hour=2),
        "kind": "x",
        "human": False,
    }
    chain[2] = replace(chain[2], event=replace(chain[2].event, **{change: other[change]}))

    broken = first_broken(chain)

    assert broken is not None
    assert broken.seq == 3


def test_a_removed_event_is_missed() -> None:
    """Taking an event out breaks the chain at the one after it."""
    chain = _chain(5)
    del chain[1]

    broken = first_broken(chain)

    assert broken is not None
    assert broken.seq == 3
