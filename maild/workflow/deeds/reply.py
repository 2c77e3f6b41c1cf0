"""`reply` 答复: a person's text goes to the requester from the shared address, signed by the unit."""

from dataclasses import replace

from maild.domain.emptyanswer import lacks_substance, why_empty
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.transitions import Trigger
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.view import unit_label

REQUESTERS_MAIL = frozenset({"new-case", "appended", "reopened"})
"""What a case's requester wrote; everything else was said inside and never leaves."""


def reply(order: Order) -> Result:
    """The text goes to the requester; the case is answered."""
    case, text = order.case, order.command.text.strip()
    last = _last_of_requester(order)
    asked = (last.fresh_text or last.text) if last else case.summary
    if why := why_empty(text, asked):
        return Result(refusal=why)
    if not case.requester.address:
        return Result(refusal="no-address")
    answered = replace(moved(order, Trigger.ANSWER), answered_at=order.office.now)
    clocks = met_by(order, "reply")
    plan = Plan(cases=(answered,), clocks=clocks, letters=(_answer(order, text, asked, last),),
                happenings=(happened(order, "answered", {"text": text}),))  # fmt: skip
    more = ("lacks-substance",) if lacks_substance(text) else ()
    said = echo(order, running_after(order, clocks), visible_to="requester", missing=("analysis", "measure"), more=more)
    return Result(plan=plan, echo=said)


def _last_of_requester(order: Order) -> Mail | None:
    mails = [m for m in order.facts.mails(order.case.number) if m.disposition in REQUESTERS_MAIL]
    return order.originals.mail(mails[-1].sha256) if mails else None


def _answer(order: Order, text: str, asked: str, last: Mail | None) -> Letter:
    case = order.case
    unit = order.office.index.unit(case.unit) if case.unit else None
    data: dict[str, object] = {
        "text": text, "question": asked[:1500], "closing": False, "subject": case.subject[:60],
        "unit_name": unit_label(unit, case.requester.language) if unit else order.office.organisation.name,
    }  # fmt: skip
    return Letter(
        kind=LetterKind.ANSWER, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, data=data, lane=Lane.REQUESTER, keyed=True,
        in_reply_to=last.message_id if last else "",
        references=(*last.references, last.message_id) if last else (),
    )  # fmt: skip
