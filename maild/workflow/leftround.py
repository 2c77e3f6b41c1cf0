"""A receiver of a circulation or a form round has left: who owes it now gets it, and nobody owing ends it."""

from collections.abc import Sequence

from maild.domain.case import Case, Clock, State
from maild.domain.circulation import unsigned
from maild.domain.formround import Return
from maild.domain.succession import Handover
from maild.workflow.circulating import told_of_round
from maild.workflow.ending import closed
from maild.workflow.formend import completed
from maild.workflow.formletters import form_letter, round_of
from maild.workflow.office import Office
from maild.workflow.plan import Plan


def goes_on(
    before: Case, done: Handover, office: Office, *, clocks: Sequence[Clock], returns: Sequence[Return]
) -> Plan:  # fmt: skip
    """What follows for a case that goes round, besides the mail to each who takes over."""
    case = done.case
    if case.state is not State.CIRCULATING or not done.received_for:
        return Plan()
    heirs = {new for old, new in done.received_for.items() if new and new != old}
    forms = tuple(
        form_letter(case, item, item.receiver, office)
        for item in case.circulation if case.round and item.receiver in heirs and item.owes(case.steps)
    )  # fmt: skip
    if unsigned(case.circulation, case.steps) or not unsigned(before.circulation, before.steps):
        return Plan(letters=forms)
    if case.round:
        collecting = round_of(case).stage == "collecting"
        return completed(case, returns, office, clocks=clocks) if collecting else Plan(letters=forms)
    end = closed(case, "carried-out", office, clocks=clocks, actor="maild", asks=False)
    return end + Plan(letters=told_of_round(end.cases[-1], office, what="complete"))
