"""A person's words on their way to the requester: from the shared address, in the unit's name (casework 5)."""

from maild.domain.case import Case
from maild.domain.emptyanswer import why_empty
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.workflow.ordering import Order
from maild.workflow.originals import meant_files
from maild.workflow.related import mails_of
from maild.workflow.view import unit_label

REQUESTERS_MAIL = frozenset({"new-case", "appended", "reopened", "answer-stopped"})
"""What a case's requester wrote; everything else was said inside and never leaves."""
_MOST_QUOTED = 1500


def last_of_requester(order: Order) -> Mail | None:
    """The requester's newest mail."""
    mails = [m for m in mails_of(order.case, order.facts) if m.disposition in REQUESTERS_MAIL]
    return order.originals.mail(mails[-1].sha256) if mails else None


def why_not(order: Order, text: str) -> str:
    """Why these words must not leave, as a refusal; "" where they may."""
    last = last_of_requester(order)
    asked = (last.fresh_text or last.text) if last else order.case.summary
    if not order.anyway and (why := why_empty(text, asked)):
        return why
    if order.case.requester.unconfirmed:
        return "unconfirmed-address"
    return "" if order.case.requester.address else "no-address"


def letter_out(order: Order, kind: LetterKind, text: str, *, closing: bool = False, case: Case | None = None) -> Letter:
    """The letter with these words, the handler's attachments along; held, so that it can be taken back.

    `case` is another one than the order's where one text answers several.
    """
    case, last = case or order.case, last_of_requester(order) if case is None else None
    unit = order.office.index.unit(case.unit) if case.unit else None
    quoted = (last.fresh_text or last.text) if last else ""
    data: dict[str, object] = {
        "text": text, "question": quoted[:_MOST_QUOTED], "closing": closing, "subject": case.subject[:60],
        "unit_name": unit_label(unit, case.requester.language) if unit else order.office.organisation.name,
    }  # fmt: skip
    return Letter(
        kind=kind, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, data=data, lane=Lane.REQUESTER, keyed=True,
        in_reply_to=last.message_id if last else "", not_before=order.office.now + order.office.hold(case),
        references=(*last.references, last.message_id) if last else (), attachments=_along(order.mail),
    )  # fmt: skip


def _along(mail: Mail) -> tuple[str, ...]:
    """What a handler attached on purpose."""
    return tuple(f"{mail.sha256}:{file.sha256}" for file in meant_files(mail))
