"""So many an hour, and then one after the other: whose turn comes when (security.md, "flooding by one sender").

The whole past of a sender is one instant, the mark, so that a look-up and an update are all that a mail costs
(a leaky bucket, the generic cell rate algorithm of ITU-T I.371).
"""

from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


def turn(mark: datetime | None, now: datetime, an_hour: int) -> tuple[datetime, datetime]:
    """When the next thing has its turn, never before `now`, and the mark to remember.

    `an_hour` of them, at least 1, pass at once after an hour of rest; further ones follow evenly, in their order.
    """
    step = HOUR / an_hour
    reached = max(mark or now, now)
    return max(now, reached - step * (an_hour - 1)), reached + step
