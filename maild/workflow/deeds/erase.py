"""`erase` 删除个人信息: by the roles that the pack names, and confirmed by a second mail (security.md).

Here it is only remembered that it shall be done: rows, letters and archive go beside the mail's journey, in one
transaction with the letter that says so. There is no echo, whose key would remember the case as it was, and no undo.
"""

from maild.domain.alias import blanked
from maild.domain.case import Case, KnownBy
from maild.domain.erasure import hindrance
from maild.mail.knownby import joined, known_by
from maild.workflow.deeds.telling import happened
from maild.workflow.erased import Ordered, line_for, one_with
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.related import mails_of
from maild.workflow.sealholders import may_erase
from maild.workflow.sight import Sight, sight


def erase(order: Order) -> Result:
    """The person is to be erased from the case and those that are one with it; refused where one of them may not."""
    reason = (order.command.reason or "").strip()
    cases = one_with(order.case, order.facts)
    known = all(sight(case, order.person, order.office) >= Sight.FACTS for case in cases)
    if not known or not may_erase(order.person, order.office):
        return Result(refusal="not-yours")
    if len(order.beside) > 1:
        return Result(refusal="erase-alone")
    hindered = {case.number: why for case in cases if (why := hindrance(case))}
    if hindered:
        return Result(refusal=next(iter(hindered.values())), detail=", ".join(hindered))
    if all(_is_erased(case, order) for case in cases):
        return Result(refusal="erased-already")
    if not reason:
        return Result(refusal="erase-why")
    if any(blanked(reason, _known(case, order)) != reason for case in cases):
        return Result(refusal="erase-names")
    ordered = Ordered(number=order.case.number, numbers=tuple(sorted(case.number for case in cases)), reason=reason,
                      by=order.person.address, message_id=order.mail.message_id)  # fmt: skip
    return Result(plan=Plan(lines=(line_for(ordered),), happenings=(happened(order, "erasure-ordered", {}),)))


def _is_erased(case: Case, order: Order) -> bool:
    """Whether nothing of the case is left; a mail that came since is a reason to erase once more."""
    return bool(case.erased) and not any(mail.sha256 for mail in order.facts.mails(case.number))


def _known(case: Case, order: Order) -> KnownBy:
    """By what the person could be known in the reason, which stays for good."""
    who = case.requester
    own = {who.address, *who.earlier} - {""}
    known = joined(case.known_by, KnownBy(names=tuple(filter(None, (who.name,))), addresses=tuple(sorted(own))))
    for mail in mails_of(case, order.facts):
        if mail.author in own and mail.sha256 and (read := order.originals.mail(mail.sha256)):
            known = joined(known, known_by(read))
    return known
