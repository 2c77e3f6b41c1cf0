"""Once more where another transaction was in the way: two mails may touch the same two cases in opposite order."""

from collections.abc import Callable
from random import random
from time import sleep
from typing import TypeVar

from maild.errors import Conflict

T = TypeVar("T")
TRIES = 20
_PAUSE = 0.01
"""Seconds; as many times as it went wrong, at most."""


def again(work: Callable[[], T]) -> T:
    """What `work`, one whole transaction, brings; done anew after a `Conflict`, which is raised when it stays.

    Two that begin anew at once would meet again: each waits a little, another time every time.
    """
    for tried in range(1, TRIES):
        try:
            return work()
        except Conflict:
            sleep(random() * _PAUSE * tried)  # noqa: S311  nobody gains by guessing it
    return work()
