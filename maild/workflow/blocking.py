"""A sender whose mail is no feedback, blocked for thirty days by the coordinator's word (casework 7).

Their mail is archived and counted in the digest like any other; it makes no case and gets no answer. What answers a
case that they have goes on to that case, nobody of the directory can be blocked, and crisis words break through.
"""

from datetime import datetime, timedelta

from maild.workflow.desk import Desk
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan
from maild.workflow.recognise import Lead
from maild.workflow.triage import verdict_on

BLOCKED = "blocked"
LASTS = timedelta(days=30)


def block(address: str, number: str, office: Office) -> Plan:
    """Blocked from now on; the case by which it was said stands beside it."""
    until = office.now + LASTS
    return Plan(texts=((_name(address, office), f"{until.isoformat()} {number}"),))


def unblock(address: str, office: Office) -> Plan:
    """Blocked no more."""
    return Plan(texts=((_name(address, office), ""),))


def blocked_until(address: str, office: Office, facts: Facts) -> datetime | None:
    """Until when this sender is blocked; None where they are not, or not any more."""
    known = facts.kept_text(_name(address, office)) if address else ""
    until = datetime.fromisoformat(known.partition(" ")[0]) if known else None
    return until if until is not None and until > office.now else None


def is_blocked(desk: Desk) -> bool:
    """Whether a mail that would begin a case is a blocked sender's, and no crisis words stand in it (casework 3)."""
    alone = desk.recognition.lead is Lead.NONE and desk.recognition.person is None
    if not alone or blocked_until(desk.mail.author.address, desk.office, desk.facts) is None:
        return False
    return not verdict_on(desk.mail, desk.office, desk.triage).crisis


def set_apart(desk: Desk) -> Plan:
    """Kept and counted, and nothing more."""
    address = desk.mail.author.address
    number = desk.facts.kept_text(_name(address, desk.office)).partition(" ")[2]
    line = Line(kind=BLOCKED, number=number or None, data={"from": address})
    return Plan(disposition=BLOCKED, reason="a blocked sender", lines=(line,))


def _name(address: str, office: Office) -> str:
    return f"blocked:{office.box.address}:{address.lower()}"
