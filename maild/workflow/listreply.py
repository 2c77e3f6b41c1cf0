"""Replies to letters about many mails or cases, which carry a key of their own (casework 1 and 5)."""

from dataclasses import replace

from maild.domain.command import Answers, Decision, Understanding, line_of
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.workflow.absent import confirmed_absence
from maild.workflow.confirming import CONFIRM_WITHIN
from maild.workflow.doing import own_words
from maild.workflow.doubtful import directory_confirmed
from maild.workflow.facts import Facts
from maild.workflow.junk import JUNK, feedback
from maild.workflow.ledgerletters import LEDGER
from maild.workflow.ledgerlist import confirmed_ledger, orders_about_ledger
from maild.workflow.listorders import SAFE, answer_to, orders_to_cases
from maild.workflow.lists import list_key, listed
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.openlines import open_rows
from maild.workflow.originals import Originals
from maild.workflow.plan import Key, Plan, Tally
from maild.workflow.publicnotice import PUBLISH, confirmed_notice, orders_about_notice
from maild.workflow.quarantine import orders_about_quarantine
from maild.workflow.reading import read, read_lines
from maild.workflow.reappeared import orders_about_reappeared
from maild.workflow.recognise import Recognition
from maild.workflow.reports.opened import opened
from maild.workflow.roundasked import VERB


def reply_to_list(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """What a reply to such a letter orders; the letter decides what it can mean."""
    if recognition.answers == LetterKind.QUARANTINE:
        return orders_about_quarantine(mail, recognition, office, facts=facts)
    if recognition.answers == LetterKind.TRIAGE_AGAIN:
        return orders_about_reappeared(mail, recognition, office, facts=facts)
    if recognition.answers == LetterKind.DOUBTFUL and (
        said_so := directory_confirmed(mail, recognition, office, facts=facts)
    ):
        return said_so
    if recognition.answers == LetterKind.CONFIRMATION and (
        done := _confirmed(mail, recognition, office, facts=facts, originals=originals)
    ):
        return done
    if recognition.answers == LetterKind.PUBLICATION:
        return orders_about_notice(mail, recognition, office, facts=facts)
    if recognition.answers == LetterKind.REPORT and (shown := opened(mail, recognition, office, facts=facts)):
        return shown
    if recognition.answers == LetterKind.LEDGER:
        decided = orders_about_ledger(mail, recognition, office, facts=facts)
        return (_asked(mail, recognition, office, verb="") if decided.entries else None) or decided
    if recognition.answers == LetterKind.DIGEST and recognition.key is not None:
        junk = recognition.key.data.get(JUNK)
        found = feedback(mail, junk if isinstance(junk, list) else ())
        if found != Plan():
            return _asked(mail, recognition, office, verb="feedback") or found
    return _orders(mail, recognition, office, facts=facts, originals=originals)


def _orders(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """A question, or lines each of which names its case."""
    plans = {LetterKind.PLAN_REVIEW, LetterKind.PLAN_LIST}
    state = "planned" if recognition.answers in plans else "assigned"
    known = listed(recognition.key) if recognition.key else ()
    said = _of_the_one(mail, recognition, office) or read_lines(
        mail.fresh_text, office, by=mail.author.address, state=state, cases=known
    )
    if recognition.person and said.decision is Decision.ACT and len(said.commands) == 1:
        if said.commands[0].verb == VERB and (question := _asked(mail, recognition, office, verb=VERB)):
            return question
        answer = answer_to(said.commands[0], mail, recognition.person, office, facts=facts)
        if answer is not None:
            return answer
    orders = said.commands if said.decision is Decision.ACT else ()
    left = open_rows(said, known, office)
    if (orders or left) and all(line_of(one) for one in (*said.commands, *said.readings)):
        unsafe = next((command.verb for command in orders if command.verb not in SAFE), "")
        if unsafe and (question := _asked(mail, recognition, office, verb=unsafe)):
            return question
        return orders_to_cases(orders, mail, recognition, office, facts=facts, originals=originals, left=left)
    return _names_no_case(mail, recognition, office)


def _of_the_one(mail: Mail, recognition: Recognition, office: Office) -> Understanding | None:
    """What an answer orders that names no case, where its letter asked about one plan item alone; else None."""
    numbers = listed(recognition.key) if recognition.key else ()
    if recognition.answers != LetterKind.PLAN_REVIEW or len(numbers) != 1:
        return None
    said = read(mail.fresh_text, office, by=mail.author.address, answers=Answers.ASSIGNMENT, state="planned")
    if said.decision is not Decision.ACT or any(one.case for one in said.commands):
        return None
    return replace(said, commands=tuple(replace(one, case=numbers[0]) for one in said.commands))


def _asked(mail: Mail, recognition: Recognition, office: Office, *, verb: str) -> Plan | None:
    """Of doubtful origin: one word back by a fresh key, which knows what the list knew; None where it is believed."""
    key, person = recognition.key, recognition.person
    if recognition.authentication is not Authentication.UNKNOWN or key is None or person is None:
        return None
    expires = office.now + CONFIRM_WITHIN
    lines = [line.strip() for line in mail.fresh_text.splitlines() if line.strip()]
    data: dict[str, object] = {
        "command_line": "\n".join(lines)[:400], "what": verb,
        "expires_text": when(expires, office, person.address, person.language), "key_expires": expires,
        "key_data": {"mail": mail.sha256, "key": key.recipient, "purpose": key.purpose, "data": key.data},
    }  # fmt: skip
    letter = Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data,
                    lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id)  # fmt: skip
    return Plan(disposition="confirm-first", letters=(letter,))


def _confirmed(
    mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals
) -> Plan | None:
    """确认: what was asked back is done once; None where the reply says something else."""
    key, person = recognition.key, recognition.person
    said = read(mail.fresh_text, office, by=mail.author.address, answers=Answers.APPROVAL_REQUEST)
    if key is None or person is None or [command.verb for command in said.commands] != ["confirm"]:
        return None
    sha256 = str(key.data.get("mail", ""))
    if facts.count("confirmed", sha256 or key.number, office.now - 2 * CONFIRM_WITHIN):
        return Plan(disposition="duplicate", reason="these orders were confirmed before")
    once = Plan(tallies=(Tally(kind="confirmed", who=sha256 or key.number),))
    if LEDGER in key.data:
        return confirmed_ledger(key, mail, person, office, facts=facts) + once
    if PUBLISH in key.data:
        return confirmed_notice(key, mail, person, office, facts=facts) + once
    if not sha256:
        return confirmed_absence(key, mail, person, office, facts=facts) + once
    known = replace(recognition, authentication=Authentication.AUTHENTICATED, key=_first_key(key),
                    answers=str(key.data["purpose"]))  # fmt: skip
    return reply_to_list(originals.mail(sha256), known, office, facts=facts, originals=originals) + once


def _first_key(key: Key) -> Key:
    """The list's key under which the orders came that this one confirms."""
    data = key.data.get("data")
    return replace(key, recipient=str(key.data["key"]), purpose=str(key.data["purpose"]),
                   data=dict(data) if isinstance(data, dict) else {})  # fmt: skip


def _names_no_case(mail: Mail, recognition: Recognition, office: Office) -> Plan:
    """Nothing is done, and the writer hears how to write it, be it in answer to that."""
    person, key = recognition.person, recognition.key
    if person is None:
        return Plan(disposition="not-understood", reason="a reply to a list of cases")
    data: dict[str, object] = {"command": "", "reason": "many-cases", "detail": "", "fix": [],
                               "yours": own_words(mail, recognition)}  # fmt: skip
    numbers = listed(key) if key else ()
    letter = Letter(
        kind=LetterKind.REFUSAL, to=to_person(person), language=person.language, lane=Lane.ECHO, keyed=bool(numbers),
        data=data | (list_key(numbers, office) if numbers else {}), in_reply_to=mail.message_id,
        references=(*mail.references, mail.message_id),
    )  # fmt: skip
    return Plan(disposition="refused", reason="many-cases", letters=(letter,), command=True)
