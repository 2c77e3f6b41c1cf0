"""`publish` 公示 and `unpublish` 撤下公示: question and answer for everybody, once a person has approved the words.

What would be read is shown first to who approves; 确认 to that mail publishes exactly this (P9.1.2, security.md).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import State
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.masks import masked
from maild.domain.publication import Publication, draft, may_be_named, split_words
from maild.domain.wording import shown
from maild.workflow.deeds.answering import REQUESTERS_MAIL
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.deeds.undo import undone_serials
from maild.workflow.ledger import decider
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.related import mails_of

WITHIN = timedelta(hours=24)
_ENDED = frozenset({State.ANSWERED, State.CLOSED})
_ANSWERS = frozenset({"answered", "told", "resolved"})
"""Events that hold the words of an answer."""


def publish(order: Order) -> Result:
    """The words as they would be read, to who approves, with a key of a day; nothing is published yet."""
    if why := _why_not(order):
        return Result(refusal=why)
    written = order.command.text.strip()
    found = split_words(written) if written else _drafted(order)
    if found is None:
        return Result(refusal="publish-how" if written else "not-answered")
    look = order.office.pack.masks.for_nobody()
    words = tuple(masked(text, look) for text in found)
    approver = _approver(order)
    if approver is None:
        return Result(refusal="nobody-above")
    office, person = order.office, order.person
    expires = office.now + WITHIN
    unit = office.index.unit(order.case.unit) if may_be_named(order.case.unit, office.index) else None
    known = {"question": words[0], "answer": words[1], "unit": unit.id if unit else None, "by": person.address}
    data: dict[str, object] = {
        "question": words[0], "answer": words[1], "unit_name": unit.name if unit else "", "own": bool(written),
        "by": "" if approver == person else person.name,
        "expires_text": when(expires, office, approver.address, approver.language),
        "key_data": {"mail": order.mail.sha256, "publish": known}, "key_expires": expires,
    }  # fmt: skip
    mail = order.mail
    letter = Letter(
        kind=LetterKind.PUBLISHING, to=to_person(approver), language=approver.language, case=order.case.number,
        data=data, lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id if approver == person else "",
        references=(*mail.references, mail.message_id) if approver == person else (),
    )  # fmt: skip
    event = happened(order, "publish-asked", {"question": words[0], "text": words[1]})
    plan = Plan(letters=(letter,), happenings=(event,))
    if approver == person:
        return Result(plan=plan)
    said = echo(order, order.clocks, person_name=approver.name)
    return Result(plan=plan, echo=said | {"verb": "publish-asked", "text": ""})


def send_publication(order: Order) -> Result:
    """确认 in answer to the words that were shown: they are published, in the place of an earlier wording."""
    known = order.key.data.get("publish")
    if not isinstance(known, dict):
        return Result(refusal="not-available")
    mark = f"{order.case.number} {order.key.recipient} {order.key.serial}"
    if any(event.data.get("asked") == mark for event in order.facts.events(order.case.number)):
        return Result(refusal="used-key")
    if why := _why_not(order):
        return Result(refusal=why)
    now = order.office.now
    new = Publication(case=order.case.number, question=str(known["question"]), answer=str(known["answer"]),
                      unit=str(known["unit"]) if known["unit"] else None, at=now, by=order.person.address,
                      mail=order.mail.sha256)  # fmt: skip
    event = happened(order, "published", {"asked": mark, "question": new.question, "text": new.answer})
    plan = Plan(cases=(replace(order.case, last_human_event=now),), happenings=(event,),
                publications=(*_taken_down(order), new))  # fmt: skip
    return Result(plan=plan, echo=echo(order, order.clocks) | {"verb": "publish", "text": ""})


def refuse_publication(order: Order) -> Result:
    """不公示: nothing is published, and this question is over."""
    mark = f"{order.case.number} {order.key.recipient} {order.key.serial}"
    event = happened(order, "publish-declined", {"asked": mark, "text": order.command.text})
    plan = Plan(cases=(replace(order.case, last_human_event=order.office.now),), happenings=(event,))
    return Result(plan=plan, echo=echo(order, order.clocks) | {"verb": "publish-declined"})


def unpublish(order: Order) -> Result:
    """What is published of the case is read by nobody from now on."""
    gone = tuple(_taken_down(order))
    if not gone:
        return Result(refusal="not-published")
    event = happened(order, "unpublished", {"text": order.command.text})
    plan = Plan(cases=(replace(order.case, last_human_event=order.office.now),), happenings=(event,),
                publications=gone)  # fmt: skip
    return Result(plan=plan, echo=echo(order, order.clocks))


def _why_not(order: Order) -> str:
    """Why nothing of this case may be published, as a refusal; "" where it may."""
    case, pack = order.case, order.office.pack
    protected = case.confidential or case.type in pack.routes.protected or case.type in pack.publishing.never
    if protected or pack.policy.types_by_id[case.type].confidential:
        return "never-published"
    return "" if case.state in _ENDED else "not-answered"


def _approver(order: Order) -> Person | None:
    role = order.office.pack.publishing.approves
    if role in order.person.roles:
        return order.person
    return decider(order.case, role, None, order.office)


def _taken_down(order: Order) -> Iterator[Publication]:
    standing = order.facts.publications_of(order.case.number)
    yield from (replace(one, withdrawn_at=order.office.now) for one in standing if one.withdrawn_at is None)


def _drafted(order: Order) -> tuple[str, str] | None:
    """The requester's first letter and the last answer, both without names; None where no answer has words."""
    case, facts = order.case, order.facts
    undone = {mail for mail, _ in undone_serials(facts, case.number)}
    told = (one for one in facts.events(case.number) if one.kind in _ANSWERS and one.data.get("mail") not in undone)
    answers = [str(one.data["text"]) for one in told if one.data.get("text")]
    asked = [mail for mail in mails_of(case, facts) if mail.disposition in REQUESTERS_MAIL]
    if not answers or not asked:
        return None
    first = order.originals.mail(asked[0].sha256)
    question = shown(first.fresh_text or first.text) or case.summary
    return draft(question, shown(answers[-1]), case=case, index=order.office.index, language=case.requester.language)
