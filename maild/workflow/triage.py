"""Classification of one mail in its office: what triage reads, and what the office knows of the sender."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from maild.domain.conflict import Exclusion, excluded
from maild.domain.directory import Person
from maild.domain.message import Mail, Reading
from maild.domain.policy import UNCLASSIFIED
from maild.domain.posts import holder
from maild.domain.verdict import Reason, Verdict, Writing
from maild.workflow.office import Office

LOCKED = "locked"
"""The rule of a verdict on a mail that is encrypted."""


class Triage(Protocol):
    """The voice that says what kind of feedback a mail is."""

    def __call__(self, writing: Writing, office: Office) -> Verdict: ...

    def blamed(self, writing: Writing, office: Office) -> tuple[str, ...]:
        """People and units that a mail complains of, whatever its type."""
        ...


def writing_of(mail: Mail) -> Writing:
    """What triage may read of a mail: the newest text; where there is none, the whole."""
    fresh = mail.fresh_text.strip()
    return Writing(
        subject=mail.topic, text=fresh or mail.text, author_address=mail.author.address,
        author_name=mail.author.name, to=tuple(a.address for a in mail.to), cc=tuple(a.address for a in mail.cc),
        attachment_names=tuple(a.filename for a in mail.files), quoted=mail.text if fresh else "",
        attached=mail.attached_text,
    )  # fmt: skip


def spoken(mail: Mail) -> str:
    """The words of a mail by which its case is routed, those of its attachments with them."""
    return "\n".join(filter(None, (mail.fresh_text or mail.text, mail.attached_text)))


def verdict_on(mail: Mail, office: Office, triage: Triage) -> Verdict:
    """What triage says of a mail; one that nobody can read is unclassified for that reason (casework 2)."""
    verdict = triage(writing_of(mail), office)
    locked = mail.locked.value if mail.locked else _only_locked_files(mail)
    if not locked:
        return verdict
    kind = office.pack.type_name(UNCLASSIFIED, "zh"), office.pack.type_name(UNCLASSIFIED, "en")
    reason = Reason(text=locked, why=kind[0], why_en=kind[1], weight=0.0, rule=LOCKED, field="header")
    return replace(
        verdict, type=UNCLASSIFIED, confidence=0.0, reasons=(reason,), misses=(), alternatives=(), acknowledge=True,
        missing=(), summary=verdict.summary if mail.topic.strip() else "",
    )  # fmt: skip


def _only_locked_files(mail: Mail) -> str:
    """Why a mail that only points to its attachments cannot be read: all of them want a password."""
    how = {one.how for one in mail.enclosures}
    return "locked-file" if how == {Reading.LOCKED} and len(mail.enclosures) == len(mail.files) else ""


def with_names(verdict: Verdict, writing: Writing, office: Office, triage: Triage) -> Verdict:
    """The verdict with whom the mail complains of, also where nobody can say yet what kind of mail it is.

    An unclear complaint must reach those it names no more than a clear one (P3, "Conflict of interest").
    """
    if verdict.type != UNCLASSIFIED:
        return verdict
    return replace(verdict, names=triage.blamed(writing, office))


def unsure(verdict: Verdict) -> Verdict:
    """The verdict as unclassified, never acknowledged: the coordinator looks at it first."""
    return replace(verdict, type=UNCLASSIFIED, confidence=0.0, acknowledge=False, urgency="low")


def holders(posts: Sequence[str], writer: str, office: Office) -> tuple[Person, ...]:
    """The people who hold these posts, where the directory knows one person alone who does."""
    words = office.pack.policy.names.posts_en
    found = (holder(office.index, post, writer=writer, words=words) for post in posts)
    return tuple(dict.fromkeys(person for person in found if person))


def exclusion_by(verdict: Verdict, writer: str, office: Office) -> Exclusion:
    """Who is out of the case that this verdict opens: people and units named, and holders of the posts it blames."""
    return excluded(
        office.index, kind=verdict.type, names=verdict.names, writer=writer,
        holders=holders(verdict.posts, writer, office),
    )  # fmt: skip
