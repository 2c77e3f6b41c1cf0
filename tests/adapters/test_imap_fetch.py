"""Reading in windows, batches and pieces, against a client that is a dictionary."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from maild.adapters import imap_fetch
from maild.workflow.ports import Waiting

AT = datetime(2026, 11, 24, tzinfo=UTC)
MB = 1 << 20


class FakeClient:
    """Holds mails by UID and counts what it is asked."""

    def __init__(self, mails: Mapping[int, bytes]) -> None:
        self.mails = mails
        self.searched: list[tuple[int, int]] = []
        self.fetched: list[str] = []

    def search(self, criteria: Sequence[str]) -> list[int]:
        """UID SEARCH, with the last mail thrown in as `n:*` would."""
        low, high = map(int, criteria[1].split(":"))
        self.searched.append((low, high))
        return [*(uid for uid in self.mails if low <= uid <= high), max(self.mails)]

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """UID FETCH of one partial body."""
        self.fetched += items
        start, length = map(int, items[0].split("<")[1].rstrip(">").split("."))
        part = self.mails[uids[0]][start : start + length]
        return {uids[0]: {f"BODY[]<{start}>".encode(): part}}


def waiting(uid: int, size: int) -> Waiting:
    """A mail on the server."""
    return Waiting(uid=uid, size=size, internal_date=AT)


@pytest.mark.parametrize(
    ("after", "until", "exists"),
    [(0, 20_001, 4), (0, 4_000_000_000, 4), (0, 300_000, 100_000), (4, 9, 100_000), (9, 9, 4), (0, 1, 4)],
)
def test_windows(after: int, until: int, exists: int) -> None:
    """Every UID in between comes once and in order, whatever the windows, and nothing at either end."""
    uids = [1, 4, 5, 8, 9, 4999, 5000, 5001, 20_000, 299_999]
    client = FakeClient(dict.fromkeys(uids, b""))
    assert list(imap_fetch.uids_between(client, after, until, exists)) == [uid for uid in uids if after < uid < until]


def test_windows_bound_the_answer() -> None:
    """In a large folder no single search spans more UIDs than its answer may hold; in a small one, one is enough."""
    client = FakeClient({1: b""})
    list(imap_fetch.uids_between(client, 0, 1_000_000, exists=500_000))
    assert client.searched[0] == (1, imap_fetch.WINDOW)
    assert max(high - low for low, high in client.searched) < 80_000
    small = FakeClient({1: b""})
    list(imap_fetch.uids_between(small, 0, 4_294_967_295, exists=10))
    assert len(small.searched) == 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([1] * 51, [50, 1]),
        ([3 * MB] * 3, [2, 1]),
        ([1, 40 * MB, 1], [1, 1, 1]),
        ([8 * MB, 0], [2]),
        ([0] * 100, [50, 50]),
    ],
)
def test_batches(sizes: list[int], expected: list[int]) -> None:
    """A batch holds at most 50 mails and 8 MB; a larger mail stands alone; the order stays."""
    mails = [waiting(uid, size) for uid, size in enumerate(sizes)]
    batches = list(imap_fetch.batches(mails))
    assert [len(batch) for batch in batches] == expected
    assert [mail for batch in batches for mail in batch] == mails


@pytest.mark.parametrize("size", [16 * MB + 1, 17 * MB, 17 * MB - 1])
def test_large_mail_in_pieces(size: int) -> None:
    """A mail above 16 MB is read in pieces of 1 MB and put together, never setting Seen."""
    raw = bytes(size)
    client = FakeClient({7: raw})
    assert imap_fetch.bodies(client, [waiting(7, size)])[7].raw == raw
    assert all(item.startswith("BODY.PEEK[]<") for item in client.fetched)
    assert len(client.fetched) == size // MB + 1


def test_large_mail_larger_than_told() -> None:
    """A size that the server told wrong cuts nothing off."""
    raw = bytes(20 * MB + 5)
    assert imap_fetch.bodies(FakeClient({7: raw}), [waiting(7, 17 * MB)])[7].raw == raw


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (None, None),
        (datetime(2026, 11, 24, 8, tzinfo=timezone(timedelta(hours=8))), AT),
        (datetime(2026, 11, 24), AT),  # noqa: DTZ001
    ],
)
def test_dates(date: datetime | None, expected: datetime | None) -> None:
    """Dates are aware and in UTC."""
    assert imap_fetch.aware(date) == expected
