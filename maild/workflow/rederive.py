"""A case derived again from its first mail, beside what is kept: what a person decided stands (interfaces.md).

Derived are the words (subject, summary, requester's name and language), the verdict (type, kind of customer, class of
subject, missing points, names) and to which case a mail belongs. State, handler, clocks, urgency and events are what
happened: they are never derived. Names and confidentiality only ever grow; a person's type stands, and the type of a
case that somebody works on is only shown, because another type may mean another handler.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from maild.domain.case import Case, Event, State
from maild.domain.message import Mail
from maild.domain.value import value
from maild.domain.verdict import Verdict
from maild.mail.language import letter_language
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Received
from maild.workflow.sight import exclusion_of
from maild.workflow.triage import Triage, verdict_on, with_names, writing_of

ENDED = frozenset({State.CLOSED, State.SET_ASIDE, State.MERGED})
_SHORT = 60


@value
class Change:
    """One derived thing that is not as it is kept; `kept_because` says why it stays so."""

    where: str
    """A case number, or the archive hash of a mail."""
    what: str
    was: str
    now: str
    kept_because: str = ""

    def __str__(self) -> str:
        stays = f" (stays: {self.kept_because})" if self.kept_because else ""
        return f"{self.where} {self.what}: {self.was or '-'} -> {self.now or '-'}{stays}"


def rederived(
    case: Case, mail: Mail, events: Sequence[Event], *, office: Office, triage: Triage
) -> tuple[Case, list[Change]]:
    """The case as its first mail says today, and each difference."""
    writing = writing_of(mail)
    verdict = with_names(verdict_on(mail, office, triage), writing, office, triage)
    language = letter_language(mail.fresh_text or mail.text, mail.lang)
    words: dict[str, Any] = {"subject": mail.subject[:200], "summary": verdict.summary}
    facts: dict[str, Any] = {
        "customer_kind": verdict.customer_kind, "subject_class": verdict.subject_class, "missing": verdict.missing,
        "names": tuple(dict.fromkeys((*case.names, *verdict.names))),
    }  # fmt: skip
    requester = replace(case.requester, name=mail.author.name, language=language)
    same_writer = case.requester.address == mail.author.address
    new = replace(case, **words, **facts, requester=requester if same_writer else case.requester)
    why = _why_kept(case, verdict, events)
    if verdict.type != case.type and not why:
        new = replace(new, type=verdict.type)
    new = replace(new, confidential=case.confidential or (verdict.confidential and not why))
    new = replace(new, excluded=tuple(dict.fromkeys((*case.excluded, *exclusion_of(new, office.index).excluded))))
    changes = [
        Change(where=case.number, what=name, was=_text(getattr(case, name)), now=_text(getattr(new, name)))
        for name in (*words, *facts, "type", "requester", "confidential")
        if getattr(case, name) != getattr(new, name)
    ]
    if verdict.type != case.type and why:
        changes.append(Change(where=case.number, what="type", was=case.type, now=verdict.type, kept_because=why))
    return new, changes


def thread_of(mail: Mail, received: Received, facts: Facts) -> str | None:
    """The case to which the mail's In-Reply-To and References lead today; None where they lead nowhere."""
    for message_id in (mail.in_reply_to, *reversed(mail.references)):
        sent = facts.sent(message_id=message_id) if message_id else None
        if sent is not None and sent.number:
            return sent.number
        known = facts.received(message_id) if message_id else None
        if known is not None and known.number and known.sha256 != received.sha256:
            return known.number
    return None


def _why_kept(case: Case, verdict: Verdict, events: Sequence[Event]) -> str:
    """Why the kept type stands against today's verdict; "" where it does not."""
    if verdict.type == case.type:
        return ""
    said = [event for event in events if event.human and event.data.get("type")]
    if said:
        return f"{said[-1].actor} said so"
    if case.state not in ENDED:
        return "somebody works on it; an order to change the type moves it"
    return "a confidential type falls by no rule" if case.confidential and not verdict.confidential else ""


def _text(kept: object) -> str:
    if isinstance(kept, tuple):
        return ", ".join(map(str, kept))
    text = " ".join(str(kept if kept is not None else "").split())
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"
