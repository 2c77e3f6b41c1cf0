"""A manager's reply: what it orders, whether this person may, and what follows (casework 5, security.md).

Exactly one reading acts and is echoed. Several are asked back with ready-made replies, none is an inside note; what
this person may not order is refused with the reason. Sensitive orders of doubtful origin wait for a second mail.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.domain.circulation import item_of
from maild.domain.command import Answers, Command, Decision, Understanding
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication, Mail
from maild.workflow.confirming import ANSWERS, CONFIRM_WITHIN, anyway, ask_to_confirm, confirmed, widens
from maild.workflow.doing import Reply, denied, do, numbers_of, refused
from maild.workflow.facts import Facts
from maild.workflow.notes import noted, staff_letter
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan
from maild.workflow.reading import read
from maild.workflow.recognise import Recognition
from maild.workflow.twice import is_sensitive

WITHOUT_CONFIRMATION = frozenset({"note", "accept", "status", "forward", "publish"})
"""What counts with a key alone when the checks say nothing; `forward`, `publish` ask by a fresh key (security.md)."""
_OF_AN_ORDER = frozenset({"confirm", "send-anyway"})
"""Said of another order, by whose own rights they are judged."""
_ASKED_TWICE = frozenset({
    LetterKind.CONFIRMATION.value, LetterKind.FORWARD_PREVIEW.value, LetterKind.PUBLISHING.value,
    LetterKind.SEAL_PREVIEW.value,
})  # fmt: skip
"""Letters whose fresh key makes one word back enough."""
_OF_A_PREVIEW = frozenset({"release", "abstract", "shorten", "approve", "decline"})
"""Said of what would leave a sealed letter: the preview is the second mail (security.md)."""
_SHORTEST = 12
"""Characters of a text that is perhaps meant in place of the letter."""
_ABOUT_IT = re.compile(r"放行|附件|预览|摘要|release|attachment|preview|abstract", re.IGNORECASE)


def carry_out(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """Read a reply to a keyed staff mail, and do what it says."""
    case, key, person = recognition.case, recognition.key, recognition.person
    assert case is not None and key is not None and person is not None  # noqa: S101, PT018  a key holder has all three
    reply = Reply(mail=mail, case=case, key=key, person=person, recognition=recognition, office=office, facts=facts,
                  originals=originals)  # fmt: skip
    if widens(mail, key, office):
        return _widened(reply)
    answers = ANSWERS.get(LetterKind(key.purpose), Answers.NONE)
    understood = read(
        mail.fresh_text, office, by=person.address, answers=answers, state=case.state.value, own=numbers_of(reply)
    )
    if understood.decision is Decision.ACT and not _merely_heard(reply, answers, understood.commands):
        return _act(reply, understood.commands)
    if understood.decision is Decision.CHOOSE:
        return _choose(reply, understood)
    if understood.decision is Decision.REFUSE:
        first = understood.commands[0] if understood.commands else Command(verb="")
        return refused(reply, first, understood.why)
    return _in_its_place(reply) or _note(reply)


def keyless(mail: Mail, recognition: Recognition, office: Office) -> Plan:
    """A party's mail without a key: an inside note, no command; back comes a fresh key with the command ready."""
    case, person = recognition.case, recognition.person
    assert case is not None and person is not None  # noqa: S101, PT018  a party has both
    line = next((part.strip() for part in mail.fresh_text.splitlines() if part.strip()), "")[:200]
    data: dict[str, object] = {"command_line": line}
    if case.closed_at is not None and office.now - case.closed_at > office.pack.deadlines.after.staff_key:
        # Its keys open nothing any more; this one does, for as long as one word back may take.
        data["key_expires"] = office.now + CONFIRM_WITHIN
    letter = staff_letter(LetterKind.FRESH_KEY, case, person, data, mail=mail)
    return Plan(
        disposition="inside-note", number=case.number, letters=(letter,),
        happenings=(noted(case, mail, person, office),),
    )  # fmt: skip


def _widened(reply: Reply) -> Plan:
    """Whoever may accept may widen."""
    if why := denied(reply, (Command(verb="accept"),), reply.key.recipient):
        return refused(reply, *why)
    return do(reply, (Command(verb="widen"),))


def _act(reply: Reply, commands: Sequence[Command]) -> Plan:
    first, doubtful = commands[0].verb, reply.recognition.authentication is Authentication.UNKNOWN
    if first == "confirm" and (not doubtful or reply.key.purpose in _ASKED_TWICE):
        return confirmed(reply)
    if first not in _OF_AN_ORDER and (why := denied(reply, commands, reply.key.recipient)):
        return refused(reply, *why)
    certain = _OF_A_PREVIEW if reply.key.purpose == LetterKind.SEAL_PREVIEW.value else frozenset()
    if is_sensitive(commands):
        tried = do(reply, commands)
        return tried if tried.disposition == "refused" else ask_to_confirm(reply, commands)
    if doubtful and any(command.verb not in WITHOUT_CONFIRMATION | certain for command in commands):
        return ask_to_confirm(reply, commands)
    return anyway(reply) if first == "send-anyway" else do(reply, commands)


def _in_its_place(reply: Reply) -> Plan | None:
    """A text of the seal-holder's own in answer to a preview, perhaps meant in place of the letter: shown first."""
    words = reply.mail.fresh_text.strip()
    own = reply.key.purpose == LetterKind.SEAL_PREVIEW.value and len(words) >= _SHORTEST
    if not own or _ABOUT_IT.search(words):
        return None
    return do(reply, (Command(verb="own-words", text=words),))


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


def _merely_heard(reply: Reply, answers: Answers, commands: Sequence[Command]) -> bool:
    """Whether 收到 comes from somebody above: an escalation was read, and the case stays with its handler."""
    if answers is Answers.ESCALATION and reply.case.circulation:
        addresses = (reply.key.recipient, *reply.person.addresses)
        bare = all(command.verb == "received" for command in commands)
        return bare and item_of(reply.case.circulation, addresses) is None
    bare = all(command.verb == "accept" for command in commands)
    return answers is Answers.ESCALATION and bare and _is_anothers(reply)


def _is_anothers(reply: Reply) -> bool:
    """Whether the case has a handler, and the key was made for another person."""
    owner, handler = reply.office.index.person(reply.key.recipient), reply.case.handler
    return handler is not None and owner is not None and handler not in owner.addresses


def _note(reply: Reply) -> Plan:
    receives = item_of(reply.case.circulation, (reply.key.recipient, *reply.person.addresses)) is not None
    data: dict[str, object] = {"text": reply.mail.fresh_text[:500], "anothers": _is_anothers(reply),
                               "steps": list(reply.case.steps) if receives else []}  # fmt: skip
    return Plan(disposition="inside-note", number=reply.case.number,
                cases=(replace(reply.case, last_human_event=reply.office.now),),
                letters=(staff_letter(LetterKind.UNREAD_COMMAND, reply.case, reply.person, data, mail=reply.mail),),
                happenings=(noted(reply.case, reply.mail, reply.person, reply.office),))  # fmt: skip
