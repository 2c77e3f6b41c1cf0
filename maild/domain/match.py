"""Finding all terms of all rules in one pass over a mail.

A mail is read for the pairs of characters it holds; only terms with an anchor among them are tried. The cost follows
the mail, hardly the number of rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice

from maild.domain.anchor import pieces_of
from maild.domain.page import Page, Span
from maild.domain.rule import Compiled, Evidence, Hit, Rule, evaluate
from maild.domain.term import Term, compile_term
from maild.domain.value import value

_MOST_SPANS = 12
_NOWHERE: list[Span] = []
_REACH = 5
_LATIN_REACH = 14


class Matcher:
    """Rules compiled once; the same matcher serves every mail."""

    def __init__(self, rules: Iterable[Rule], negations: Iterable[str] = ()) -> None:
        self.rules = tuple(rules)
        self._negations = tuple(negations)
        groups: dict[tuple[str, ...], int] = {self._negations: 0}
        self._compiled = tuple(_compiled(rule, order, groups) for order, rule in enumerate(self.rules))
        self._tried_by_anchor = _index(groups)
        self._rules_of: dict[int, list[Compiled]] = defaultdict(list)
        self.ids_by_vote: dict[str, tuple[str, ...]] = {}
        """The ids of the rules that speak for each thing."""
        for rule in self.rules:
            self.ids_by_vote[rule.votes_for] = (*self.ids_by_vote.get(rule.votes_for, ()), rule.id)
        self._always = tuple(one for one in self._compiled if not one.groups)
        for one in self._compiled:
            for group in one.groups[:1]:
                self._rules_of[group].append(one)

    def find(self, page: Page) -> Evidence:
        """Where every group of terms stands in this mail."""
        spans: dict[int, list[Span]] = defaultdict(list)
        for tried in self._candidates(page.folded):
            places = _places(tried.term, page.folded)
            if places:
                for group in tried.groups:
                    spans[group] += places
        for found in spans.values():
            found.sort()
        return Evidence(page=page, spans=spans, negated=_negated(page, spans))

    def hits(self, evidence: Evidence, role: str = "") -> list[Hit]:
        """The rules that speak for this mail in any voice, in the order of the rule files."""
        result = []
        for one in sorted(self._touched(evidence), key=_order):
            if one.rule.roles and role not in one.rule.roles:
                continue
            hit = evaluate(one, evidence)
            if hit is not None:
                result.append(hit)
        return result

    def _touched(self, evidence: Evidence) -> Iterable[Compiled]:
        yield from self._always
        for group in evidence.spans:
            yield from self._rules_of.get(group, ())

    def _candidates(self, folded: str) -> Iterable["_Tried"]:
        seen: dict[str, _Tried] = {}
        for piece in self._tried_by_anchor.keys() & pieces_of(folded):
            for tried in self._tried_by_anchor[piece]:
                seen[tried.term.source] = tried
        return seen.values()


@value
class _Tried:
    """A term and the groups that it belongs to."""

    term: Term
    groups: tuple[int, ...]


def _compiled(rule: Rule, order: int, groups: dict[tuple[str, ...], int]) -> Compiled:
    """The rule with its groups by number; a group that several rules share is one."""
    numbers = tuple(groups.setdefault(group, len(groups)) for group in rule.groups)
    none = groups.setdefault(rule.none, len(groups)) if rule.none else -1
    return Compiled(rule=rule, order=order, groups=numbers, none=none)


def _order(one: Compiled) -> int:
    return one.order


def _index(groups: Mapping[tuple[str, ...], int]) -> dict[str, tuple[_Tried, ...]]:
    """The terms by anchor."""
    numbers: dict[str, dict[int, None]] = defaultdict(dict)
    for group, number in groups.items():
        for source in group:
            numbers[source][number] = None
    result: dict[str, list[_Tried]] = defaultdict(list)
    for source, places in numbers.items():
        tried = _Tried(term=compile_term(source), groups=tuple(places))
        for anchor in tried.term.anchors:
            result[anchor].append(tried)
    return {anchor: tuple(found) for anchor, found in result.items()}


def _places(term: Term, folded: str) -> list[Span]:
    if term.literal:
        return _literal_places(term.literal, folded)
    if not term.may_stand_in(folded):
        return _NOWHERE
    return [found.span() for found in islice(term.pattern.finditer(folded), _MOST_SPANS)]


def _literal_places(literal: str, folded: str) -> list[Span]:
    at = folded.find(literal)
    if at < 0:
        return _NOWHERE
    size = len(literal)
    result: list[Span] = []
    while at >= 0 and len(result) < _MOST_SPANS:
        result.append((at, at + size))
        at = folded.find(literal, at + size)
    return result


def _negated(page: Page, spans: Mapping[int, list[Span]]) -> frozenset[Span]:
    reaches = [(end, end + _reach(page, end)) for _, end in spans.get(0, ())] + list(page.mentioned)
    if not reaches:
        return frozenset()
    return frozenset(span for found in spans.values() for span in found if any(a <= span[0] <= b for a, b in reaches))


def _reach(page: Page, end: int) -> int:
    return _LATIN_REACH if page.folded[max(0, end - 1)].isascii() else _REACH
