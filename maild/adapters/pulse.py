"""Whether the loops of a daemon still turn: each says now and then that it lives, and how soon it will say so again."""

from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Pulse:
    """What the loops said last; seconds are of one steady clock. Any thread may ask and say."""

    _until: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def beat(self, loop: str, now: float, within: float) -> None:
        """This loop turns, and says so again within so many seconds."""
        with self._lock:
            self._until[loop] = now + within

    def rest(self, loop: str) -> None:
        """This loop has nothing to do for now and says nothing."""
        with self._lock:
            self._until.pop(loop, None)

    def stuck(self, now: float) -> list[str]:
        """The loops that did not keep their word."""
        with self._lock:
            return sorted(loop for loop, until in self._until.items() if until < now)
