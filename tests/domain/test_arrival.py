"""When a mail came, and what is left behind at the first start."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.domain.arrival import arrival, since_bound

MACHINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("internal", "now", "expected"),
    [
        (MACHINE - HOUR, MACHINE, MACHINE - HOUR),  # the ordinary case
        (MACHINE - 7 * DAY, MACHINE, MACHINE - 7 * DAY),  # after an outage
        (MACHINE + HOUR, MACHINE, MACHINE),  # the server's clock runs ahead
        (MACHINE, MACHINE + 30 * DAY, MACHINE + 30 * DAY),  # the office's clock was moved on
        (MACHINE, MACHINE - 400 * DAY, MACHINE - 400 * DAY),  # ... or back
        (MACHINE - 400 * DAY, MACHINE - 400 * DAY, MACHINE - 400 * DAY),  # back, and the mail with it
    ],
)
def test_arrival_is_told_on_the_offices_clock(internal: datetime, now: datetime, expected: datetime) -> None:
    """The age of a mail counts, on whichever clock it is younger, and it never comes from the future."""
    assert expected == arrival(internal, now=now, machine=MACHINE)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("all", None),
        ("now", MACHINE),
        ("3 days", MACHINE - 3 * DAY),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=ZONE)),
    ],
)
def test_since_bounds_the_first_start(since: str, expected: datetime | None) -> None:
    """`since` is all, now, a local date or a length of time back from the machine's clock."""
    assert expected == since_bound(since, machine=MACHINE, zone=ZONE)
