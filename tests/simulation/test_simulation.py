"""The simulation keeps its own promises: it replays, it finds what is broken, and names the seed (quality.md)."""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from maild.adapters.outbox import Outbox
from maild.workflow.ports import Folder, Waiting
from maild.workflow.receive import Receiver
from tests.simulation.__main__ import main
from tests.simulation.play import play


@pytest.mark.slow
def test_offices_with_failing_servers_keep_every_promise() -> None:
    """Mail, servers, database and process fail by the dice: nothing is lost, doubled, unrecorded or sent astray."""
    played = play(21, 30, fault=0.05)

    assert () == played.broken
    assert (played.mails >= 30, played.faults > 10, played.deaths > 0) == (True, True, True)


@pytest.mark.slow
def test_a_seed_plays_the_same_office_again() -> None:
    """The same seed brings the same mails, faults, cases and letters; another one does not."""
    first, again, other = (play(seed, 10, fault=0.1).fingerprint for seed in (5, 5, 6))

    assert first == again != other


def test_a_promise_that_is_broken_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that files mail before it has taken it in loses it: the first such seed is named, exit status 1."""
    take = Receiver._take

    def hasty(receiver: Receiver, folder: Folder, batch: Sequence[Waiting], old: Sequence[Waiting]) -> int:
        receiver.server.file([mail.uid for mail in batch], receiver.box.folders.processed)
        return take(receiver, folder, batch, old)

    monkeypatch.setattr(Receiver, "_take", hasty)
    monkeypatch.setattr(sys, "argv", ["simulation", "--seed", "3", "--seeds", "2", "--mails", "5", "--fault", "0"])

    assert main() == 1
    said = capsys.readouterr().out
    assert "nothing about it is committed" in said
    assert "play it again: python -m tests.simulation --seed 3" in said


def test_a_letter_that_is_sent_again_for_no_reason_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that forgets the server's answers sends every letter once more, and is caught."""

    def forgotten(books: Outbox, ident: int, now: datetime, answer: str) -> None:
        books.put_off(ident, until=now + timedelta(minutes=1), first_try=now, answer=answer)

    monkeypatch.setattr(Outbox, "sent_now", forgotten)

    assert any("nothing had failed" in sentence for sentence in play(1, 10, fault=0).broken)
