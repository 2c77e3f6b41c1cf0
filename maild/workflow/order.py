"""A manager's reply: what it orders, whether this person may, and what follows (casework 5, security.md).

Exactly one reading acts and is echoed. Several are asked back with ready-made replies, none is an inside note; what
this person may not order is refused with the reason. Sensitive orders of doubtful origin wait for a second mail.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Event
from maild.domain.command import Answers, Command, Decision, Understanding
from maild.domain.directory import Person
from maild.domain.grammar import understand
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.permission import may
from maild.domain.value import value
from maild.domain.wording import date_text
from maild.workflow.deeds.table import carried_out
from maild.workflow.facts import Facts
from maild.workflow.notes import noted, staff_letter
from maild.workflow.office import Office
from maild.workflow.ordering import Order, clocks_after, numbered, to_be_kept
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Key, Plan, Tally
from maild.workflow.recognise import Recognition

ANSWERS = {
    LetterKind.ASSIGNMENT: Answers.ASSIGNMENT, LetterKind.ADDITION: Answers.ASSIGNMENT,
    LetterKind.BY_HAND: Answers.ASSIGNMENT,
    LetterKind.REOPENED: Answers.REOPENED, LetterKind.NOTICE: Answers.NOTICE, LetterKind.REMINDER: Answers.REMINDER,
    LetterKind.ESCALATION: Answers.ESCALATION,
    LetterKind.PROGRESS: Answers.ESCALATION, LetterKind.ECHO: Answers.ECHO, LetterKind.REFUSAL: Answers.ECHO,
    LetterKind.UNREAD_COMMAND: Answers.ECHO, LetterKind.CHOICES: Answers.ECHO, LetterKind.FRESH_KEY: Answers.ECHO,
    LetterKind.BOUNCE: Answers.BOUNCE_NOTICE, LetterKind.CONFIRMATION: Answers.APPROVAL_REQUEST,
}  # fmt: skip
WITHOUT_CONFIRMATION = frozenset({"note", "accept", "status", "confirm"})
"""What counts with a key alone when the checks say nothing (security.md)."""
CONFIRM_WITHIN = timedelta(hours=24)


@value
class Reply:
    """One staff reply and everything its reading may look at."""

    mail: Mail
    case: Case
    key: Key
    person: Person
    recognition: Recognition
    office: Office
    facts: Facts
    originals: Originals


def carry_out(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """Read a reply to a keyed staff mail, and do what it says."""
    case, key, person = recognition.case, recognition.key, recognition.person
    assert case is not None and key is not None and person is not None  # noqa: S101, PT018  a key holder has all three
    reply = Reply(mail=mail, case=case, key=key, person=person, recognition=recognition, office=office, facts=facts,
                  originals=originals)  # fmt: skip
    understood = understand(
        mail.fresh_text, answers=ANSWERS.get(LetterKind(key.purpose), Answers.NONE), names=office.index,
        state=case.state.value,
        now=office.now.astimezone(office.zone),
    )  # fmt: skip
    if understood.decision is Decision.ACT:
        return _act(reply, understood.commands)
    if understood.decision is Decision.CHOOSE:
        return _choose(reply, understood)
    if understood.decision is Decision.REFUSE:
        first = understood.commands[0] if understood.commands else Command(verb="")
        return refused(reply, first, understood.why)
    return _note(reply)


def keyless(mail: Mail, recognition: Recognition, office: Office) -> Plan:
    """A party's mail without a key: an inside note, no command; back comes a fresh key with the command ready."""
    case, person = recognition.case, recognition.person
    assert case is not None and person is not None  # noqa: S101, PT018  a party has both
    line = next((part.strip() for part in mail.fresh_text.splitlines() if part.strip()), "")[:200]
    letter = staff_letter(LetterKind.FRESH_KEY, case, person, {"command_line": line}, mail=mail)
    return Plan(
        disposition="inside-note", number=case.number, letters=(letter,),
        happenings=(noted(case, mail, person, office),),
    )  # fmt: skip


def refused(reply: Reply, command: Command, why: str, *, detail: str = "") -> Plan:
    """Tell the writer why an order is not carried out; nothing changes."""
    data: dict[str, object] = {"command": command.verb, "reason": why, "detail": detail, "fix": []}
    event = Event(kind="refused", at=reply.office.now, actor=reply.person.address, human=True,
                  data={"command": command.verb, "why": why, "mail": reply.mail.sha256})  # fmt: skip
    return Plan(
        disposition="refused", number=reply.case.number, reason=why, command=True,
        letters=(staff_letter(LetterKind.REFUSAL, reply.case, reply.person, data, mail=reply.mail),),
        happenings=(Happening(number=reply.case.number, event=event),),
    )  # fmt: skip


def _act(reply: Reply, commands: Sequence[Command]) -> Plan:
    if commands[0].verb == "confirm":
        return _confirmed(reply)
    if denied := _denied(reply, commands, reply.key.recipient):
        return refused(reply, *denied)
    doubtful = reply.recognition.authentication is Authentication.UNKNOWN
    if doubtful and any(command.verb not in WITHOUT_CONFIRMATION for command in commands):
        return _ask_to_confirm(reply, commands)
    return do(reply, commands)


def _denied(reply: Reply, commands: Sequence[Command], acting_for: str) -> tuple[Command, str] | None:
    """The first order that this person may not give, and why."""
    coordinator = reply.office.coordinator(reply.case)
    for command in commands:
        why = may(command, actor=reply.person, case=reply.case, index=reply.office.index, coordinator=coordinator,
                  acting_for=acting_for)  # fmt: skip
        if why:
            return command, why
    return None


def do(reply: Reply, commands: Sequence[Command]) -> Plan:
    """Carry out orders that may be: all of them, or none where one is refused; with one echo."""
    plan, done, case = Plan(disposition="command", number=reply.case.number, command=True), [], reply.case
    running = tuple(reply.facts.clocks(case.number))
    for command in commands:
        order = Order(command=command, case=case, clocks=running, mail=reply.mail, person=reply.person,
                      office=reply.office, facts=reply.facts, originals=reply.originals)  # fmt: skip
        result = carried_out(order)
        if result.refusal:
            return refused(reply, command, result.refusal, detail=result.detail)
        changed = numbered(result.plan.clocks, plan.clocks)
        plan += replace(result.plan, clocks=changed)
        case = next((c for c in reversed(result.plan.cases) if c.number == case.number), case)
        running = clocks_after(running, [clock for clock in changed if clock.case == case.number])
        done.append(result.echo)
    echo = staff_letter(LetterKind.ECHO, case, reply.person, {"done": done}, mail=reply.mail)
    return replace(plan, clocks=to_be_kept(plan.clocks), letters=(*plan.letters, echo))


def _ask_to_confirm(reply: Reply, commands: Sequence[Command]) -> Plan:
    """One word back by a fresh key, sent to the directory's address; it lasts 24 hours (security.md)."""
    line = next((part.strip() for part in reply.mail.fresh_text.splitlines() if part.strip()), "")[:200]
    expires = reply.office.now + CONFIRM_WITHIN
    data: dict[str, object] = {
        "command_line": line, "what": commands[0].verb,
        "expires_text": date_text(expires, reply.office.zone, reply.person.language),
        "key_data": {"mail": reply.mail.sha256, "key": reply.key.recipient, "purpose": reply.key.purpose},
        "key_expires": expires,
    }  # fmt: skip
    letter = staff_letter(LetterKind.CONFIRMATION, reply.case, reply.person, data, mail=reply.mail)
    event = Event(kind="confirmation-asked", at=reply.office.now, actor="maild", data={"mail": reply.mail.sha256})
    return Plan(disposition="confirm-first", number=reply.case.number, letters=(letter,),
                happenings=(Happening(number=reply.case.number, event=event),))  # fmt: skip


def _confirmed(reply: Reply) -> Plan:
    """Do what was waiting for this confirmation; the key works once."""
    sha256 = str(reply.key.data.get("mail", ""))
    if not sha256 or reply.facts.count("confirmed", sha256, reply.office.now - 2 * CONFIRM_WITHIN):
        return refused(reply, Command(verb="confirm"), "expired-key")
    first = reply.originals.mail(sha256)
    answers = ANSWERS.get(LetterKind(str(reply.key.data["purpose"])), Answers.NONE)
    understood = understand(first.fresh_text, answers=answers, names=reply.office.index,
                            now=reply.office.now.astimezone(reply.office.zone))  # fmt: skip
    again = replace(reply, mail=first)
    if denied := _denied(reply, understood.commands, str(reply.key.data["key"])):
        return refused(reply, *denied)
    return do(again, understood.commands) + Plan(
        tallies=(Tally(kind="confirmed", who=sha256, number=reply.case.number),)
    )


def _choose(reply: Reply, understood: Understanding) -> Plan:
    """Nothing is done; the writer gets each reading as a ready-made reply."""
    data: dict[str, object] = {
        "text": reply.mail.fresh_text[:500],
        "readings": [{"verb": c.verb, "object": _object_of(c, reply.office)} for c in understood.readings],
    }
    letter = staff_letter(LetterKind.CHOICES, reply.case, reply.person, data, mail=reply.mail)
    said = noted(reply.case, reply.mail, reply.person, reply.office)
    return Plan(disposition="asked-back", number=reply.case.number, letters=(letter,), happenings=(said,))


def _object_of(command: Command, office: Office) -> str:
    """Whom or what a reading means, as it can be written back."""
    person = office.index.person(command.person)
    return command.unit or (person.name if person else "") or command.text[:60]


def _note(reply: Reply) -> Plan:
    data: dict[str, object] = {"text": reply.mail.fresh_text[:500]}
    return Plan(disposition="inside-note", number=reply.case.number,
                cases=(replace(reply.case, last_human_event=reply.office.now),),
                letters=(staff_letter(LetterKind.UNREAD_COMMAND, reply.case, reply.person, data, mail=reply.mail),),
                happenings=(noted(reply.case, reply.mail, reply.person, reply.office),))  # fmt: skip
