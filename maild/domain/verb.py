"""One row of the table of verbs (casework 5): how a verb is written, who may say it, what follows it."""

from enum import StrEnum

from maild.domain.command import Answers
from maild.domain.script import fold
from maild.domain.value import value


class Takes(StrEnum):
    """What follows a verb."""

    NOTHING = "nothing"
    TARGET = "target"
    """A unit or a person."""
    TEXT = "text"
    """Everything under it."""
    REASON = "reason"
    """Everything under it, and none of it leaves by itself."""
    DATE = "date"
    """A date or a duration, and text or reason."""
    TYPE = "type"
    CASE = "case"
    LEVEL = "level"
    LIST = "list"
    """Units, people, addresses."""
    ADDRESS = "address"
    """An address outside, and a reason."""
    WORDS = "words"
    """What to search for."""
    NUMBER = "number"
    FILES = "files"
    """Nothing, or the numbers of attachments."""
    PARTS = "parts"
    """The numbers of paragraphs."""
    ROUND = "round"
    """The name of a round of forms."""
    ABSENCE = "absence"
    """From, to, delegate."""


HANDLER, HEAD, COORDINATOR, SUPERVISOR = "handler", "head", "coordinator", "supervisor"
HELPER = "helper"
"""A handler beside the lead."""
PARTY, REQUESTER, REVIEWER, RECEIVER = "party", "requester", "reviewer", "receiver"
SEAL, FINDER, ASKED, STAFF, CONTROL = "seal-holder", "finder", "asked", "staff", "supervisory-group"


@value
class Verb:
    """One row of the table; a verb may have several."""

    name: str
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    """Ways that say it only perhaps: the writer is asked."""
    who: frozenset[str] = frozenset({HANDLER})
    proposes: frozenset[str] = frozenset()
    """Who may only propose it."""
    takes: Takes = Takes.NOTHING
    in_force: bool = False
    after: frozenset[Answers] | None = None
    """Only in answer to these; None: to any."""
    glue: str = ""
    """What may follow the verb without a colon or space, as a pattern on folded text."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way to write it, folded, the longest first."""
        return tuple(
            sorted({fold(form) for form in (self.name, *self.zh, *self.en, *self.perhaps)}, key=len, reverse=True)
        )


def words(text: str) -> tuple[str, ...]:
    """The forms between the bars."""
    return tuple(word.strip() for word in text.split("|"))


def who(*roles: str) -> frozenset[str]:
    """These roles."""
    return frozenset(roles)
