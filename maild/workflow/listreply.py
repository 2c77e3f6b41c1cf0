"""Replies to letters about many mails or cases, which carry a key of their own (casework 1 and 5)."""

from maild.domain.command import Decision
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.workflow.absent import confirmed_absence
from maild.workflow.facts import Facts
from maild.workflow.junk import JUNK, feedback
from maild.workflow.listorders import answer_to, orders_to_cases
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan
from maild.workflow.quarantine import orders_about_quarantine
from maild.workflow.reading import read_lines
from maild.workflow.reappeared import orders_about_reappeared
from maild.workflow.recognise import Recognition


def reply_to_list(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """What a reply to such a letter orders; the letter decides what it can mean."""
    if recognition.answers == LetterKind.QUARANTINE:
        return orders_about_quarantine(mail, recognition, office, facts=facts)
    if recognition.answers == LetterKind.TRIAGE_AGAIN:
        return orders_about_reappeared(mail, recognition, office, facts=facts)
    if recognition.answers == LetterKind.DIGEST and recognition.key is not None:
        junk = recognition.key.data.get(JUNK)
        found = feedback(mail, junk if isinstance(junk, list) else ())
        if found != Plan():
            return found
    if recognition.answers == LetterKind.CONFIRMATION and (
        done := confirmed_absence(mail, recognition, office, facts=facts)
    ):
        return done
    said = read_lines(mail.fresh_text, office, by=mail.author.address)
    if recognition.person and said.decision is Decision.ACT and len(said.commands) == 1:
        answer = answer_to(said.commands[0], mail, recognition.person, office, facts=facts)
        if answer is not None:
            return answer
    if said.decision is Decision.ACT:
        done = orders_to_cases(said.commands, mail, recognition, office, facts=facts, originals=originals)
        if done is not None:
            return done
    return _names_no_case(mail, recognition)


def _names_no_case(mail: Mail, recognition: Recognition) -> Plan:
    """Nothing is done, and the writer hears where to write instead."""
    person = recognition.person
    if person is None:
        return Plan(disposition="not-understood", reason="a reply to a list of cases")
    data: dict[str, object] = {"command": mail.fresh_text[:200], "reason": "many-cases", "detail": "", "fix": []}
    letter = Letter(
        kind=LetterKind.REFUSAL, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
        in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
    return Plan(disposition="refused", reason="many-cases", letters=(letter,), command=True)
