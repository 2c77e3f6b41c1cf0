"""The probe to `gm+probe@`: whether plus-addresses arrive here, learned from one mail to ourselves (interfaces.md).

`maild init` and `maild doctor` send it; until it has come back, `plus_addressing = "auto"` means off.
"""

from maild.domain.message import Mail
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan

MARK = "probe-"
ARRIVED = "arrived"


def probe_name(mailbox: str) -> str:
    """Under which name it is remembered: the mark of the probe that is on its way, then `arrived`."""
    return f"plus:{mailbox}"


def probe_address(mailbox: str) -> str:
    """Where the probe goes (RFC 5233)."""
    local, _, domain = mailbox.partition("@")
    return f"{local}+probe@{domain}"


def is_probe(mail: Mail, office: Office, facts: Facts) -> bool:
    """Whether this is the probe that we sent: the mark is known to nobody else."""
    mark = mail.maild_id
    return mark.startswith(MARK) and facts.kept_text(probe_name(office.box.address)) in {mark, ARRIVED}


def probe_arrived(office: Office) -> Plan:
    """Plus-addresses are used from now on."""
    return Plan(disposition="probe", reason="plus-addresses arrive", texts=((probe_name(office.box.address), ARRIVED),))
