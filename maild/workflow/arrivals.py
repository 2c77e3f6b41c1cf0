"""Which road a mail takes: most are decided on their words, a few by where they were found or what they are."""

from datetime import datetime

from maild.domain.message import Mail
from maild.workflow.decide import decide
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan
from maild.workflow.probe import is_probe, probe_arrived
from maild.workflow.triage import Triage


def plan_for(mail: Mail, office: Office, *, facts: Facts, received: datetime, tools: tuple[Triage, Originals]) -> Plan:
    """Everything that this mail changes."""
    if is_probe(mail, office, facts):
        return probe_arrived(office)
    return decide(mail, office, facts=facts, received=received, tools=tools)
