"""The files and letters of a case in the order in which they became its own, merged cases with it (casework 5 and 8).

A file that has a number keeps it: what a merger brings stands behind everything that the case had until then.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.domain.case import Case
from maild.domain.message import Attachment
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.plan import Received
from maild.workflow.related import mails_of

FROM_OUTSIDE = frozenset({"new-case", "appended", "reopened", "answer-stopped", "appended-unconfirmed", "from-expert"})
"""Mails of a case whose letters list every attachment."""
FILED = FROM_OUTSIDE | {"command", "inside-note", "asked-back", "answered-by-hand", "sent-by-hand"}
"""Mails whose attachments are the case's; not those that nobody vouched for when they came."""
_REQUESTERS = frozenset({"new-case", "appended", "reopened", "answer-stopped"})
_DECORATION = re.compile(
    r"(?:image|oledata|outlook-|inline|logo|sign|qr)[\w.() -]*\.(?:png|jpe?g|gif|bmp|mso)", re.IGNORECASE
)
_PHOTO = re.compile(r"image\d{1,2}\.jpe?g", re.IGNORECASE)
_LARGEST_LOGO = 60 << 10
_DEEPEST = 20
MOST_LETTERS = 12
"""So many further letters of one case stand in an assignment, the oldest first."""


@value
class CaseFile:
    """An attachment of a case, by the number that fetches it."""

    number: int
    mail: str
    """sha256 of the mail that it came with."""
    file: Attachment

    @property
    def pair(self) -> str:
        """As `Letter.attachments` names it."""
        return f"{self.mail}:{self.file.sha256}"


def is_meant(attachment: Attachment) -> bool:
    """What a colleague attached on purpose: no whole mails, which hold inside words, no pictures of a signature.

    A telephone calls its photos `image0.jpeg`; Outlook's `image001.png`, however large, stood in the text or below a
    quoted mail.
    """
    name = attachment.filename
    if attachment.content_type.startswith("message/") or not name or name.lower().endswith((".eml", ".msg")):
        return False
    return not _DECORATION.fullmatch(name) or (bool(_PHOTO.fullmatch(name)) and attachment.size > _LARGEST_LOGO)


def filed_mails(case: Case, facts: Facts) -> list[Received]:
    """The mails whose files are the case's, in the order in which they became so."""
    if not case.absorbed:
        return [one for one in mails_of(case, facts) if one.disposition in FILED]
    return [one for one in _in_order(case, facts, _DEEPEST) if one.disposition in FILED]


def further_letters(case: Case, facts: Facts, first: str) -> list[str]:
    """What the requester wrote beside the letter `first`, oldest first, as hashes of mails; merged letters with it."""
    own = [one.sha256 for one in mails_of(case, facts) if one.disposition in _REQUESTERS]
    return [one for one in dict.fromkeys(own) if one != first]


def _in_order(case: Case, facts: Facts, depth: int) -> list[Received]:
    """Its own mails by their coming, and each case that went into it as a whole, by when that was."""
    blocks: list[tuple[datetime, Sequence[Received]]] = [(mail.received, (mail,)) for mail in facts.mails(case.number)]
    if depth:
        inner = (one for one in map(facts.case, case.absorbed) if one is not None and one.merged_into == case.number)
        blocks += [(one.closed_at or one.received, _in_order(one, facts, depth - 1)) for one in inner]
    return list(_flat(block for _, block in sorted(blocks, key=lambda one: one[0])))


def _flat(blocks: Iterable[Sequence[Received]]) -> Iterable[Received]:
    for block in blocks:
        yield from block
