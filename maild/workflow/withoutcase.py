"""A colleague's few words in answer to a letter of ours that has no case and takes no order: no letter of their own.

收到 below a list of what is due, or 全部同意 below the list of what was approved already, are no feedback. The writer
of words that look like an order gets the commands and hears to answer the mail of the case; thanks stay unanswered.
"""

from dataclasses import replace

from maild.domain.message import Authentication, Mail
from maild.domain.ruling import read_ruling
from maild.domain.thanks import only_thanks
from maild.workflow.asked import help_letter
from maild.workflow.desk import Desk
from maild.workflow.plan import Plan
from maild.workflow.recognise import Lead
from maild.workflow.suspect import why_suspect

_MOST = 60
"""So many entries a list of ours has at most."""


def answers_without_case(desk: Desk) -> bool:
    """Whether this is nothing but thanks or an order, below a letter that its writer got from us and that has no case.

    Anything else that somebody writes there is feedback, however they began the mail.
    """
    known = desk.recognition
    if known.person is None or known.lead is not Lead.NONE or known.authentication is Authentication.FAILED:
        return False
    return _is_below_ours(desk) and (only_thanks(desk.mail.fresh_text) or _is_order(desk))


def helped(desk: Desk) -> Plan:
    """The commands, once a mail; nothing in answer to thanks."""
    person = desk.recognition.person
    if person is None or not _is_order(desk):
        return Plan(disposition="asked", reason="thanks below a letter of no case")
    ids = (*desk.mail.references, desk.mail.message_id)
    letter = replace(help_letter(person, desk.office), in_reply_to=desk.mail.message_id, references=ids)
    return Plan(disposition="asked", reason="an order below a letter of no case", letters=(letter,))


def _is_below_ours(desk: Desk) -> bool:
    mail, person = desk.mail, desk.recognition.person
    sent = desk.facts.sent(message_id=mail.in_reply_to) if mail.in_reply_to else None
    return sent is not None and not sent.number and person is not None and sent.recipient in person.addresses


def _is_order(desk: Desk) -> bool:
    return why_suspect(desk.mail, desk.recognition, desk.office) == "bare-command" or _rules(desk.mail)


def _rules(mail: Mail) -> bool:
    """Whether it reads as a word on a list of proposals: 全部同意, 1、3 同意."""
    return read_ruling(mail.fresh_text, range(1, _MOST + 1)) is not None
