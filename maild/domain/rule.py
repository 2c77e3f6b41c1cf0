"""A rule: what to look for, where, and what it means to the clerk. A value; evaluating it is a pure function."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

from maild.domain.page import ATTACHED, TEXT, Page, Span
from maild.domain.value import value
from maild.domain.verdict import Reason

_MOST_SPANS = 12
_SHOWN = 60


@value
class Bilingual:
    """One text in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for a reader of this language; English for all that is not Chinese."""
        return self.zh if language.startswith("zh") else self.en


@value
class Rule:
    """One reason to believe something of a mail.

    Every group of terms must be found: anywhere, or (`near`) in one sentence, or within so many characters, or (`then`)
    one after the other as a story is told. A term of `none` anywhere in the fields silences the rule, and so does a
    negation before a hit (`guard`).
    """

    id: str
    votes_for: str
    """`type/directive`, `voice/staff`, `urgency/critical`, `point/when`, `crisis/self-harm` ..."""
    why: Bilingual
    weight: float = 1.0
    groups: tuple[tuple[str, ...], ...] = ()
    near: bool = False
    then: bool = False
    """In the order of the groups, across sentences: first this happened, then that."""
    within: int = 0
    none: tuple[str, ...] = ()
    look_in: tuple[str, ...] = (TEXT,)
    voices: tuple[str, ...] = ()
    """Only for mails in these voices; empty: all."""
    roles: tuple[str, ...] = ()
    """Only for senders with these roles; empty: all."""
    guard: bool = True
    more: float = 0.0
    """Added for each further term found, three at most."""
    longest: int = 0
    """Only for texts of at most so many characters; 0: any."""
    shortest: int = 0


@value
class Compiled:
    """A rule with its groups of terms by number, as a matcher holds it."""

    rule: Rule
    order: int
    groups: tuple[int, ...]
    none: int = -1


@value
class Hit:
    """A rule that spoke, and where."""

    rule: Rule
    spans: tuple[Span, ...]
    weight: float

    def reason(self, page: Page) -> Reason:
        """The hit in the words of the mail, its meaning in both languages."""
        field = next((name for name in self.rule.look_in if self.spans and page.inside(self.spans[0], (name,))), TEXT)
        if field == TEXT and self.spans and page.inside(self.spans[0], (ATTACHED,)):
            field = ATTACHED
        return Reason(
            text=_quote(page, self.spans),
            why=self.rule.why.zh,
            why_en=self.rule.why.en,
            weight=round(self.weight, 2),
            rule=self.rule.id,
            field=field,
        )


@value
class Evidence:
    """Where each group of terms stands in one mail; negated hits are kept apart."""

    page: Page
    spans: Mapping[int, Sequence[Span]]
    """By the number of the group; 0 are the negations."""
    negated: frozenset[Span]


def evaluate(compiled: Compiled, evidence: Evidence) -> Hit | None:
    """What this rule says of the mail, or None: a miss."""
    rule, page = compiled.rule, evidence.page
    if (rule.longest and page.length > rule.longest) or page.length < rule.shortest:
        return None
    found = []
    for group in compiled.groups:
        usable = _usable(rule, evidence, group)
        if not usable:
            return None
        found.append(usable)
    if compiled.none >= 0 and _usable(rule, evidence, compiled.none):
        return None
    spans = _together(rule, page, found)
    if spans is None:
        return None
    further = len({page.folded[start:end] for start, end in found[0]}) - 1 if found else 0
    return Hit(rule=rule, spans=spans, weight=rule.weight + rule.more * min(3, max(0, further)))


def _usable(rule: Rule, evidence: Evidence, group: int) -> list[Span]:
    spans = evidence.spans.get(group)
    if not spans:
        return []
    ranges = [evidence.page.fields[name] for name in rule.look_in]
    if len(ranges) == 1:
        start, end = ranges[0]
        found = [span for span in spans if start <= span[0] < end]
    else:
        found = [span for span in spans if evidence.page.inside(span, rule.look_in)]
    if rule.guard and evidence.negated:
        found = [span for span in found if span not in evidence.negated]
    return found[:_MOST_SPANS]


def _together(rule: Rule, page: Page, found: list[list[Span]]) -> tuple[Span, ...] | None:
    if not (rule.near or rule.then or rule.within):
        return tuple(spans[0] for spans in found)
    for chosen in product(*found):
        if _close(rule, page, chosen):
            return chosen
    return None


def _close(rule: Rule, page: Page, chosen: tuple[Span, ...]) -> bool:
    if rule.then and any(later[0] < earlier[1] for earlier, later in pairwise(chosen)):
        return False
    first, last = min(chosen), max(chosen)
    if rule.within:
        return last[0] - first[1] <= rule.within
    return rule.then or page.sentence(first[0]) == page.sentence(last[0])


def _quote(page: Page, spans: tuple[Span, ...]) -> str:
    if not spans:
        return ""
    first, last = min(spans), max(spans)
    whole = (first[0], max(last[1], first[1]))
    if whole[1] - whole[0] <= _SHOWN and page.folded.count("\n", *whole) == 0:
        return page.words(whole)
    return " … ".join(page.words(span) for span in sorted(set(spans)))
