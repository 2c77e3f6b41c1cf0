"""Once more where another transaction was in the way: two mails may touch the same two cases in opposite order."""

from collections.abc import Callable
from typing import TypeVar

from maild.errors import Conflict

T = TypeVar("T")
TRIES = 20


def again(work: Callable[[], T]) -> T:
    """What `work`, one whole transaction, brings; done anew after a `Conflict`, which is raised when it stays."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except Conflict:
            continue
    return work()
