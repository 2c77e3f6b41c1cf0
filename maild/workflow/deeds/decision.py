"""`approve` 同意 and `decline` 不同意: the answer to a mail that asks for a decision; DECISIONS says of what."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from maild.domain.letter import LetterKind
from maild.workflow.deeds.circulate import circulate
from maild.workflow.deeds.extend import decided as decided_extension
from maild.workflow.deeds.link import link
from maild.workflow.deeds.malicious import malicious
from maild.workflow.deeds.merge import merge
from maild.workflow.deeds.proposing import as_proposed, declined
from maild.workflow.deeds.publish import refuse_publication, send_publication
from maild.workflow.deeds.releasing import answered
from maild.workflow.deeds.split import split
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.deeds.type import decided_type
from maild.workflow.ending import closed
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan

Decided = Callable[[Order, bool], Result]


def approve(order: Order) -> Result:
    """Yes."""
    return _decided(order, yes=True)


def decline(order: Order) -> Result:
    """No."""
    return _decided(order, yes=False)


def _decided(order: Order, *, yes: bool) -> Result:
    decide = DECISIONS.get(order.key.purpose)
    return decide(order, yes) if decide else Result(refusal="not-available")


def withdrawal(order: Order, yes: bool) -> Result:
    """Whether the writer of a protected letter may withdraw it; without a yes the case goes on."""
    if not yes:
        event = happened(order, "withdrawal-declined", {"text": order.command.text})
        going = replace(order.case, last_human_event=order.office.now)
        return Result(plan=Plan(cases=(going,), happenings=(event,)), echo=echo(order, running_after(order, ())))
    end = closed(order.case, "withdrawn", order.office, clocks=order.clocks, actor=order.person.address, asks=True,
                 mail=order.mail.sha256)  # fmt: skip
    return Result(plan=end, echo=echo(order, ()))


def proposal(order: Order, yes: bool) -> Result:
    """What a handler proposed, carried out as an order of who decides; each proposal is decided once."""
    asked = as_proposed(order)
    if asked is None:
        return Result(refusal="used-key")
    return _PROPOSED[asked.command.verb](asked) if yes else declined(order)


def publication(order: Order, yes: bool) -> Result:
    """Whether these words are published."""
    return send_publication(order) if yes else refuse_publication(order)


_PROPOSED: Mapping[str, Callable[[Order], Result]] = {
    "circulate": circulate, "malicious": malicious, "merge": merge, "link": link, "split": split,
}  # fmt: skip
"""What can be proposed."""
DECISIONS: Mapping[str, Decided] = {
    LetterKind.EXTENSION.value: decided_extension,
    LetterKind.TYPE_PROPOSAL.value: decided_type,
    LetterKind.WITHDRAWAL.value: withdrawal,
    LetterKind.PROPOSAL.value: proposal,
    LetterKind.PUBLISHING.value: publication,
    LetterKind.SEAL_PREVIEW.value: answered,
}
"""By the kind of the mail that asked."""
