"""`start-round` 发起: a round of forms that its owner or the office starts by mail, before its time (casework 7).

Like `circulate` it may begin a conversation: it counts where the mail is authenticated, else it is asked back once at
the directory's address (security.md).
"""

from datetime import timedelta

from maild.domain.closing import without_closing
from maild.domain.command import Answers, Command, Decision
from maild.domain.directory import Person
from maild.domain.formlist import person_named
from maild.domain.formround import Entry
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.permission import NOT_YOURS, is_management
from maild.domain.roundname import round_meant, rounds_near
from maild.domain.value import value
from maild.workflow.desk import Desk
from maild.workflow.facts import Facts
from maild.workflow.formrounds import started_now
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Tally
from maild.workflow.reading import read

VERB = "start-round"
_ASKED = "round-asked"
_LONGEST, _LIVES = 80, timedelta(hours=24)


@value
class Started:
    """A round that goes out, or why none does."""

    plan: Plan
    refusal: str = ""
    detail: str = ""
    echo: dict[str, object] | None = None


def start(words: str, person: Person, office: Office, facts: Facts) -> Started:
    """The round that these words name, started for this person."""
    entry = round_meant(words, office.pack.rounds)
    if why := _why_not(entry, person, office, facts):
        names = (one.name.in_language(person.language) for one in rounds_near(words, office.pack.rounds))
        return Started(plan=Plan(), refusal=why, detail="、".join(names) if entry is None else "")
    assert entry is not None  # noqa: S101  without one there was a reason
    plan = started_now(entry, office, facts)
    case = next(iter(plan.cases), None)
    if case is None or case.round is None:
        return Started(plan=Plan(), refusal="round-nobody")
    due = when(case.round.due, office, person.address, person.language, case=case)
    said: dict[str, object] = {
        "verb": VERB, "number": case.number, "text": entry.name.in_language(person.language), "due_text": due,
        "visible_to": "inside",
    }  # fmt: skip
    return Started(plan=plan, echo=said)


def answered_start(command: Command, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """The same where no case is at hand: what was done, or why not, to who asked."""
    done = start(command.text, person, office, facts)
    no: dict[str, object] = {"command": VERB, "reason": done.refusal, "detail": done.detail}
    kind, data = (LetterKind.ECHO, {"done": [done.echo]}) if done.echo else (LetterKind.REFUSAL, no)
    letter = Letter(kind=kind, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
                    in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))  # fmt: skip
    return Plan(disposition="command" if done.echo else "refused", letters=(letter,), command=True) + done.plan


def begins_round(desk: Desk) -> bool:
    """Whether a colleague's mail without a key is nothing but that order."""
    known = desk.recognition
    if known.person is None or known.key is not None or known.display_name_lies:
        return False
    return known.authentication is not Authentication.FAILED and _order(desk) is not None


def round_begun(desk: Desk) -> Plan:
    """Started where the mail is authenticated; else asked back once at the directory's address."""
    person, office, mail, command = desk.recognition.person, desk.office, desk.mail, _order(desk)
    assert person is not None and command is not None  # noqa: S101, PT018  the row applies only then
    entry = round_meant(command.text, office.pack.rounds)
    sure = desk.recognition.authentication is Authentication.AUTHENTICATED
    if sure or entry is None or _why_not(entry, person, office, desk.facts):
        return answered_start(command, mail, person, office, facts=desk.facts)
    expires = office.now + _LIVES
    data: dict[str, object] = {
        "command_line": (mail.fresh_text.strip() or mail.subject)[:200], "what": VERB, "key_expires": expires,
        "expires_text": when(expires, office, person.address, person.language),
        "key_data": {_ASKED: entry.id, "mail": mail.sha256},
    }  # fmt: skip
    letter = Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data,
                    lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id)  # fmt: skip
    return Plan(disposition="confirm-first", letters=(letter,))


def confirmed_start(desk: Desk) -> Plan | None:
    """确认 in answer to that question starts it, once; None where the reply is something else."""
    key, office = desk.recognition.key, desk.office
    ident = str(key.data.get(_ASKED, "")) if key else ""
    person = office.index.person(key.recipient) if key else None
    if key is None or person is None or not ident or key.purpose != LetterKind.CONFIRMATION.value:
        return None
    said = read(desk.mail.fresh_text, office, by=desk.mail.author.address, answers=Answers.APPROVAL_REQUEST)
    if [command.verb for command in said.commands] != ["confirm"]:
        return None
    once = str(key.data.get("mail", ""))
    if desk.facts.count("confirmed", once, office.now - 2 * _LIVES):
        return Plan(disposition="duplicate", reason="this round was started before")
    command = Command(verb=VERB, text=ident)
    done = answered_start(command, desk.mail, person, office, facts=desk.facts)
    return done + Plan(tallies=(Tally(kind="confirmed", who=once),))


def _order(desk: Desk) -> Command | None:
    mail, office = desk.mail, desk.office
    text = without_closing(mail.fresh_text.strip(), office.index, spared=1)
    if len("".join(text.split())) > _LONGEST:
        return None
    said = read(text, office, by=mail.author.address, answers=Answers.NONE, subject=mail.subject)
    one = said.commands[0] if said.decision is Decision.ACT and len(said.commands) == 1 else None
    return one if one is not None and one.verb == VERB else None


def _why_not(entry: Entry | None, person: Person, office: Office, facts: Facts) -> str:
    if entry is None:
        return "unknown-round"
    if not _may_start(entry, person, office):
        return NOT_YOURS
    open_now = (case.round for case in facts.open_cases(office.box.address, 5000) if case.round)
    runs = any(one.entry.id == entry.id and one.stage == "collecting" for one in open_now)
    return "round-runs" if runs else ""


def _may_start(entry: Entry, person: Person, office: Office) -> bool:
    """The owner whom the pack names, everybody of an owning unit or role, who stands in, the office, management."""
    index, today = office.index, office.now.astimezone(office.zone).date()
    owner = person_named(entry.owner, index)
    own = {one.address for one in (owner, owner and index.present(owner.address, today)) if one}
    unit = index.unit(entry.owner)
    own |= {one.address for one in (*(index.members(unit.id) if unit else ()), *index.with_role(entry.owner))}
    return person.address in own or person == office.coordinator_person() or is_management(person)
