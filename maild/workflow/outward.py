"""What of a case would leave for an expert outside, and the letter that brings it there (casework 5, `forward`).

The preview and the letter are made of the same pieces. Neither names the requester; what the requester's own words
give away is pointed out in the preview, and the keys of our mails that they quote are struck out.
"""

import re
from collections.abc import Mapping, Sequence

from maild.domain.case import Case
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.replykey import without_keys
from maild.domain.value import value
from maild.mail.language import language as spoken
from maild.mail.language import letter_language
from maild.workflow.facts import Facts
from maild.workflow.filed import CaseFile
from maild.workflow.heldback import held_row
from maild.workflow.listing import listed_file
from maild.workflow.office import Office
from maild.workflow.originals import ATTACHED_BYTES, Originals
from maild.workflow.related import mails_of

REQUESTERS = frozenset({"new-case", "appended", "reopened", "answer-stopped"})
"""Mails of the case that leave; what was said inside never does."""
MOST_LETTERS = 20
_SHOWN = 20_000
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile number, or the number of an identity card."""


@value
class Outgoing:
    """What would leave: the requester's words, and the files that go along, as `Letter.attachments` names them."""

    letters: tuple[Mapping[str, object], ...]
    files: tuple[CaseFile, ...]
    left: tuple[CaseFile, ...] = ()
    """Files that do not fit into one mail."""
    held: tuple[Mapping[str, object], ...] = ()
    """Files that stay behind, as a letter names them: they hold personal data that no expert may see."""


def outgoing(case: Case, office: Office, *, facts: Facts, originals: Originals, mails: Sequence[str] = ()) -> Outgoing:
    """The requester's mails so far; with `mails` those of them alone, so that a confirmed preview leaves as shown."""
    wanted = [one.sha256 for one in mails_of(case, facts) if one.disposition in REQUESTERS]
    wanted = [one for one in wanted if not mails or one in mails][-MOST_LETTERS:]
    files = [one for one in originals.files_of(case, facts) if one.mail in wanted]
    look, whole = office.pack.masks.look(lambda name: name == "expert"), office.pack.masks.for_nobody()
    found = originals.insides.files([one.pair for one in files], whole) if look.kinds else {}
    stay = {pair: one for pair, one in found.items() if one.stays(look)}
    fits, room = [], ATTACHED_BYTES
    for one in files:
        if one.pair not in stay and one.file.size <= room:
            fits.append(one)
            room -= one.file.size
    letters = tuple(_told(originals.mail(sha256), office) for sha256 in wanted)
    held = tuple(held_row(one.file, one.number, stay[one.pair], look) for one in files if one.pair in stay)
    left = tuple(one for one in files if one not in fits and one.pair not in stay)
    return Outgoing(letters=letters, files=tuple(fits), left=left, held=held)


def words_of(out: Outgoing, reason: str) -> dict[str, object]:
    """What both the preview and the letter read."""
    return {
        "reason": reason, "letters": [{"subject": one["subject"], "text": one["text"]} for one in out.letters],
        "files": [{"n": one.number, **listed_file(one.file)} for one in out.files],
        "left": [{"n": one.number, **listed_file(one.file)} for one in out.left],
        "held": {"files": [dict(one) for one in out.held]},
    }  # fmt: skip


def gives_away(case: Case, out: Outgoing) -> list[str]:
    """What the words themselves tell of the requester: name, address, number."""
    names = (one.file.filename for one in out.files)
    said = "\n".join([*(f"{one['subject']}\n{one['text']}" for one in out.letters), *names])
    who = case.requester
    found = {"name": bool(who.name) and who.name in said, "address": bool(who.address) and who.address in said.lower(),
             "number": _PHONE.search(said) is not None}  # fmt: skip
    return [what for what, tells in found.items() if tells]


def letter_to(address: str, case: Case, office: Office, *, out: Outgoing, reason: str) -> Letter:
    """The letter from the shared address, held as all words to the outside are."""
    language = letter_language(reason, spoken(reason))
    return Letter(
        kind=LetterKind.EXPERT, to=Address(address=address), language=language, case=case.number,
        data=words_of(out, reason), lane=Lane.REQUESTER, keyed=True, not_before=office.now + office.hold(case),
        attachments=tuple(one.pair for one in out.files),
    )  # fmt: skip


def _told(mail: Mail, office: Office) -> dict[str, object]:
    text = without_keys(mail.fresh_text or mail.text, office.box.address)
    return {
        "mail": mail.sha256, "subject": without_keys(mail.topic, office.box.address),
        "text": text if len(text) <= _SHOWN else text[:_SHOWN] + " …",
    }  # fmt: skip
