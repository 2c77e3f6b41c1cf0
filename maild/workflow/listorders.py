"""Replies to a list of cases, such as the digest or the answer to 状态: questions to the office (casework 5)."""

from dataclasses import replace

from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.letter import Letter
from maild.domain.message import Mail
from maild.workflow.asked import found_letter, help_letter, status_letter
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan


def answer_to(command: Command, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan | None:
    """The answer to 状态, 帮助 or 查; None where the command is none of these."""
    letter = _letter(command, person, office, facts)
    if letter is None:
        return None
    said = replace(letter, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))
    return Plan(disposition="asked", letters=(said,), command=True)


def _letter(command: Command, person: Person, office: Office, facts: Facts) -> Letter | None:
    if command.verb == "status":
        return status_letter(person, office, facts)
    if command.verb == "help":
        return help_letter(person, office)
    if command.verb == "search" and command.text.strip():
        return found_letter(command.text.strip(), person, office, facts)
    return None
