"""The preview of what would leave a sealed letter: nothing leaves before its seal-holder answers it (security.md)."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.cleaned import cleaning_kind
from maild.domain.directory import Person
from maild.domain.inshort import in_short
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.wording import size_text
from maild.workflow.deeds.telling import happened
from maild.workflow.desk import Desk
from maild.workflow.hiding import neutral
from maild.workflow.lapsed import ASKED, LASTS, clock_for
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.ordering import Order, Result
from maild.workflow.parties import is_requester
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import is_barred
from maild.workflow.view import unit_label
from maild.workflow.wouldleave import PASS, Asked, Leaving, as_data, holder_for, leaving, letters_of, outside


def held_back(order: Order, to: str) -> Result:
    """In place of an order that takes a sealed letter to somebody outside the seal: the preview for its seal-holder."""
    case, office, command = order.case, order.office, order.command
    if not office.seal:
        return Result(refusal="confidential-type")
    if is_barred(case, to, office.index) or is_requester(case, to, office.index.person(to)):
        return Result(refusal="conflict-of-interest")
    holder = holder_for(case, office, order.facts, order.person)
    if holder is None:
        return Result(refusal="no-seal-holder")
    said, abstract = in_short(command.text or "")
    abstract = abstract or in_short(order.mail.fresh_text)[1].partition("\n")[0].strip()
    asked = Asked(
        request=f"{order.mail.sha256} {command.verb} {to}", verb=command.verb, to=(to,), by=order.person.address,
        mails=letters_of(case, order.facts), unit=command.unit, person=command.person, date=command.date,
        duration=command.duration, order=said, report_back=command.report_back, instead=abstract,
    )  # fmt: skip
    letter = preview(asked, order, holder)
    data: dict[str, object] = {"to": to, "verb": command.verb, "holder": holder.address, "request": asked.request}
    return Result(plan=Plan(letters=(letter,), happenings=(happened(order, ASKED, data),),
                            clocks=(clock_for(case.number, asked.request, office.now),)))  # fmt: skip


def preview(asked: Asked, order: Order, holder: Person, *, changed: str = "") -> Letter:
    """What would leave as things stand, with a fresh key of its holder; `changed` says why it is shown once more."""
    shown = leaving(asked, order.case, order.office, facts=order.facts, originals=order.originals)
    return _letter(asked, shown, order.case, order.office, holder=holder, mail=order.mail, changed=changed)


def with_preview(plan: Plan, desk: Desk) -> Plan:
    """The plan with a preview of the requester's new letter, where somebody outside the seal works on the case.

    Its handler hears only that something came.
    """
    case = next((c for c in reversed(plan.cases) if c.number == plan.number), desk.recognition.case)
    receivers = outside(case) if case else ()
    if case is None or not receivers or not desk.office.seal:
        return plan
    holder = holder_for(case, desk.office, desk.facts)
    return plan + (_passing(case, receivers, holder, desk) if holder else Plan())


def _passing(case: Case, receivers: Sequence[str], holder: Person, desk: Desk) -> Plan:
    mail, office = desk.mail, desk.office
    asked = Asked(request=f"{mail.sha256} {PASS}", verb=PASS, to=tuple(receivers), by="", mails=(mail.sha256,))
    shown = leaving(asked, case, office, facts=desk.facts, originals=desk.originals)
    data: dict[str, object] = {"to": list(receivers), "verb": PASS, "holder": holder.address, "mail": mail.sha256,
                               "request": asked.request}  # fmt: skip
    event = Event(kind=ASKED, at=office.now, actor="maild", data=data)
    return Plan(letters=(_letter(asked, shown, case, office, holder=holder),),
                clocks=(clock_for(case.number, asked.request, office.now),),
                happenings=(Happening(number=case.number, event=event),))  # fmt: skip


def _letter(
    asked: Asked, shown: Leaving, case: Case, office: Office, *, holder: Person, mail: Mail | None = None,
    changed: str = "",
) -> Letter:  # fmt: skip
    expires, language = office.now + LASTS, holder.language
    by = office.index.person(asked.by) if asked.by != holder.address else None
    data: dict[str, object] = {
        "verb": asked.verb, "to": [_who(one, office, language) for one in asked.to], "by": by.name if by else "",
        "order": asked.order, "abstract": bool(asked.instead), "changed": changed,
        "parts": [{"n": n, "text": text} for n, text in shown.parts],
        "cuts": [{"part": one.part, "what": one.what, "count": one.count} for one in shown.cuts],
        "files": [
            {"n": one.number, "filename": neutral(one.file.filename, one.number, language),
             "size_text": size_text(one.file.size), "cleanable": bool(cleaning_kind(one.file.filename))}
            for one in shown.files
        ],
        "expires_text": when(expires, office, holder.address, language), "key_expires": expires,
        "key_data": {"release": as_data(replace(asked, shown=shown.mark))},
    }  # fmt: skip
    return Letter(
        kind=LetterKind.SEAL_PREVIEW, to=to_person(holder), language=language, case=case.number, data=data,
        lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id if mail else "",
        references=(*mail.references, mail.message_id) if mail else (),
    )  # fmt: skip


def _who(address: str, office: Office, language: str) -> dict[str, str]:
    person, unit = office.index.person(address), office.index.unit_of(address)
    return {"name": person.name if person else address, "unit_name": unit_label(unit, language) if unit else ""}
