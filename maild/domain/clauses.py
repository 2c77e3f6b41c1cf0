"""What one piece of a sentence is: a command, perhaps a command, something to pass over, or no command at all."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from maild.domain.command import Answers, Command
from maild.domain.sentences import Page, Piece
from maild.domain.targets import Names
from maild.domain.value import value
from maild.domain.verb import Verb


class Kind(StrEnum):
    """What a piece is."""

    COMMAND = "command"
    UNSURE = "unsure"
    """It may be meant as a command: the writer is asked."""
    WRONG = "wrong"
    """A command that cannot be carried out: its target is unknown."""
    SKIP = "skip"
    """A greeting or courtesy."""
    NONE = "none"


@value
class Clause:
    """A piece as it was read."""

    kind: Kind
    readings: tuple[Command, ...] = ()
    """One for a command; several, or one doubtful, when unsure."""
    text_at: int = 0
    """Where the words begin that the command acts on."""
    more: tuple[Command, ...] = ()
    """Further commands of the same words: 会办：质量部、采购部."""
    goes_on: int = 0
    """Where another command begins in the same piece: 加急转物流部."""
    takes_all: bool = False
    """Everything under it is its text, until a line that begins a command."""
    why: str = ""


NONE = Clause(kind=Kind.NONE)
SKIP = Clause(kind=Kind.SKIP)


@value
class Reading:
    """What every question about a piece needs."""

    page: Page
    names: Names
    answers: Answers
    state: str = ""
    cases: frozenset[str] = frozenset()
    """The cases of the list that is answered, as their short numbers: 142."""
    own: frozenset[str] = frozenset()
    """The case whose own mail is answered, with those merged into it: their numbers in a line name no other."""
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the pack's types by folded name; a short name may mean several."""
    rounds: tuple[str, ...] = ()
    """What the pack's rounds of forms are called."""
    after_route: bool = False
    """A route came before: 请答复客户 is then its order and no command."""
    after_accept: bool = False
    """The writer has just taken the case: 安排小王去查 is then their own plan."""


@value
class Found:
    """A verb found in a piece."""

    verb: Verb
    end: int
    """Where the form ends."""
    piece: Piece
    begin: int = 0
    """Where the form begins."""
    courteous: bool = False
    """请 or please stood before it."""
    doubtful: bool = False
    """建议, 可以, should or the like stood before it."""
    requesting: bool = False
    """An English `could you` stood before it."""


def unsure(found: Found, *readings: Command, text_at: int = 0) -> Clause:
    """Ask the writer which of these is meant."""
    return Clause(kind=Kind.UNSURE, readings=readings, text_at=text_at or found.end)
