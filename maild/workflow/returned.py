"""Delivery reports: they go to the outgoing mail that they speak of, and nobody answers them (casework 2, RFC 3464)."""

from maild.domain.case import Case, Event
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Delivery, DeliveryReport, FailedRecipient, Mail
from maild.workflow.arrival import answer_returned
from maild.workflow.circulating import reopened_item
from maild.workflow.facts import Facts
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan, Sent
from maild.workflow.recognise import Recognition
from maild.workflow.related import surviving
from maild.workflow.watch import shown_subject


def returned(mail: Mail, report: DeliveryReport, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """What a delivery report changes. One that speaks of no mail of ours, or of another recipient, changes nothing."""
    sent = _spoken_of(report, recognition, facts)
    if sent is None or not _names(report, sent.recipient):
        line = Line(kind="report-unmatched", data={"subject": shown_subject(mail.subject)})
        return Plan(disposition="report-unmatched", lines=(line,))
    case = surviving(facts.case(sent.number), facts) if sent.number else None
    if report.action is not Delivery.FAILED:
        return Plan(disposition=f"report-{report.action}", number=sent.number,
                    happenings=_noted(case, f"delivery-{report.action}", sent, report, office=office))  # fmt: skip
    if sent.state == "bounced":
        return Plan(disposition="bounce-again", number=sent.number)
    again = _once_more(sent, case, facts)
    plan = Plan(
        disposition="bounce", number=sent.number, bounced=(sent.maild_id,),
        happenings=_noted(case, "bounced", sent, report, office=office),
        letters=again + _tell(sent, report, case, office, resent=again[0].to.address if again else ""),
    )  # fmt: skip
    plan += answer_returned(sent, case, office) + reopened_item(sent, case) if case else Plan()
    return plan if plan.letters else plan + Plan(lines=(_line(sent),))


def undeliverable(sent: Sent, answer: str, office: Office, *, facts: Facts) -> Plan:
    """A mail that the SMTP server refused for good, or that could not leave for three days, is told like a bounce."""
    case = surviving(facts.case(sent.number), facts) if sent.number else None
    report = DeliveryReport(
        action=Delivery.FAILED, recipients=(FailedRecipient(address=sent.recipient, diagnostic=answer),)
    )
    again = _once_more(sent, case, facts)
    letters = again + _tell(sent, report, case, office, resent=again[0].to.address if again else "")
    plan = Plan(letters=letters, happenings=_noted(case, "undeliverable", sent, report, office=office))
    plan += answer_returned(sent, case, office) + reopened_item(sent, case) if case else Plan()
    return plan if letters else plan + Plan(lines=(_line(sent),))


def _line(sent: Sent) -> Line:
    return Line(kind="bounced", number=sent.number, data={"to": sent.recipient})


def _spoken_of(report: DeliveryReport, recognition: Recognition, facts: Facts) -> Sent | None:
    found = facts.sent(message_id=report.original_message_id) or facts.sent(maild_id=report.original_maild_id)
    if found is None and recognition.key is not None and recognition.case is not None:
        key = recognition.key
        # A key speaks of the mails to its own reader: with a requester's nobody marks the handler's as returned.
        named = [r.address for r in report.recipients if r.address == key.recipient]
        mails = [s for address in named for s in facts.sent_for(key.number, address)]
        found = next((s for s in mails if s.kind == key.purpose), mails[0] if mails else None)
    return found


def _names(report: DeliveryReport, recipient: str) -> bool:
    """A forged report must know whom we wrote to."""
    return not report.recipients or recipient in {r.address for r in report.recipients}


def _once_more(sent: Sent, case: Case | None, facts: Facts) -> tuple[Letter, ...]:
    """An acknowledgement that went to Reply-To is sent once more to From; never twice to one address."""
    if case is None or sent.kind != LetterKind.ACKNOWLEDGEMENT.value or not sent.fallback:
        return ()
    if facts.sent_for(case.number, sent.fallback):
        return ()
    data = {"subject": "", "arrived_text": "", "missing": [], "critical": False, "phones": [], "together": 1,
            "asks": []}  # fmt: skip
    return (
        Letter(kind=LetterKind.ACKNOWLEDGEMENT, to=Address(address=sent.fallback, name=case.requester.name),
               language=case.requester.language, case=case.number, data=data, lane=Lane.REQUESTER, keyed=True),
    )  # fmt: skip


def _tell(sent: Sent, report: DeliveryReport, case: Case | None, office: Office, *, resent: str) -> tuple[Letter, ...]:
    """Handler and coordinator hear of it; of a returned notice of a returned mail, nobody, or it would never end."""
    if sent.kind == LetterKind.BOUNCE.value:
        return ()
    addresses = [case.handler if case else None, office.coordinator(case)]
    people = [office.index.person(a) for a in addresses if a and a != sent.recipient]
    data = {
        "failed_address": sent.recipient,
        "letter_name": sent.kind,
        "diagnostic": next((r.diagnostic or r.status for r in report.recipients), "")[:300],
        "resent_to": resent,
    }
    return tuple(
        Letter(kind=LetterKind.BOUNCE, to=to_person(p), language=p.language, case=case.number if case else None,
               data=data, keyed=case is not None)
        for p in dict.fromkeys(people) if p is not None
    )  # fmt: skip


def _noted(
    case: Case | None, kind: str, sent: Sent, report: DeliveryReport, *, office: Office
) -> tuple[Happening, ...]:
    if case is None:
        return ()
    statuses = [[r.address, r.status] for r in report.recipients]
    data: dict[str, object] = {"maild_id": sent.maild_id, "letter": sent.kind, "recipients": statuses}
    return (Happening(number=case.number, event=Event(kind=kind, at=office.now, actor="maild", data=data)),)
