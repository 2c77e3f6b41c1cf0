"""Machines' mail: a note on its case, never an answer, never a case of its own (casework 2, RFC 3834)."""

from dataclasses import replace

from maild.domain.assign import handled_as, may_handle
from maild.domain.case import Case, ClockState, Event
from maild.domain.circulation import item_of
from maild.domain.message import Authentication, Automatic, Mail
from maild.mail.absence import absence_until
from maild.workflow.awayround import receiver_away
from maild.workflow.facts import Facts
from maild.workflow.notify import assignment_letter
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.recognise import Lead, Recognition
from maild.workflow.related import mails_of
from maild.workflow.sight import is_barred
from maild.workflow.watch import Watch, shown_subject


def of_no_case(mail: Mail, watch: Watch) -> Plan:
    """A line in the digest where a person might want to look."""
    data: dict[str, object] = {"why": mail.automatic_reason}
    lines = (Line(kind="machine", data=data if watch.private else {"subject": shown_subject(mail.subject)} | data),)
    return Plan(disposition="machine-mail", reason=mail.automatic_reason, lines=lines)


def machine_mail(
    case: Case, mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals
) -> Plan:
    """A note on the case that it answers."""
    data: dict[str, object] = {"mail": mail.sha256, "why": mail.automatic_reason}
    event = Event(kind="machine-mail", at=office.now, actor="maild", data=data)
    plan = Plan(
        disposition="machine-mail", number=case.number, reason=mail.automatic_reason,
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip
    away = mail.automatic is Automatic.REPLY and recognition.lead is not Lead.NUMBER
    if away and recognition.person and item_of(case.circulation, recognition.person.addresses):
        return plan + receiver_away(case, mail, recognition.person, office, facts=facts, originals=originals)
    if away and recognition.person and recognition.person.address == case.handler:
        sure = recognition.authentication is not Authentication.UNKNOWN
        return plan + _stand_in(case, mail, office, facts=facts, originals=originals, sure=sure)
    return plan


def _stand_in(case: Case, mail: Mail, office: Office, *, facts: Facts, originals: Originals, sure: bool) -> Plan:
    """The directory's delegate becomes second handler; the case moves only when the absence outlasts a deadline.

    A mail that nobody vouches for (`sure` is False) moves nothing.
    """
    today = office.now.astimezone(office.zone).date()
    until = absence_until(mail.text, today)
    delegate = office.index.delegate(case.handler or "", today)
    if delegate is not None and not _fit(case, delegate.address, office):
        delegate = None
    ends = [c.due.astimezone(office.zone).date() for c in facts.clocks(case.number) if c.state is ClockState.OPEN]
    outlasts = sure and until is not None and bool(ends) and until > min(ends)
    if delegate is None:
        data: dict[str, object] = {"handler": case.handler, "until": until.isoformat() if until else ""}
        return Plan(lines=(Line(kind="away-without-delegate", number=case.number, data=data),))
    away: dict[str, object] = {
        "delegate": delegate.address,
        "until": until.isoformat() if until else "",
        "moved": outlasts,
    }
    event = Event(kind="handler-away", at=office.now, actor="maild", data=away)
    mails = mails_of(case, facts)
    first = originals.mail(mails[0].sha256) if mails else None
    letter = assignment_letter(case, office, delegate.address, mail=first, reason="delegated", by=case.handler or "")
    moved = replace(case, handler=delegate.address) if outlasts else replace(
        case, supervisors=tuple(dict.fromkeys((*case.supervisors, delegate.address)))
    )  # fmt: skip
    return Plan(cases=(moved,), letters=(letter,), happenings=(Happening(number=case.number, event=event),))


def _fit(case: Case, address: str, office: Office) -> bool:
    """Whether a delegate may have this case: neither excluded nor without the role that a confidential one asks for."""
    if is_barred(case, address, office.index):
        return False
    return not case.confidential or may_handle(
        office.index, address, handled_as(case.type, case.confidential), routes=office.pack.routes
    )
