"""How the outbox's lanes share one account: connections, and what a provider allows (casework 8).

A lower lane never delays a higher one: each lane leaves something free that only the better ones may take.
"""

from maild.domain.letter import Lane
from maild.domain.value import value

LANES = tuple(Lane)
KEPT_OF_DAY = 5
"""A fifth of the day's budget is kept for the first two lanes."""
_KEPT_OF_MINUTE = 10
"""Each step down leaves a tenth of the minute's budget to the lanes above."""


@value
class Budget:
    """What an account may send; None: as much as there is."""

    per_minute: int | None = None
    per_day: int | None = None


def slots(lane: Lane, connections: int) -> int:
    """How many mails of this lane and those below may be under way at once; one always may."""
    return max(1, connections - lane)


def minute_share(lane: Lane, per_minute: int) -> int:
    """How many mails may have left in the last minute for one of this lane to follow; one always may."""
    return max(1, per_minute - -(-per_minute * lane // _KEPT_OF_MINUTE))


def day_share(lane: Lane, per_day: int) -> int:
    """How many mails may have left in the last 24 hours for one of this lane to follow."""
    return per_day if lane <= Lane.REQUESTER else max(1, per_day - -(-per_day // KEPT_OF_DAY))
