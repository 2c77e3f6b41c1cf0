"""What a key holder's reply may say besides the orders of the verb table: a form filled in, a retest judged."""

from maild.domain.case import Case
from maild.workflow.desk import Desk
from maild.workflow.formreturn import answered_round
from maild.workflow.plan import Plan
from maild.workflow.retested import retested


def said_besides(desk: Desk, case: Case) -> Plan | None:
    """What follows; None where the reply says nothing of the kind and is read as any order."""
    return answered_round(desk, case) if case.round else retested(desk, case)
