"""The requester hears of a new handler or deadline without asking, at most once a day (P3.4.2)."""

from datetime import timedelta

from maild.domain.case import Case
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan

DAY = timedelta(days=1)


def told_of_move(case: Case, office: Office, facts: Facts, *, what: str) -> Plan:
    """A few lines to the requester: `what` is `handler` or `deadline`; a second one within a day waits for its end.

    It waits as long as a person's words, so that an order taken back tells nobody; what has not left yet is replaced.
    """
    who = case.requester
    if not who.address:
        return Plan()
    earlier = [mail for mail in facts.sent_for(case.number, who.address) if mail.kind == LetterKind.MOVED.value]
    waiting = tuple(mail.maild_id for mail in earlier if mail.state == "ready")
    left = [mail.sent_at or mail.queued_at for mail in earlier if mail.state not in {"ready", "withdrawn"}]
    free = max([office.now + office.hold(case), *(at + DAY for at in left)])
    letter = Letter(
        kind=LetterKind.MOVED, to=Address(address=who.address, name=who.name), language=who.language,
        case=case.number, data={"what": what}, lane=Lane.REQUESTER, not_before=free, keyed=True,
    )  # fmt: skip
    return Plan(letters=(letter,), withdrawn=waiting)
