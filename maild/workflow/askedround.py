"""下发 in a mail without a key: a letter that is to go round begins its own case (security.md, casework 5)."""

from dataclasses import replace

from maild.domain.circulation import Item
from maild.domain.command import Answers, Decision
from maild.domain.message import Authentication, Mail
from maild.domain.receivers import receivers_of
from maild.domain.verdict import Verdict
from maild.workflow.circulating import may_send_round
from maild.workflow.office import Office
from maild.workflow.reading import read
from maild.workflow.recognise import Lead, Recognition


def ordered_round(
    mail: Mail, recognition: Recognition, verdict: Verdict, office: Office
) -> tuple[Verdict, tuple[Item, ...]]:
    """The verdict and the receivers of a mail that orders a circulation; any other as it was judged, and nobody.

    A letter that needs protection keeps it, unless its writer may send letters round.
    """
    receivers = _receivers(mail, recognition, office)
    protected = verdict.confidential and not may_send_round(mail, recognition.authentication, office)
    return (_as_directive(verdict, office), receivers) if receivers and not protected else (verdict, ())


def _receivers(mail: Mail, recognition: Recognition, office: Office) -> tuple[Item, ...]:
    """The receivers that a colleague's mail names behind 下发, in subject or first line; none where none is ordered."""
    person = recognition.person
    if person is None or recognition.lead is not Lead.NONE or not office.pack.circulating.types:
        return ()
    if recognition.authentication is Authentication.FAILED:
        return ()
    said = read(mail.fresh_text, office, by=person.address, answers=Answers.NONE, subject=mail.subject)
    orders = [one for one in said.commands if one.verb == "circulate" and one.list]
    if said.decision is not Decision.ACT or not orders:
        return ()
    return receivers_of(str(orders[0].list), office.index, apart=person.addresses, coordinator=office.pack.coordinator)


def _as_directive(verdict: Verdict, office: Office) -> Verdict:
    """The verdict of a letter that its writer sends round: it complains of nobody and lacks nothing."""
    kind = office.pack.circulating.types[0]
    return replace(verdict, type=kind, confidence=1.0, names=(), posts=(), confidential=False, missing=(),
                   customer_kind=None, acknowledge=True)  # fmt: skip
