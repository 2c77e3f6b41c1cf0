"""`record` 记录 / 会议纪要 / 走访记录 that begins a conversation: a minute, visit, talk or call is filed (casework 5).

With the case whose number it names and its writer may know; else by itself, under a number of its own, to be found by
its words. What reads as an emergency, or accuses somebody of what few may know, is a letter like any other.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, State
from maild.domain.command import Answers, Command, Decision
from maild.domain.conflict import excluded
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.policy import UNCLASSIFIED
from maild.domain.receivers import receivers_in
from maild.domain.replykey import find_case_numbers
from maild.workflow.desk import Desk
from maild.workflow.doing import Reply, denied, do
from maild.workflow.filedrecords import RECORD, kept_as
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.parties import is_party
from maild.workflow.plan import Key, Plan, Tally
from maild.workflow.reading import read
from maild.workflow.recognise import Lead
from maild.workflow.sight import Sight, sight
from maild.workflow.triage import writing_of

_BEGINS = re.compile(r"\s*(?:记录|記錄|record\b)", re.IGNORECASE)
_SHOWN, _MOST, _LIVES = 4000, 5, timedelta(hours=24)


def begins_record(desk: Desk) -> bool:
    """Whether a colleague's mail without a key files a record."""
    recognition = desk.recognition
    if recognition.person is None or recognition.key is not None or recognition.display_name_lies:
        return False
    if recognition.lead is Lead.REFERENCE or not _records(desk.mail, desk.office):
        return False
    text, index = desk.mail.fresh_text or desk.mail.text, desk.office.index
    if receivers_in(text, index, apart=(), coordinator=desk.office.pack.coordinator):
        return False
    writing = writing_of(desk.mail)
    verdict = desk.triage(writing, desk.office)
    accuses = verdict.confidential and bool(desk.triage.blamed(writing, desk.office))
    return not (accuses or verdict.crisis or verdict.urgency == "critical")


def record_begun(desk: Desk) -> Plan:
    """Filed where the mail is authenticated; else asked back once at the directory's address."""
    if desk.recognition.authentication is Authentication.AUTHENTICATED:
        return filed(desk.mail, desk)
    person, office, mail = desk.recognition.person, desk.office, desk.mail
    assert person is not None  # noqa: S101  only a colleague files records
    expires = office.now + _LIVES
    data: dict[str, object] = {
        "command_line": (mail.subject or mail.fresh_text)[:200], "what": "record", "key_expires": expires,
        "expires_text": when(expires, office, person.address, person.language),
        "key_data": {"record": mail.sha256},
    }  # fmt: skip
    letter = Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data,
                    lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id)  # fmt: skip
    return Plan(disposition="confirm-first", letters=(letter,))


def filed(mail: Mail, desk: Desk) -> Plan:
    """The record with each case that it names, or by itself."""
    person, commands = desk.recognition.person, _records(mail, desk.office)
    assert person is not None  # noqa: S101  only a colleague files records
    named = find_case_numbers(mail.subject) + find_case_numbers(mail.fresh_text[:_SHOWN])
    cases = [case for one in dict.fromkeys(named) if (case := _known(one, person, desk))]
    plan = Plan()
    for case in cases[:_MOST]:
        plan += _with_case(mail, case, person, commands, desk=desk)
    return plan if cases else _by_itself(mail, person, commands, desk=desk)


def confirmed_record(desk: Desk) -> Plan | None:
    """确认 in answer to that question files it, once; None where the reply is something else."""
    key, recognition, office = desk.recognition.key, desk.recognition, desk.office
    sha256 = str(key.data.get("record", "")) if key else ""
    if key is None or not sha256 or key.purpose != LetterKind.CONFIRMATION.value:
        return None
    said = read(desk.mail.fresh_text, office, by=desk.mail.author.address, answers=Answers.APPROVAL_REQUEST)
    if [command.verb for command in said.commands] != ["confirm"]:
        return None
    if desk.facts.count("confirmed", sha256, office.now - 2 * _LIVES):
        return Plan(disposition="duplicate", reason="this record was filed before")
    own = replace(desk, recognition=replace(recognition, person=office.index.person(key.recipient)))
    return filed(desk.originals.mail(sha256), own) + Plan(tallies=(Tally(kind="confirmed", who=sha256),))


def _records(mail: Mail, office: Office) -> tuple[Command, ...]:
    said = read(mail.fresh_text, office, by=mail.author.address, answers=Answers.NONE, subject=mail.subject)
    fits = said.decision is Decision.ACT and {one.verb for one in said.commands} <= {"record", "told"}
    said_so = any(one.verb == "record" for one in said.commands) or mail.fresh_text.lstrip().startswith(
        ("记录", "記錄")
    )
    return said.commands if fits and said_so else ()


def _known(number: str, person: Person, desk: Desk) -> Case | None:
    """The case of this number, where the writer is a party to it or of its unit; to others it is as none."""
    case = desk.facts.case(number)
    if case is None or case.state is State.MERGED or sight(case, person, desk.office) <= Sight.EXISTS:
        return None
    works = case.unit is not None and person in desk.office.index.members(case.unit)
    return case if works or is_party(case, person, desk.office) else None


def _with_case(mail: Mail, case: Case, person: Person, commands: Sequence[Command], *, desk: Desk) -> Plan:
    """An event of the case; 已电话告知 by who handles it is the answer. Only a party gets a key with the echo."""
    key = Key(number=case.number, recipient=person.address, purpose=LetterKind.ECHO.value, role="staff")
    reply = Reply(mail=mail, case=case, key=key, person=person, recognition=desk.recognition, office=desk.office,
                  facts=desk.facts, originals=desk.originals)  # fmt: skip
    text = _text(mail, commands)
    told = next((one for one in commands if one.verb == "told"), None)
    order = told if told and not denied(reply, (told,), person.address) else Command(verb="record", text=text)
    plan = do(reply, (order,))
    if is_party(case, person, desk.office):
        return plan
    return replace(plan, letters=tuple(replace(x, keyed=False) if x.to.address in person.addresses else x
                                       for x in plan.letters))  # fmt: skip


def _by_itself(mail: Mail, person: Person, commands: Sequence[Command], *, desk: Desk) -> Plan:
    office, text = desk.office, _text(mail, commands)
    if not text and not mail.attachments:
        no: dict[str, object] = {"command": "record", "reason": "missing-text"}
        return Plan(disposition="refused", letters=(_answer(LetterKind.REFUSAL, no, mail, person),))
    number = desk.facts.new_number(RECORD, office.now.astimezone(office.zone).year)
    blamed = desk.triage.blamed(writing_of(mail), office)
    out = excluded(office.index, kind=UNCLASSIFIED, names=blamed, writer=person.address).excluded
    kept = {"by": person.address, "at": office.now.isoformat(), "subject": mail.topic[:200], "text": text[:_SHOWN],
            "mail": mail.sha256, "excluded": [one for one in out if one not in person.addresses]}  # fmt: skip
    done: dict[str, object] = {"verb": "record-filed", "number": number, "text": text[:_SHOWN], "visible_to": "inside"}
    return Plan(
        disposition="recorded", number=number, command=True,
        texts=((kept_as(number), json.dumps(kept, ensure_ascii=False)),),
        letters=(_answer(LetterKind.ECHO, {"done": [done]}, mail, person),),
    )  # fmt: skip


def _text(mail: Mail, commands: Sequence[Command]) -> str:
    """The words of the record; where the commands hold none, the mail's."""
    words = max((one.text.strip() for one in commands), key=len, default="")
    return words or mail.fresh_text.strip()


def _answer(kind: LetterKind, data: dict[str, object], mail: Mail, person: Person) -> Letter:
    return Letter(kind=kind, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
                  in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))  # fmt: skip
