"""What an account may still send, lane by lane, counted in the database: no restart and no second daemon forgets it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maild.domain.lanes import LANES, Budget, day_share, minute_share
from maild.domain.letter import NO_LANE, Lane
from maild.domain.value import value
from maild.workflow.books import Books
from maild.workflow.settle import slow_mark

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BOUNDLESS = 1_000_000
_A_MOMENT = timedelta(seconds=1)
_FREED_TOGETHER = 20
"""A day's budget is waited for until a twentieth of it is free, so that not each freed mail moves all that wait."""


@value
class Account:
    """One SMTP account: the mailboxes that send through it and what its provider allows."""

    name: str
    mailboxes: tuple[str, ...]
    budget: Budget = Budget()


@value
class Allowance:
    """How many mails each lane may send now. Lanes from `closed` on may send none before `opens`."""

    rooms: tuple[int, ...]
    closed: int = NO_LANE
    opens: datetime | None = None
    day_used: bool = False
    """It is the day's budget that closed them."""


def allowance(account: Account, books: Books, now: datetime, flying: int = 0) -> Allowance:
    """What may leave; `flying` are mails under way that the database does not know of yet."""
    slow = books.marked_time(slow_mark(account.name))
    if slow is not None and slow > now:
        return Allowance(rooms=(0,) * len(LANES), closed=0, opens=slow)
    if account.budget != Budget():
        flying += books.claimed_elsewhere(account.mailboxes)
    minute = _used(account.budget.per_minute, books, account.mailboxes, now - MINUTE) + flying
    day = _used(account.budget.per_day, books, account.mailboxes, now - DAY) + flying
    rooms = tuple(_room(lane, account.budget, minute, day) for lane in LANES)
    closed = next((lane for lane in LANES if rooms[lane] <= 0), None)
    if closed is None:
        return Allowance(rooms=rooms)
    per_day = account.budget.per_day
    # What is under way may yet be refused: people are told of what has left.
    day_used = per_day is not None and day - flying >= day_share(closed, per_day)
    opens = _opens(account, closed, books, now, day_used=day_used)
    return Allowance(rooms=rooms, closed=closed, opens=opens, day_used=day_used)


def _used(limit: int | None, books: Books, mailboxes: Sequence[str], since: datetime) -> int:
    return books.sent_since(mailboxes, since) if limit is not None else 0


def _room(lane: Lane, budget: Budget, minute: int, day: int) -> int:
    """How many mails of this lane may follow those that left in the last minute and the last 24 hours."""
    rooms = [BOUNDLESS]
    if budget.per_minute is not None:
        rooms.append(minute_share(lane, budget.per_minute) - minute)
    if budget.per_day is not None:
        rooms.append(day_share(lane, budget.per_day) - day)
    return min(rooms)


def _opens(account: Account, lane: Lane, books: Books, now: datetime, *, day_used: bool) -> datetime:
    """When so many mails have grown old that this lane may send again."""
    limit, window, freed = 1, MINUTE, 1
    if day_used and account.budget.per_day:
        limit, window = day_share(lane, account.budget.per_day), DAY
        freed = max(1, limit // _FREED_TOGETHER)
    elif account.budget.per_minute:
        limit = minute_share(lane, account.budget.per_minute)
    leaving = books.nth_newest(account.mailboxes, limit - freed + 1)
    return max(leaving + window if leaving else now, now) + _A_MOMENT
