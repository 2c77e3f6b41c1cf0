"""What still waits in the outbox is taken back where its reader may not have it any more (security.md).

A letter is looked through when it is made (`guard.py`); one that waits for the morning may be overtaken by a name, a
seal or another type. Whichever stage changes the case, what waits for those whom it shuts out goes no further.
"""

from collections.abc import Iterator

from maild.domain.case import Case
from maild.domain.letter import OUTSIDE, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.sight import exclusion_of, may_read_letter
from maild.workflow.supervise import why_no_copies


def taken_back(plan: Plan, office: Office, facts: Facts) -> Plan:
    """The plan, and no letter inside still waiting for whom its cases shut out since they were written down last."""
    last = {case.number: case for case in plan.cases}
    gone = [mail for case in last.values() if why_no_copies(case) for mail in _gone(case, office, facts)]
    return plan + Plan(withdrawn=tuple(dict.fromkeys(gone))) if gone else plan


def _gone(case: Case, office: Office, facts: Facts) -> Iterator[str]:
    before = facts.case(case.number)
    if before is None:
        return
    for address in dict.fromkeys(_shut_out(before, case, office)):
        for sent in facts.sent_for(case.number, address):
            if sent.state == "ready" and LetterKind(sent.kind) not in OUTSIDE:
                yield sent.maild_id


def _shut_out(before: Case, case: Case, office: Office) -> Iterator[str]:
    """Addresses to which less may go than before: lists, whom the case excludes now, who may not read it now."""
    if not why_no_copies(before):
        yield from before.lists
    if (before.names, before.excluded, before.type) != (case.names, case.excluded, case.type):
        yield from sorted(exclusion_of(case, office.index).addresses - exclusion_of(before, office.index).addresses)
    if case.confidential and not before.confidential:
        unit = office.index.unit(before.unit) if before.unit else None
        worked = (before.handler, *before.joined, *before.supervisors, *before.report_to, *before.followers)
        yield from (one for one in worked if one and not may_read_letter(case, office.index.person(one), office))
        if unit is not None and unit.address:
            yield unit.address
