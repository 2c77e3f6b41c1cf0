"""Readers of what strangers and clerks write bear whatever comes: a little of `python -m tests.fuzz` in every run."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import CORPUS, damaged, seeds
from tests.fuzz.targets import TARGETS

SEEDS = {
    "mail": ("decoding", "odd", "reports", "threads"), "report": ("reports",), "fresh": ("replies",), "page": ("odd",),
    "orders": ("orders",), "rules": ("orders",), "directory": ("orders",), "people": ("orders",), "attached": ("odd",),
    "masks": ("orders", "replies"),
}  # fmt: skip
"""From which folders of the corpus each reader's input is made."""
KEPT = sorted(path for path in (CORPUS / "hostile").iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_damaged_input_is_borne(name: str) -> None:
    """Cut, doubled, moved, relabelled, nested: every reader answers, or refuses with its own error."""
    corpus = seeds(*SEEDS[name])
    assert corpus

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(0, len(corpus) - 1), st.integers(0, 2**32), st.integers(1, 6))
    def bears(place: int, seed: int, times: int) -> None:
        TARGETS[name](damaged(corpus[place], random.Random(seed), times))

    bears()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    """What is no mail at all is read as far as it goes."""
    TARGETS["mail"](raw)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_once_broke_a_reader_breaks_none(path: Path) -> None:
    """Each kept input goes through every reader."""
    raw = path.read_bytes()
    for target in TARGETS.values():
        target(raw)


def test_damage_is_the_same_for_the_same_seed() -> None:
    """A finding can be found again by its seed."""
    raw = seeds("decoding")[0]

    assert damaged(raw, random.Random(3), 9) == damaged(raw, random.Random(3), 9)
