"""The chain of a case's events."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.domain.audit import ERASED, FIRST, Chained, first_broken, first_unexplained, link
from maild.domain.case import Event

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def _chain(count: int, salt: str = "") -> list[Chained]:
    chain, previous = [], FIRST
    for seq in range(1, count + 1):
        event = Event(kind="note", at=AT, actor="he.zhiqiang@corp.example", data={"text": f"第{seq}条"}, human=True)
        made = link(previous, "GM-2026-000001", seq, event, salt=salt)
        chain.append(Chained(number="GM-2026-000001", seq=seq, event=event, previous=previous, hash=made, salt=salt))
        previous = made
    return chain


@pytest.mark.parametrize("salt", ["", "5a17"])
def test_an_untouched_chain_holds(salt: str) -> None:
    """A history nobody touched is found whole, of an early version and of this one."""
    assert first_broken(_chain(5, salt)) is None


def test_words_can_go_and_the_chain_still_holds() -> None:
    """Without actor, words and salt the digest stands for them; without a record of the erasure it is named."""
    chain = _chain(5, "5a17")
    bare = replace(chain[1].event, actor="", data={})
    chain[1] = replace(chain[1], event=bare, salt="", digest=chain[1].said)

    assert first_broken(chain) is None
    assert first_unexplained(chain) == chain[1]
    chain[4] = replace(chain[4], event=replace(chain[4].event, kind=ERASED))
    assert first_unexplained(chain) is None


@pytest.mark.parametrize("change", ["data", "actor", "at", "kind", "human"])
@pytest.mark.parametrize("salt", ["", "5a17"])
def test_a_changed_event_is_named(change: str, salt: str) -> None:
    """Whatever is changed in an event, that event is the one named."""
    chain = _chain(5, salt)
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
