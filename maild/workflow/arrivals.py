"""Which road a mail takes: most are decided on their words, a few by where they were found or what they are."""

from dataclasses import replace
from datetime import datetime

from maild.domain.message import Authentication, Automatic, Mail
from maild.mail.authentication import authentication
from maild.workflow.byhand import sent_by_hand
from maild.workflow.copies import role_name
from maild.workflow.decide import decide
from maild.workflow.facts import Facts
from maild.workflow.junk import junk_mail
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Entry, Plan
from maild.workflow.probe import is_probe, probe_arrived
from maild.workflow.triage import Triage
from maild.workflow.watch import watch_over

INBOX, SENT, JUNK = "Inbox", "Sent", "Junk"
_BULK = frozenset({Automatic.SPAM, Automatic.BULK, Automatic.LIST})


def place_of(entry: Entry, facts: Facts) -> str:
    """Where a mail was found; one that a person released is handled like any mail of the inbox."""
    if entry.disposition == "released":
        return INBOX
    roles = (role for role in (SENT, JUNK) if facts.kept_text(role_name(entry.mailbox, role)) == entry.folder)
    return next(roles, INBOX)


def plan_for(
    entry: Entry, mail: Mail, office: Office, *, facts: Facts, received: datetime, tools: tuple[Triage, Originals]
) -> Plan:  # fmt: skip
    """Everything that the mail of this journal line changes."""
    if is_probe(mail, office, facts):
        return probe_arrived(office)
    place = place_of(entry, facts)
    if place == SENT or _is_by_hand(mail, office, facts):
        by_hand = sent_by_hand(mail, office, facts=facts, received=received)
        # A colleague who writes to the shared address from itself, of no case, is heard like anybody else.
        if place == SENT or by_hand.number is not None:
            return by_hand
    released = entry.disposition == "released"
    if not released and (place == JUNK or mail.automatic is Automatic.SPAM) and mail.report is None:
        return junk_mail(entry, mail, watch_over(mail, office, tools[0]))
    if released and mail.automatic in _BULK:
        mail = replace(mail, automatic=None, automatic_reason="")
    return decide(mail, office, facts=facts, received=received, tools=tools, released=released)


def _is_by_hand(mail: Mail, office: Office, facts: Facts) -> bool:
    """A copy of a mail from the shared address in an inbox counts only when the checks say that it is ours."""
    if not office.own(mail.author.address) or mail.report is not None or facts.sent(maild_id=mail.maild_id):
        return False
    return authentication(mail, office.box.trusted_authserv_ids) is Authentication.AUTHENTICATED
