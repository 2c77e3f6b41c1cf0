"""`status` 状态, `help` 帮助 and `search` 查 in answer to a mail with a key: an answer by mail, nothing changes."""

from dataclasses import replace

from maild.domain.letter import Letter
from maild.workflow.asked import found_letter, help_letter, status_letter
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan


def status(order: Order) -> Result:
    """How this case stands, and the others that are the asker's."""
    return _said(order, status_letter(order.person, order.office, order.facts, case=order.case))


def helped(order: Order) -> Result:
    """What can be ordered by reply."""
    return _said(order, help_letter(order.person, order.office))


def search(order: Order) -> Result:
    """The cases whose mails say the words."""
    words = order.command.text.strip()
    if not words:
        return Result(refusal="missing-text")
    return _said(order, found_letter(words, order.person, order.office, order.facts))


def _said(order: Order, letter: Letter) -> Result:
    mail = order.mail
    answer = replace(letter, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))
    return Result(plan=Plan(letters=(answer,)))
