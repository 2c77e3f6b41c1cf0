"""Triage: what a mail is, how urgent, whom it complains of, and why we think so (casework 3).

Two questions together: whose matter is it (the voice), and what does that person want (the type). Rules answer both,
with weights and reasons, and likeness to example mails helps; everything else follows from the type and from rules of
the same language.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from maild.domain.forwarded import matter
from maild.domain.match import Matcher
from maild.domain.naming import complaint
from maild.domain.page import Page, lay_out
from maild.domain.policy import NOT_FEEDBACK, UNCLASSIFIED, FeedbackType, Policy, Voice
from maild.domain.rule import Evidence, Hit
from maild.domain.sender import Sender
from maild.domain.summary import one_line
from maild.domain.value import value
from maild.domain.verdict import Alternative, Reason, Verdict, Writing

_URGENCIES = ("low", "normal", "high", "critical")
_ALTERNATIVES = 3
_MOST_REASONS = 12
_FEW_WORDS = 20
"""A mail of so few characters is like too many others: without a word that says so it is no complaint of conduct, no
report, no revenge, and the coordinator is asked."""
_FAR = 8.0
"""A voice that lacks more points than this is out of the question."""
_CALM_LEAST = 1.5
"""So much must speak for danger now in an order, a proposal or a test: they name dangers that are to be avoided."""
_TRUSTED = -2.0
"""Whose mail leans so far from being set aside is one of ours."""


@value
class Opinion:
    """The scores of all types, the hits behind them, and the voice they were heard in."""

    voice: str
    scores: Mapping[str, float]
    hits: Sequence[Hit]
    sums: Mapping[str, dict[str, float]]
    """The weights of all hits added up, by kind of vote and what they speak for."""

    def speaking(self, name: str) -> list[Hit]:
        """The hits that speak for this type."""
        return [hit for hit in self.hits if hit.rule.votes_for == f"type/{name}"]

    def votes(self, kind: str) -> dict[str, float]:
        """Sums of one kind of votes: `urgency`, `point`, `crisis` ..."""
        return self.sums.get(kind, {})


def classify(writing: Writing, policy: Policy, sender: Sender) -> Verdict:
    """Judge one mail by a pack: pure, and the same for the same input."""
    page = lay_out(writing if _orders(policy, sender) else replace(writing, text=matter(writing)))
    evidence = policy.matcher.find(page)
    opinion = weigh(evidence, policy, sender)
    chances = _chances(opinion.scores, policy.spread)
    ranked = sorted(chances, key=lambda name: (-chances[name], name))
    chosen = _choice(ranked, chances, opinion, policy)
    if page.length <= _FEW_WORDS and policy.type(chosen).confidential and not _is_said(chosen, opinion):
        chosen = UNCLASSIFIED
    others = [name for name in ranked if name not in {chosen, UNCLASSIFIED}][:_ALTERNATIVES]
    kind = policy.type(chosen)
    role = _role(opinion.voice, policy, sender)
    blamed = complaint(page, kind.blames, policy.names, sender)
    return Verdict(
        type=chosen,
        confidence=round(chances[chosen], 3),
        reasons=_reasons(opinion.speaking(chosen), page),
        misses=_misses(policy.matcher, opinion.hits, chosen),
        alternatives=tuple(Alternative(type=name, confidence=round(chances[name], 3)) for name in others),
        urgency=_urgency(opinion, kind),
        sender_role=role,
        customer_kind=_customer_kind(opinion, kind, role, sender),
        names=blamed.names,
        posts=blamed.posts,
        confidential=kind.confidential or bool(opinion.votes("confidential")),
        acknowledge=kind.acknowledge,
        missing=_missing(opinion, kind, blamed.names),
        crisis=() if chosen == NOT_FEEDBACK else tuple(sorted(opinion.votes("crisis"))),
        summary=one_line(
            page, [hit for hit in opinion.hits if hit.rule.votes_for == f"type/{chosen}"], policy.greetings
        ),
    )


def _choice(ranked: Sequence[str], chances: Mapping[str, float], opinion: Opinion, policy: Policy) -> str:
    """The likeliest type; nothing is set aside while feedback is likely too (labels.md: in doubt it is feedback)."""
    likely = ranked[0]
    if likely == NOT_FEEDBACK:
        least = _least(opinion, policy)
        others = (name for name in ranked[1:] if name != UNCLASSIFIED and chances[name] >= least)
        likely = next(others, likely)
    return likely if chances[likely] >= policy.threshold else UNCLASSIFIED


def _is_said(kind: str, opinion: Opinion) -> bool:
    """Whether any words of the mail speak for this type, beside its being like other mails."""
    return any(hit.rule.weight > 0 for hit in opinion.speaking(kind))


def _least(opinion: Opinion, policy: Policy) -> float:
    """How likely feedback must be for nothing to be set aside: whatever it is where crisis words stand.

    Likeness alone must be surer than a rule that says so, and surer still of our own people.
    """
    if opinion.votes("crisis"):
        return 0.0
    if opinion.speaking(NOT_FEEDBACK):
        return policy.doubt
    voice = policy.voices_by_id.get(opinion.voice)
    trusted = voice is not None and voice.leans.get(NOT_FEEDBACK, voice.otherwise) <= _TRUSTED
    return policy.doubt / (3 if trusted else 2)


def _orders(policy: Policy, sender: Sender) -> bool:
    """Whether what this sender writes above a forwarded mail is an order of their own."""
    return any(voice.orders and sender.role in voice.roles for voice in policy.voices)


def weigh(evidence: Evidence, policy: Policy, sender: Sender) -> Opinion:
    """Hear every rule in each voice that this mail may have; the type that is likeliest in any of them decides.

    A type without examples counts as like the mail as the second likeliest, so that its rules can make it win.
    """
    heard = policy.matcher.hits(evidence, role=sender.role)
    likeness = likenesses(evidence.page, policy)
    opinions = [
        _heard_as(voice, short, [hit for hit in heard if not hit.rule.voices or voice.id in hit.rule.voices], policy)
        for voice, short in _voices(_sums(heard).get("voice", {}), policy, sender)
    ] or [_heard_as(Voice(id=""), 0.0, heard, policy)]
    second = sorted(likeness.values())[-2:][0] if likeness else 0.0
    scores = {
        kind.id: max(opinion.scores[kind.id] for opinion in opinions) + likeness.get(kind.id, second)
        for kind in policy.types
    }
    likeliest = max(scores, key=lambda name: scores[name])
    return replace(max(opinions, key=lambda one: one.scores[likeliest]), scores=scores)


def _heard_as(voice: Voice, short: float, hits: Sequence[Hit], policy: Policy) -> Opinion:
    """What the rules say when this is the voice; `short` is by how much another voice is likelier."""
    sums = _sums(hits)
    votes = sums.get("type", {})
    scores = {
        kind.id: kind.base + voice.leans.get(kind.id, voice.otherwise) + votes.get(kind.id, 0.0) - short
        for kind in policy.types
    }
    return Opinion(voice=voice.id, scores=scores, hits=hits, sums=sums)


def _voices(votes: Mapping[str, float], policy: Policy, sender: Sender) -> list[tuple[Voice, float]]:
    """The voices that the mail may have, by the sender's role and by rules, each with what it lacks to the first."""
    found = [
        (voice, votes.get(voice.id, 0.0) + (voice.start if sender.role in voice.roles else 0.0))
        for voice in policy.voices
        if not voice.closed or sender.role in voice.roles
    ]
    top = max((score for _, score in found), default=0.0)
    return [(voice, top - score) for voice, score in found if top - score <= _FAR]


def likenesses(page: Page, policy: Policy) -> dict[str, float]:
    """The second voice: points for each type by likeness to the example mails."""
    if not policy.examples or not policy.likeness_weight:
        return {}
    found = policy.likeness.scores(page.folded)
    return {name: policy.likeness_weight * score for name, score in found.items()}


def _sums(hits: Sequence[Hit]) -> dict[str, dict[str, float]]:
    result: dict[str, dict[str, float]] = {}
    for hit in hits:
        group, _, name = hit.rule.votes_for.partition("/")
        kind = result.setdefault(group, {})
        kind[name] = kind.get(name, 0.0) + hit.weight
    return result


def _role(voice: str, policy: Policy, sender: Sender) -> str:
    """The sender's role; staff who write from a private address are staff, advertisers are external."""
    if sender.role in {"consumer", "partner", "unknown", "external"}:
        heard = policy.voices_by_id.get(voice)
        if heard and heard.roles and sender.role not in heard.roles and voice in {"staff", "outside"}:
            return {"staff": "staff", "outside": "external"}[voice]
    return sender.role


def _chances(scores: Mapping[str, float], spread: float) -> dict[str, float]:
    top = max(scores.values())
    shares = {name: math.exp((score - top) / spread) for name, score in scores.items()}
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _reasons(hits: Sequence[Hit], page: Page) -> tuple[Reason, ...]:
    ordered = sorted(hits, key=lambda hit: -hit.weight)
    return tuple(hit.reason(page) for hit in ordered[:_MOST_REASONS])


def _misses(matcher: Matcher, hits: Sequence[Hit], chosen: str) -> tuple[str, ...]:
    spoken = {hit.rule.id for hit in hits}
    return tuple(name for name in matcher.ids_by_vote.get(f"type/{chosen}", ()) if name not in spoken)


def _urgency(opinion: Opinion, kind: FeedbackType) -> str:
    votes, crisis = opinion.votes("urgency"), bool(opinion.votes("crisis"))
    pressing = ("critical",) if kind.calm else ("critical", "high")
    least = _CALM_LEAST if kind.calm else 1.0
    found = next((name for name in pressing if votes.get(name, 0.0) >= least), None)
    if kind.id in {NOT_FEEDBACK, UNCLASSIFIED}:
        pressed = kind.id == UNCLASSIFIED and (crisis or found == "critical")
        return found or "high" if pressed else kind.urgency
    if found is None and crisis:
        found = "high"
    if found is None:
        said = next((name for name in ("low", "normal") if votes.get(name, 0.0) >= 1.0), kind.urgency)
        found = min(said, kind.urgency, key=_URGENCIES.index)
    return max(found, kind.at_least, key=_URGENCIES.index)


def _customer_kind(opinion: Opinion, kind: FeedbackType, role: str, sender: Sender) -> str | None:
    """Whose feedback it is decides, not who sent it (labels.md)."""
    if not kind.customer:
        return None
    if role in {"partner", "consumer"}:
        return role
    votes = opinion.votes("customer-kind")
    if votes:
        return max(sorted(votes), key=lambda name: votes[name])
    return sender.customer_kind or "consumer"


def _missing(opinion: Opinion, kind: FeedbackType, names: Sequence[str]) -> tuple[str, ...]:
    given = {name for name, weight in opinion.votes("point").items() if weight > 0}
    if names:
        given.add("who")
    return tuple(point for point in kind.needs if point not in given)
