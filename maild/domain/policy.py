"""A policy pack as values: its types, voices, rules and word lists. The reader in `adapters/rulebook.py` makes it."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property, lru_cache
from typing import Literal

from maild.domain.learning import learn
from maild.domain.likeness import Example, Likeness, Marks
from maild.domain.match import Matcher
from maild.domain.rule import Bilingual, Rule
from maild.domain.value import value

UNCLASSIFIED = "unclassified"
NOT_FEEDBACK = "not-feedback"
_FEW = 0.1
"""Kept marks are used while they miss no larger part of the examples; these then count for their own type."""
Outcome = Literal["resolved", "decided", "noted", "carried-out", "none"]


@value
class FeedbackType:
    """One kind of feedback that a pack knows (policies.md)."""

    id: str
    name: Bilingual
    outcome: Outcome = "resolved"
    """What its end needs (casework 4)."""
    confidential: bool = False
    acknowledge: bool = True
    customer: bool = False
    """Carries a `customer_kind`."""
    blames: Literal["nobody", "conduct", "persons", "units", "either"] = "conduct"
    """Whom it may complain of: for the names of the verdict and for conflicts of interest. `conduct`: it is no
    complaint by itself, and names those alone of whom it says in so many words that they did wrong."""
    urgency: Literal["low", "normal", "high", "critical"] = "normal"
    """Where no urgency rule speaks; a higher one becomes `normal` where a rule says that nothing presses."""
    calm: bool = False
    """Asks for no help: only danger and crisis words make it urgent, dates and stoppages do not."""
    at_least: Literal["low", "normal", "high", "critical"] = "low"
    needs: tuple[str, ...] = ()
    """Ids of the points that a mail of this type must give (P3.5.5, P3.5.6)."""
    retest: bool = False
    """Closes only when the colleague who found it has tested again that it is rectified."""
    base: float = 0.0
    """Score before any rule speaks."""


@value
class Point:
    """Something that a mail must say, and the polite question for it when it does not."""

    id: str
    name: Bilingual
    question: Bilingual
    waits: bool = True
    """Without it nobody can begin: the case waits for the sender (casework 4, "Waiting ends by itself")."""


@value
class Voice:
    """Whose matter a mail is, which is not always who sent it; how far each type may be expected from them."""

    id: str
    roles: tuple[str, ...] = ()
    """Senders with these roles have this voice from the start."""
    start: float = 3.0
    """How much the sender's role counts for it."""
    closed: bool = False
    """Only senders with these roles have this voice."""
    orders: bool = False
    """What they write above a forwarded mail is an order, whatever the original says."""
    leans: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = 0.0
    """For types that `leans` does not name."""


@value
class NameWords:
    """How people and units are written, and what is said of those who are blamed or only mentioned."""

    titles: tuple[str, ...] = ()
    titles_en: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Names of units beside those of the directory: 设备科, 注塑车间."""
    fields: tuple[str, ...] = ()
    """What may stand before a post: 仓储主管."""
    generic: tuple[str, ...] = ()
    """What looks like a name and is none: 各部门, 本部."""
    units_en: tuple[str, ...] = ()
    """The same in English, as written with a capital: QA, Export Sales."""
    places: tuple[str, ...] = ()
    """Ends of the names of places that serve customers, behind two characters: 城北维修点."""
    blame: tuple[str, ...] = ()
    wrongs: tuple[str, ...] = ()
    """What nobody says of somebody without complaining of their conduct, in every type of mail."""
    posts_en: tuple[tuple[str, ...], ...] = ()
    """English words of posts, each with its Chinese ones: supervisor, 主管."""
    spare: tuple[str, ...] = ()
    """Near these a name is a witness, a helper, somebody praised."""


@value
class Policy:
    """One pack, complete and compiled."""

    id: str
    version: int = 1
    name: Bilingual
    coordinator: str = ""
    """The unit that watches the whole flow."""
    supervisory_body: str = ""
    interprets: Bilingual | None = None
    approved: Bilingual | None = None
    in_force_since: str = ""
    threshold: float = 0.3
    """Confidence under which a mail is `unclassified`."""
    doubt: float = 1.0
    """A mail is set aside as not feedback only where every other type is less likely than this."""
    spread: float = 2.0
    """By how many points two types must differ for a confidence of about 0.73."""
    subject_prefixes: tuple[str, ...] = ()
    types: tuple[FeedbackType, ...]
    voices: tuple[Voice, ...] = ()
    points: tuple[Point, ...] = ()
    rules: tuple[Rule, ...] = ()
    negations: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    names: NameWords = field(default_factory=NameWords)
    examples: tuple[Example, ...] = ()
    """Mails whose type is known, for the second voice."""
    marks: Marks = field(default_factory=dict)
    """What was learned of the examples (`maild policy learn`)."""
    likeness_weight: float = 0.0

    @cached_property
    def likeness(self) -> Likeness:
        """What the examples taught; learned here, within seconds, where the kept marks are of other examples."""
        fits = self.unlearned <= _FEW * len(self.examples)
        return _taught(self.examples, tuple((one, tuple(mark)) for one, mark in self.marks.items()) if fits else None)

    @cached_property
    def unlearned(self) -> int:
        """How many examples the kept marks do not know."""
        return sum(example.fingerprint not in self.marks for example in self.examples)

    @cached_property
    def matcher(self) -> Matcher:
        """All rules compiled; made once."""
        return Matcher(self.rules, self.negations)

    @cached_property
    def types_by_id(self) -> Mapping[str, FeedbackType]:
        """The types by their id."""
        return {kind.id: kind for kind in self.types}

    @cached_property
    def voices_by_id(self) -> Mapping[str, Voice]:
        """The voices by their id."""
        return {voice.id: voice for voice in self.voices}

    @cached_property
    def points_by_id(self) -> Mapping[str, Point]:
        """The required points by their id."""
        return {point.id: point for point in self.points}

    def type(self, id: str) -> FeedbackType:  # noqa: A002  the word of the packs
        """The type with this id; `KeyError` when the pack has none."""
        return self.types_by_id[id]


@lru_cache(maxsize=2)
def _taught(examples: tuple[Example, ...], marks: tuple[tuple[str, tuple[float, ...]], ...] | None) -> Likeness:
    """What these examples taught, learned first without marks; kept, since rules change often and examples seldom."""
    return Likeness(examples, learn(examples) if marks is None else dict(marks))
