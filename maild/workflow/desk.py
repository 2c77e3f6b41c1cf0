"""The desk at which one mail is decided, and that each command counts once however often it comes (security.md)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from maild.domain.message import Mail
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.sight import Sight, is_barred, sight
from maild.workflow.triage import Triage

MEMORY = timedelta(days=3650)
TAKEN = "this order was taken before"


@value
class Desk:
    """Everything one mail's decision may look at."""

    mail: Mail
    recognition: Recognition
    office: Office
    facts: Facts
    received: datetime
    triage: Triage
    originals: Originals
    released: bool  # by a person, out of quarantine


def once(desk: Desk, act: Callable[[Desk], Plan]) -> Plan:
    """What a command does the first time that it comes: a mail captured and sent again does nothing."""
    case = desk.recognition.case
    counted = Tally(kind="command", who=_mark(desk), number=case.number if case else None)
    if desk.facts.count(counted.kind, counted.who, desk.office.now - MEMORY):
        return Plan(disposition="duplicate", number=counted.number, reason=TAKEN)
    return act(desk) + Plan(tallies=(counted,))


def may_know(desk: Desk) -> bool:
    """Whether the case may be known to who acts and to whose key it is: names learned later count (P3)."""
    case, key, person = desk.recognition.case, desk.recognition.key, desk.recognition.person
    if case is None or key is None:
        return True
    if is_barred(case, key.recipient, desk.office.index):
        return False
    return sight(case, person, desk.office) > Sight.EXISTS


def _mark(desk: Desk) -> str:
    """One mark for an order however often it is sent again: what a signature covers, and whose key it carries.

    Blanks and line ends may change on the way without breaking a signature (RFC 6376 section 3.4, "relaxed").
    """
    mail, key = desk.mail, desk.recognition.key
    parts = (desk.office.pack.id, mail.author.address, str(mail.date), mail.subject, mail.fresh_text,
             key.recipient if key else "")  # fmt: skip
    return sha256("\n".join("".join(part.split()) for part in parts).encode("utf-8", "replace")).hexdigest()
