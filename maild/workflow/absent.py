"""`away` 外出 / 出差 / 休假: an absence and who stands in, registered by mail and used by routing (casework 5)."""

from datetime import date, timedelta

from maild.domain.absences import Away, read_absences, with_absence, written
from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Key, Plan
from maild.workflow.recognise import Recognition

ABSENCES = "absences"
"""The kept text that holds them."""
_CONFIRM_WITHIN = timedelta(hours=24)


@value
class Registered:
    """An absence that can be kept, or why it cannot."""

    plan: Plan
    refusal: str = ""
    delegate: str = ""
    """The name of who stands in; "" where nobody does."""


def begun(command: Command, mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """A mail that registers an absence without a key: kept where it is authenticated, else asked back once."""
    person = recognition.person
    assert person is not None  # noqa: S101  only a colleague is away
    if recognition.authentication is Authentication.AUTHENTICATED:
        return kept(command, mail, person, office, facts=facts)
    expires = office.now + _CONFIRM_WITHIN
    line = next((part.strip() for part in mail.fresh_text.splitlines() if part.strip()), mail.subject)[:200]
    data: dict[str, object] = {
        "command_line": line, "what": "away", "expires_text": when(expires, office, person.address, person.language),
        "key_data": {"date": command.date or "", "until": command.until or "", "person": command.person or ""},
        "key_expires": expires,
    }  # fmt: skip
    letter = Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data,
                    lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id)  # fmt: skip
    return Plan(disposition="confirm-first", letters=(letter,))


def confirmed_absence(key: Key, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """确认 in answer to that question."""
    owner = office.index.person(key.recipient) or person
    first, last, stand_in = (str(key.data.get(name, "")) or None for name in ("date", "until", "person"))
    return kept(Command(verb="away", date=first, until=last, person=stand_in), mail, owner, office, facts=facts)


def kept(command: Command, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """The absence kept, or refused, and its writer told."""
    done = registered(command, person, office, facts)
    said: dict[str, object] = {"verb": "away", "person_name": done.delegate, "visible_to": "inside",
                               "more": [] if done.delegate else ["no-delegate"]}  # fmt: skip
    no: dict[str, object] = {"command": "away", "reason": done.refusal}
    kind, data = (LetterKind.REFUSAL, no) if done.refusal else (LetterKind.ECHO, {"done": [said]})
    letter = Letter(kind=kind, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
                    in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))  # fmt: skip
    return Plan(disposition="refused" if done.refusal else "command", letters=(letter,), command=True) + done.plan


def registered(command: Command, person: Person, office: Office, facts: Facts) -> Registered:
    """The absence of a command, kept with the others."""
    today = office.now.astimezone(office.zone).date()
    if not command.date:
        return Registered(plan=Plan(), refusal="missing-date")
    start = date.fromisoformat(command.date)
    end = date.fromisoformat(command.until) if command.until else start
    if end < max(start, today):
        return Registered(plan=Plan(), refusal="past-date")
    named = office.index.person(command.person) if command.person else office.index.person(person.delegate)
    if named == person:
        return Registered(plan=Plan(), refusal="own-delegate")
    new = Away(person=person.address, start=start, end=end, delegate=named.address if named else None)
    kept = with_absence(read_absences(facts.kept_text(ABSENCES)), new, today)
    return Registered(plan=Plan(texts=((ABSENCES, written(kept)),)), delegate=named.name if named else "")
