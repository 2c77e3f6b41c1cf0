"""`start-round` 发起 in answer to a mail with a key: a round of forms begins; the case at hand stays as it is."""

from maild.workflow.ordering import Order, Result
from maild.workflow.roundasked import start


def start_round(order: Order) -> Result:
    """The round that is named goes out to everybody on its list."""
    done = start(order.command.text, order.person, order.office, order.facts)
    return Result(plan=done.plan, echo=done.echo or {}, refusal=done.refusal, detail=done.detail)
