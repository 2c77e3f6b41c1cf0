"""When a mail that was not taken is tried again (casework 8, RFC 5321 section 4.5.4.1)."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
GIVE_UP = timedelta(days=3)


def retry_at(attempts: int, first: datetime, now: datetime) -> datetime | None:
    """The next try after `attempts` failed ones, the first of them at `first`; None: told as failed.

    30 seconds doubling to an hour, for three days; the last try lies at their end.
    """
    end = first + GIVE_UP
    if now >= end:
        return None
    wait = min(FIRST * (1 << min(max(attempts, 1) - 1, 10)), LONGEST)
    return min(now + wait, end)


def next_try(failures: int) -> timedelta:
    """How long an account that cannot be used is left alone: 5 s doubling to 50 s.

    So that whatever was wrong is found mended within a minute, and a wrong password is tried no oftener than that.
    """
    return timedelta(seconds=min(50, 5 * 2 ** min(failures, 6)))
