"""Chance from one seed, and the faults that it brings."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from maild.errors import ServerGone, Temporary

T = TypeVar("T")


class Death(BaseException):
    """The process ends here; what was not committed is gone."""


@dataclass
class Dice:
    """Every chance of one simulated office; the same seed throws the same."""

    seed: int
    fault: float = 0.03
    """How likely a server or the database fails at one call."""
    calm: bool = False
    """Nothing fails any more."""
    thrown: dict[str, int] = field(default_factory=dict)
    """How often each fault has come."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def below(self, most: int) -> int:
        """A number from 0 on."""
        return self._random.randrange(most)

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return self._random.choice(things)

    def hits(self, chance: float) -> bool:
        """Whether something of this chance happens now."""
        return self._random.random() < chance

    def harm(self, what: str, of: float = 1.0) -> bool:
        """Whether this fault happens now; counted."""
        if self.calm or not self.hits(self.fault * of):
            return False
        self.thrown[what] = self.thrown.get(what, 0) + 1
        return True

    def maybe_gone(self, what: str) -> None:
        """The server may be gone, or the process die."""
        if self.harm(f"{what}: gone"):
            raise ServerGone(f"{what} is gone.")
        self.maybe_die(what)

    def maybe_away(self, what: str) -> None:
        """The database may be away, or the process die."""
        if self.harm(f"{what}: away"):
            raise Temporary(f"{what} is away.")
        self.maybe_die(what)

    def maybe_die(self, what: str) -> None:
        """The process may end here."""
        if self.harm(f"{what}: death", of=0.3):
            raise Death(what)
