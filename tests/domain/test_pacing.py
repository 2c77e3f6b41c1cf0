"""So many an hour, and then one after the other."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.domain.pacing import turn

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def turns(count: int, an_hour: int, *, mark: datetime | None = None, now: datetime = NOW) -> list[timedelta]:
    """How long each of `count` things that come at once waits."""
    waits = []
    for _ in range(count):
        at, mark = turn(mark, now, an_hour)
        waits.append(at - now)
    return waits


@pytest.mark.parametrize("an_hour", [1, 7, 60, 600])
def test_an_hours_worth_passes_at_once(an_hour: int) -> None:
    """After an hour of rest as many pass as an hour may have, and the next one waits."""
    waits = turns(an_hour + 1, an_hour)

    assert [timedelta()] * an_hour == waits[:-1]
    assert waits[-1] == timedelta(hours=1) / an_hour


def test_what_is_above_follows_evenly_and_in_order() -> None:
    """Of three hundred at sixty an hour the last has its turn after four hours, each a minute behind the other."""
    waits = turns(300, 60)

    assert [MINUTE * n for n in range(1, 241)] == waits[60:]


def test_rest_is_rewarded_up_to_an_hour() -> None:
    """A mark that lies long in the past counts as none."""
    assert turns(61, 60) == turns(61, 60, mark=NOW - timedelta(days=9))


def test_an_even_stream_never_waits() -> None:
    """One a minute at sixty an hour passes for ever."""
    mark: datetime | None = None
    for minute in range(500):
        now = NOW + minute * MINUTE
        at, mark = turn(mark, now, 60)
        assert at == now
