"""What `maild explain` shows of one mail: the judgement taken apart into words, rules, people and times."""

from collections.abc import Iterable, Mapping, Sequence

from maild.adapters.templates import JinjaTemplates
from maild.adapters.trial import rendered
from maild.adapters.voice import sender_of
from maild.domain.assign import Assignment
from maild.domain.message import Mail
from maild.domain.page import ATTACHED, SUBJECT, TEXT, Page, Span, lay_out
from maild.domain.policy import UNCLASSIFIED
from maild.domain.rule import Hit
from maild.domain.triage import weigh
from maild.domain.value import value
from maild.domain.wording import date_text, shown
from maild.workflow.judge import MACHINE, Judgement, assignment_of
from maild.workflow.oddities import remarks
from maild.workflow.office import Office
from maild.workflow.triage import writing_of
from maild.workflow.view import unit_label

Shown = dict[str, object]
Words = Mapping[str, Mapping[str, str]]
_KINDS = ("fact", "other", "for", "name")
"""What a word is marked as; a later one is painted over an earlier one."""
_SENTENCES = "sentences"


@value
class Explained:
    """One mail, judged, with everything needed to say why."""

    mail: Mail
    judgement: Judgement
    office: Office
    templates: JinjaTemplates
    words: Words
    """Groups of the catalogue of `maild explain`."""
    language: str

    def shown(self) -> Shown:
        """The names that the page and the terminal read."""
        verdict = self.judgement.verdict
        page = lay_out(writing_of(self.mail))
        hits = [] if self._machine else self._hits(page)
        policy = self.office.pack.policy
        return {
            "type": verdict.type,
            "type_name": self.office.pack.type_name(verdict.type, self.language),
            "confidence": _percent(verdict.confidence),
            "threshold": _percent(policy.threshold),
            "unsure": verdict.type == UNCLASSIFIED and verdict.confidence < policy.threshold,
            "urgency_name": self._catalogue("urgency", verdict.urgency),
            "pressing": verdict.urgency in {"high", "critical"},
            "confidential": verdict.confidential,
            "sender": shown(str(self.mail.author)),
            "role_name": self._word("role", verdict.sender_role),
            "customer_name": self._customer(),
            "arrived": self._date_text(),
            "names": [shown(name) for name in verdict.names],
            "crisis": list(verdict.crisis),
            "summary": shown(verdict.summary),
            "missing": [self.office.pack.question(point, self.language) for point in verdict.missing],
            "subject_parts": self._parts(page, hits, SUBJECT),
            "text_parts": self._parts(page, hits, TEXT),
            "attached_parts": self._parts(page, hits, ATTACHED),
            "besides": self._besides(),
            **self._rules(page, hits),
            **self._handling(),
            **self._answer(),
        }

    @property
    def _machine(self) -> bool:
        return self.judgement.silent == MACHINE

    def _hits(self, page: Page) -> list[Hit]:
        policy = self.office.pack.policy
        sender = sender_of(self.mail.author.address, self.office.index)
        return list(weigh(policy.matcher.find(page), policy, sender).hits)

    def _rules(self, page: Page, hits: Sequence[Hit]) -> Shown:
        verdict = self.judgement.verdict
        own = f"type/{verdict.type}"
        policy = self.office.pack.policy
        missed = {rule.id: rule for rule in policy.rules}
        machine = [
            {
                "text": shown(said.text),
                "why": said.why_for(self.language),
                "weight": _signed(said.weight),
                "rule": said.rule,
                "votes": "",
            }
            for said in (verdict.reasons if self._machine else ())
        ]
        return {
            "reasons": machine or self._listed(page, [h for h in _voting(hits, own) if h.weight > 0]),
            "against": self._listed(page, [h for h in _voting(hits, own) if h.weight < 0]),
            "facts": self._listed(page, [h for h in hits if not h.rule.votes_for.startswith("type/")], votes=True),
            "misses": [
                {"rule": name, "why": missed[name].why.in_language(self.language)}
                for name in (() if self._machine else verdict.misses)
                if name in missed
            ],
            "alternatives": [
                {
                    "type_name": self.office.pack.type_name(other.type, self.language),
                    "confidence": _percent(other.confidence),
                    "reasons": self._listed(page, _voting(hits, f"type/{other.type}")),
                }
                for other in verdict.alternatives
            ],
        }

    def _listed(self, page: Page, hits: Iterable[Hit], *, votes: bool = False) -> list[Shown]:
        result: list[Shown] = []
        for hit in sorted(hits, key=lambda hit: -abs(hit.weight)):
            said = hit.reason(page)
            vote = self._vote(hit.rule.votes_for) if votes else ""
            row: Shown = {
                "text": shown(said.text),
                "why": said.why_for(self.language),
                "weight": _signed(said.weight),
                "rule": said.rule,
            }
            result.append(row | {"votes": vote})
        return result

    def _vote(self, votes_for: str) -> str:
        group, _, name = votes_for.partition("/")
        what = self._word("votes", group)
        if group == "urgency":
            name = self._catalogue("urgency", name)
        if group == "point" and (point := self.office.pack.policy.points_by_id.get(name)):
            name = point.name.in_language(self.language)
        return f"{what} {name}".strip()

    def _parts(self, page: Page, hits: Sequence[Hit], field: str) -> list[Shown]:
        """The words of a field, cut where a mark begins or ends."""
        start, end = page.fields[field]
        if field == TEXT:
            end = min(end, page.fields[SUBJECT][0] - 1)
            end = page.fields[ATTACHED][0] if page.fields[ATTACHED][0] < page.fields[ATTACHED][1] else end
        paint: list[tuple[int, str]] = [(-1, "")] * (end - start)
        for span, kind, title in sorted(self._marks(page, hits), key=lambda mark: mark[1]):
            for at in range(max(span[0], start) - start, min(span[1], end) - start):
                paint[at] = (kind, title)
        parts: list[Shown] = []
        begin = 0
        for at in range(1, len(paint) + 1):
            if at == len(paint) or paint[at] != paint[begin]:
                kind, title = paint[begin]
                words = shown(page.original[start + begin : start + at])
                parts.append({"text": words, "kind": _KINDS[kind] if kind >= 0 else "", "title": title})
                begin = at
        return parts

    def _marks(self, page: Page, hits: Sequence[Hit]) -> Iterable[tuple[Span, int, str]]:
        own = f"type/{self.judgement.verdict.type}"
        for hit in hits:
            votes = hit.rule.votes_for
            kind = "for" if votes == own else "other" if votes.startswith("type/") else "fact"
            title = f"{hit.rule.why.in_language(self.language)} {_signed(hit.weight)} {hit.rule.id}"
            for span in hit.spans:
                yield span, _KINDS.index(kind), title
        for name in self.judgement.verdict.names:
            at = page.original.find(name)
            while name and at >= 0:
                yield (at, at + len(name)), _KINDS.index("name"), self._word(_SENTENCES, "names")
                at = page.original.find(name, at + len(name))

    def _besides(self) -> list[str]:
        """Files behind links, invitations, contacts, what could not be read and why nothing was, a line each."""
        mail = self.mail
        lines = [self._word("odd", code) for code in remarks(mail)]
        lines += [
            f"{shown(one.filename)}: {self._word('odd', one.how.value)}" for one in mail.enclosures if not one.text
        ]
        lines += [
            f"{self._word('odd', 'linked')} "
            + shown(" · ".join(filter(None, (one.name, one.host, one.size, one.until))))
            for one in mail.linked_files
        ]
        for event in mail.invitations:
            word = self._word("odd", "invitation-cancelled" if event.cancelled else "invitation")
            when = f"{event.starts} – {event.ends}" if event.starts and event.ends else event.starts
            facts = (event.summary, when, event.place, event.organiser)
            lines.append(f"{word} {shown(' · '.join(filter(None, facts)))}".strip())
        return [*lines, *(f"{self._word('odd', 'card')} {shown(card)}" for card in mail.cards)]

    def _handling(self) -> Shown:
        case = self.judgement.case
        if case is None:
            return {
                "handler": {"who": self._word(_SENTENCES, "nobody"), "lines": [], "told": []},
                "excluded": [],
                "deadlines": [],
            }
        given = assignment_of(self.mail, self.judgement.verdict, self.office)
        clocks = sorted(self.judgement.deadlines, key=lambda clock: clock.due)
        told = [self._person(address) for address in given.told]
        return {
            "handler": {"who": self._who(given), "lines": self._why(given), "told": told},
            "excluded": [self._person(address) for address in sorted(case.excluded)],
            "deadlines": [
                {
                    "kind_name": self._catalogue("clock", clock.kind.value),
                    "due_text": date_text(clock.due, self.office.zone, self.language, now=self.office.now),
                    "provisional": clock.provisional,
                }
                for clock in clocks
            ],
        }

    def _who(self, given: Assignment) -> str:
        if given.nobody:
            return self._word(_SENTENCES, "nobody")
        if given.person is None:
            return self._word(_SENTENCES, "waits")
        unit = self.office.index.units.get(given.unit or "")
        return self._say(
            "handled-by", unit=unit_label(unit, self.language) if unit else "", person=self._person(given.person)
        ).strip(" ,")

    def _why(self, given: Assignment) -> list[str]:
        why = given.why.get(self.language) or next(iter(given.why.values()), "")
        lines = [self._say("route", route=given.route, why=why)]
        if given.words:
            lines.append(self._say("route-words", words=self._word(_SENTENCES, "comma").join(given.words)))
        if given.moved:
            lines.append(self._word("moved", given.moved))
        if given.stands_in_for:
            lines.append(self._say("stands-in", person=self._person(given.stands_in_for)))
        if given.deliver_to and given.deliver_to != given.person:
            lines.append(self._say("deliver", address=given.deliver_to))
        return lines

    def _answer(self) -> Shown:
        mail = rendered(self.judgement, self.office, self.templates)
        ack = {"subject": mail.subject, "text": mail.text, "html": mail.html} if mail else None
        return {"ack": ack, "silent": self._word("silent", self.judgement.silent)}

    def _person(self, address: str) -> str:
        person = self.office.index.person(address)
        return f"{person.name} <{address}>" if person else address

    def _customer(self) -> str:
        """Whose feedback it is, where the sender's role does not say so already."""
        verdict = self.judgement.verdict
        kind = verdict.customer_kind or ""
        return "" if kind == verdict.sender_role else self._catalogue("customer_kind", kind)

    def _date_text(self) -> str:
        return date_text(self.office.now, self.office.zone, self.language, now=self.office.now)

    def _catalogue(self, group: str, code: str) -> str:
        return self.templates.words(self.language).get(group, {}).get(code, code)

    def _word(self, group: str, code: str) -> str:
        return self.words.get(group, {}).get(code, code)

    def _say(self, key: str, **names: str) -> str:
        text = self._word(_SENTENCES, key)
        for name, words in names.items():
            text = text.replace(f"{{{name}}}", words)
        return text


def _voting(hits: Iterable[Hit], votes_for: str) -> list[Hit]:
    return [hit for hit in hits if hit.rule.votes_for == votes_for]


def _percent(share: float) -> int:
    return round(100 * share)


def _signed(weight: float) -> str:
    return f"{weight:+g}"
