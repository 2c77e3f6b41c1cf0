"""What waits for one more word: orders of doubtful origin, and answers that say nothing (security.md, casework 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Event
from maild.domain.closing import without_closing
from maild.domain.command import Answers, Command, Decision
from maild.domain.letter import LetterKind
from maild.domain.message import Mail
from maild.workflow.doing import Reply, denied, do, numbers_of, refused
from maild.workflow.localtime import when
from maild.workflow.notes import staff_letter
from maild.workflow.office import Office
from maild.workflow.onbehalf import requester_confirmed
from maild.workflow.plan import Happening, Key, Plan, Tally
from maild.workflow.reading import read
from maild.workflow.twice import asked_of, is_sensitive, unquoting

ANSWERS = {
    LetterKind.ASSIGNMENT: Answers.ASSIGNMENT,
    LetterKind.CIRCULATION: Answers.CIRCULATION,
    LetterKind.CIRCULATED: Answers.ASSIGNMENT,
    LetterKind.FORM: Answers.CIRCULATION,
    LetterKind.FORM_RETURNED: Answers.CIRCULATION,
    LetterKind.ROUND: Answers.ASSIGNMENT,
    LetterKind.ROUND_RESULT: Answers.NOTICE,
    LetterKind.RETEST: Answers.NOTICE,
    LetterKind.AWAY: Answers.NOTICE,
    LetterKind.ADDITION: Answers.ASSIGNMENT,
    LetterKind.ALARM: Answers.ASSIGNMENT,
    LetterKind.BY_HAND: Answers.ASSIGNMENT,
    LetterKind.REOPENED: Answers.REOPENED,
    LetterKind.AGAIN: Answers.REOPENED,
    LetterKind.NOTICE: Answers.NOTICE,
    LetterKind.SEALED: Answers.ASSIGNMENT,
    LetterKind.HOLD_TOLD: Answers.NOTICE,
    LetterKind.REMINDER: Answers.REMINDER,
    LetterKind.WAITED: Answers.REMINDER,
    LetterKind.ESCALATION: Answers.ESCALATION,
    LetterKind.PROGRESS: Answers.ESCALATION,
    LetterKind.ECHO: Answers.ECHO,
    LetterKind.REFUSAL: Answers.ECHO,
    LetterKind.UNREAD_COMMAND: Answers.ECHO,
    LetterKind.CHOICES: Answers.ECHO,
    LetterKind.FRESH_KEY: Answers.ECHO,
    LetterKind.BOUNCE: Answers.BOUNCE_NOTICE,
    LetterKind.CONFIRMATION: Answers.APPROVAL_REQUEST,
    LetterKind.WITHDRAWAL: Answers.APPROVAL_REQUEST,
    LetterKind.INSTRUCTION: Answers.ASSIGNMENT,
    LetterKind.EXTENSION_DECIDED: Answers.REMINDER,
    LetterKind.EXTENSION: Answers.EXTENSION_REQUEST,
    LetterKind.HAND_UP: Answers.HAND_UP,
    LetterKind.RECORDED: Answers.APPROVAL_REQUEST,
    LetterKind.TYPE_PROPOSAL: Answers.APPROVAL_REQUEST,
    LetterKind.TYPE_DECLINED: Answers.REMINDER,
    LetterKind.GATHERED: Answers.ASSIGNMENT,
    LetterKind.SPLIT: Answers.ASSIGNMENT,
    LetterKind.PROPOSAL: Answers.APPROVAL_REQUEST,
    LetterKind.PROPOSAL_DECLINED: Answers.REMINDER,
    LetterKind.PUBLISHING: Answers.APPROVAL_REQUEST,
    LetterKind.FORWARD_PREVIEW: Answers.APPROVAL_REQUEST,
    LetterKind.SEAL_PREVIEW: Answers.APPROVAL_REQUEST,
    LetterKind.SEAL_LAPSED: Answers.NOTICE,
    LetterKind.EXPERT_REPLY: Answers.ASSIGNMENT,
    LetterKind.SHEET: Answers.NOTICE,
}
"""What a reply to each kind of letter answers, as the reading of replies says it."""
CONFIRM_WITHIN = timedelta(hours=24)


def ask_to_confirm(reply: Reply, commands: Sequence[Command]) -> Plan:
    """One word back by a fresh key, sent to the directory's address; it lasts 24 hours (security.md)."""
    expires = reply.office.now + CONFIRM_WITHIN
    data: dict[str, object] = {
        **asked_of(reply, commands),
        "expires_text": when(expires, reply.office, reply.person.address, reply.person.language),
        "key_data": {"mail": reply.mail.sha256, "key": reply.key.recipient, "purpose": reply.key.purpose,
                     "serial": reply.key.serial, "data": reply.key.data, "own": is_sensitive(commands)},
        "key_expires": expires,
    }  # fmt: skip
    letter = staff_letter(LetterKind.CONFIRMATION, reply.case, reply.person, data, mail=reply.mail)
    letter = unquoting(letter, commands)
    event = Event(kind="confirmation-asked", at=reply.office.now, actor="maild", data={"mail": reply.mail.sha256})
    return Plan(disposition="confirm-first", number=reply.case.number, letters=(letter,),
                happenings=(Happening(number=reply.case.number, event=event),))  # fmt: skip


def confirmed(reply: Reply) -> Plan:
    """Do what was waiting for this confirmation; the key works once."""
    if reply.key.purpose == LetterKind.RECORDED.value:
        return _requester(reply)
    if reply.key.purpose in _SENDS:
        return _shown(reply, *_SENDS[reply.key.purpose])
    sha256 = str(reply.key.data.get("mail", ""))
    if not sha256 or reply.facts.count("confirmed", sha256, reply.office.now - 2 * CONFIRM_WITHIN):
        return refused(reply, Command(verb="confirm"), "expired-key")
    once = Plan(tallies=(Tally(kind="confirmed", who=sha256, number=reply.case.number),))
    if reply.key.recipient not in reply.person.addresses and reply.key.data.get("own"):
        return refused(reply, Command(verb="confirm"), "not-yours")
    return _as_asked(replace(reply, mail=reply.originals.mail(sha256), key=_first_key(reply.key))) + once


def _first_key(key: Key) -> Key:
    """The key under which the order came that this one confirms."""
    said = key.data
    data = said.get("data")
    return replace(key, recipient=str(said["key"]), purpose=str(said["purpose"]), serial=int(str(said["serial"])),
                   data=dict(data) if isinstance(data, Mapping) else {})  # fmt: skip


def _as_asked(reply: Reply) -> Plan:
    """What the first mail ordered, now that its person has said so twice."""
    answers = ANSWERS.get(LetterKind(reply.key.purpose), Answers.NONE)
    understood = read(
        reply.mail.fresh_text,
        reply.office,
        by=reply.person.address,
        answers=answers,
        state=reply.case.state.value,
        own=numbers_of(reply),
    )
    commands = understood.commands
    if understood.decision is not Decision.ACT:
        return refused(reply, Command(verb="confirm"), understood.why or "wrong-state")
    if commands[0].verb == "confirm":
        return _requester(reply)
    if commands[0].verb == "send-anyway":
        return anyway(reply)
    if why := denied(reply, commands, reply.key.recipient):
        return refused(reply, *why)
    return do(reply, commands)


_SENDS = {
    LetterKind.FORWARD_PREVIEW.value: ("forward", "send-forward"),
    LetterKind.SEAL_PREVIEW.value: ("release", "release"),
    LetterKind.PUBLISHING.value: ("approve", "send-publication"),
}  # fmt: skip
"""By the kind of a preview whose right 确认 asks for, and what it does."""


def _shown(reply: Reply, right: str, deed: str) -> Plan:
    """确认 in answer to the preview of what would leave: for an expert, of a sealed letter, for everybody."""
    if why := denied(reply, (Command(verb=right),), reply.key.recipient):
        return refused(reply, *why)
    return do(reply, (Command(verb=deed),))


def widens(mail: Mail, key: Key, office: Office) -> bool:
    """Whether this answers 确认 / confirm to the question whether an alarm shall be widened."""
    if key.purpose != LetterKind.ALARM.value:
        return False
    said = read(mail.fresh_text, office, by=key.recipient, answers=Answers.APPROVAL_REQUEST)
    return said.decision is Decision.ACT and said.commands[0].verb in {"confirm", "approve"}


def _requester(reply: Reply) -> Plan:
    """确认 in answer to "requester: 孙秀兰 <…>, right?"."""
    case, address = reply.case, str(reply.key.data.get("requester", ""))
    if not case.requester.unconfirmed or case.requester.address != address:
        return refused(reply, Command(verb="confirm"), "used-key")
    plan = requester_confirmed(case, reply.person, reply.office, address=address, mail=reply.mail.sha256)
    echo: dict[str, object] = {"done": [{"verb": "confirm", "visible_to": "requester"}]}
    return plan + Plan(letters=(staff_letter(LetterKind.ECHO, case, reply.person, echo, mail=reply.mail),))


def anyway(reply: Reply) -> Plan:
    """仍然发送: the answer that was refused as empty, or was stopped by the requester's next mail, leaves as it is."""
    waiting = reply.key.data.get("anyway")
    known = waiting if isinstance(waiting, Mapping) else {}
    sha256 = str(known.get("mail", ""))
    used = f"{sha256} {known.get('round', '')}"
    if not sha256 or reply.facts.count("sent-anyway", used, reply.office.now - 30 * CONFIRM_WITHIN):
        return refused(reply, Command(verb="send-anyway"), "expired-key" if not sha256 else "used-key")
    first = reply.originals.mail(sha256)
    answers = ANSWERS.get(LetterKind(str(known["purpose"])), Answers.NONE)
    understood = read(
        first.fresh_text,
        reply.office,
        by=reply.person.address,
        answers=answers,
        state=reply.case.state.value,
        own=numbers_of(reply),
    )
    commands = understood.commands
    if understood.decision is not Decision.ACT:
        words = without_closing(first.fresh_text, reply.office.index)
        commands = (Command(verb="reply", text=words.strip()),)
    if why := denied(reply, commands, str(known["key"])):
        return refused(reply, *why)
    return do(replace(reply, mail=first), commands, anyway=True) + Plan(
        tallies=(Tally(kind="sent-anyway", who=used, number=reply.case.number),)
    )
