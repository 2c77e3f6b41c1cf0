"""What a look into a file found: which personal data its words hold, or why nobody could look through it."""

from enum import StrEnum

from maild.domain.masks import Kind, Look
from maild.domain.value import value


class Shut(StrEnum):
    """Why a file that holds words could not be looked through to its end."""

    UNKNOWN = "unknown"
    """A kind of file that nobody here can open, such as a RAR archive."""
    LOCKED = "locked"
    """It wants a password."""
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    LATE = "late"
    """It took too long."""
    NO_READER = "no-reader"
    """The extra that reads this kind is not installed."""


class Unreadable(Exception):
    """A file, or something in it, could not be looked through; `why` says it."""

    def __init__(self, why: Shut) -> None:
        super().__init__(why.value)
        self.why = why


@value
class Looked:
    """Nothing found and not shut: it goes along. Pictures, sound and film hold no words, and are not looked into."""

    kinds: frozenset[Kind] = frozenset()
    shut: Shut | None = None

    def stays(self, look: Look) -> bool:
        """Whether a reader for whom this is masked must not get the file."""
        return bool(look.kinds) and (self.shut is not None or not look.kinds.isdisjoint(self.kinds))
