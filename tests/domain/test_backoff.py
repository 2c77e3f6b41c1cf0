"""When a mail that was not taken is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.domain.backoff import retry_at

FIRST = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (9, 3600), (5000, 3600)]
)
def test_doubles_to_an_hour(attempts: int, seconds: int) -> None:
    """30 seconds after the first try, then twice as long each time, never more than an hour."""
    assert retry_at(attempts, FIRST, FIRST) == FIRST + timedelta(seconds=seconds)


def test_gives_up_after_three_days() -> None:
    """The last try lies three days after the first; then it is told as failed."""
    end = FIRST + timedelta(days=3)

    assert retry_at(80, FIRST, end - timedelta(minutes=10)) == end
    assert retry_at(81, FIRST, end) is None


def test_the_whole_road_is_walked() -> None:
    """Following the answers ends, after between 72 and 90 tries."""
    now, tries = FIRST, 0
    while (following := retry_at(tries + 1, FIRST, now)) is not None:
        assert following > now
        now, tries = following, tries + 1

    assert 72 <= tries <= 90
