"""The keys of a pack's files, as a clerk may write them; what each means stands in rules/README.md."""

from dataclasses import field
from typing import Annotated

from pydantic import Field

from maild.domain.policy import FeedbackType, NameWords, Point, Voice
from maild.domain.rule import Bilingual
from maild.domain.value import value

Word = Annotated[str, Field(min_length=1, max_length=200)]
Weight = Annotated[float, Field(strict=True, ge=-20, le=20)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]


@value
class RuleEntry:
    """One rule as it stands in a file."""

    id: Word
    why: Bilingual
    weight: Weight = 1.0
    any: Words | None = None
    all: Annotated[tuple[Word | Words, ...], Field(min_length=2)] | None = None
    near: Annotated[tuple[Word | Words, ...], Field(min_length=2, max_length=4)] | None = None
    then: Annotated[tuple[Word | Words, ...], Field(min_length=2, max_length=4)] | None = None
    within: Annotated[int, Field(ge=1, le=200)] | None = None
    none: Words | None = None
    look_in: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    voices: Words | None = None
    roles: Words | None = None
    guard: bool = True
    more: Weight = 0.0
    longest: Annotated[int, Field(ge=1)] | None = None
    shortest: Annotated[int, Field(ge=1)] | None = None
    votes_for: Word | None = None
    """Overrides the file's own, where a rule speaks for something else."""


@value
class RulesFile:
    """A file of rules that speak for one thing: a type, or a group such as `urgency`."""

    type: Word | None = None
    group: Word | None = None
    lists: dict[Word, Words] = field(default_factory=dict)
    rules: tuple[RuleEntry, ...] = ()
    remove: tuple[Word, ...] = ()


@value
class ListsFile:
    """Word lists that rules name with @."""

    lists: dict[Word, Words] = field(default_factory=dict)
    negations: tuple[Word, ...] = ()
    greetings: tuple[Word, ...] = ()


@value
class TypesFile:
    """The types of a pack and the points they need."""

    types: tuple[FeedbackType, ...]
    points: tuple[Point, ...] = ()


@value
class VoicesFile:
    """Whose matters reach this mailbox, and the rules that tell them apart."""

    voices: tuple[Voice, ...]
    lists: dict[Word, Words] = field(default_factory=dict)
    rules: tuple[RuleEntry, ...] = ()


@value
class NamesFile:
    """How people and units are written."""

    names: NameWords


@value
class PackFile:
    """What a pack says of itself."""

    id: Word
    version: int = 1
    extends: str | None = None
    name: Bilingual
    coordinator: str = ""
    supervisory_body: str = ""
    interprets: Bilingual | None = None
    approved: Bilingual | None = None
    in_force_since: str = ""
    hours: str = ""
    roles: dict[Word, Bilingual] = field(default_factory=dict)
    threshold: Annotated[float, Field(ge=0, lt=1)] = 0.3
    doubt: Annotated[float, Field(gt=0, le=1)] = 1.0
    spread: Annotated[float, Field(gt=0, le=20)] = 2.0
    likeness_weight: Annotated[float, Field(ge=0, le=50)] = 0.0
