"""Which mailboxes a daemon takes and gives back, so that several of them have about as many each."""

from collections.abc import Mapping, Sequence

from maild.domain.value import value


@value
class Sharing:
    """Who is alive with which mailboxes in its configuration, and who holds which."""

    me: str
    workers: Mapping[str, Sequence[str]]
    """The daemons that are alive, this one too."""
    holders: Mapping[str, str]
    """By mailbox, also of daemons that are not alive any more."""

    def to_take(self) -> list[str]:
        """Mailboxes that nobody alive holds and are this daemon's: up to its fair share, or for want of others."""
        free = [box for box in self.workers[self.me] if self.holders.get(box, "") not in self.workers]
        room = max(0, self._fair() - self._count(self.me))
        return [box for n, box in enumerate(free) if n < room or not self._others_with_room(box)]

    def to_give(self) -> str | None:
        """One mailbox that another daemon should have, as it holds at least two fewer."""
        mine = [box for box in self.workers[self.me] if self.holders.get(box) == self.me]
        for box in reversed(mine):
            if any(self._count(other) + 2 <= len(mine) for other in self._others(box)):
                return box
        return None

    def _fair(self) -> int:
        boxes = {box for own in self.workers.values() for box in own}
        return -(-len(boxes) // len(self.workers))

    def _count(self, worker: str) -> int:
        return sum(holder == worker for holder in self.holders.values())

    def _others(self, box: str) -> list[str]:
        return [worker for worker, own in self.workers.items() if worker != self.me and box in own]

    def _others_with_room(self, box: str) -> bool:
        return any(self._count(other) < self._fair() for other in self._others(box))
