"""What would leave of a sealed letter, kept with the key of its preview so that exactly that leaves (security.md).

The key remembers the order, which mails it speaks of, what the seal-holder took out or wrote instead, and a hash of
the words that were shown. The words are made again from the archive, and must be the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from maild.domain.case import Case
from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.replykey import without_keys
from maild.domain.value import value
from maild.mail.knownby import joined, known_by
from maild.mail.redact import Cut, redacted
from maild.workflow.facts import Facts
from maild.workflow.filed import CaseFile
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Key
from maild.workflow.related import mails_of
from maild.workflow.sealholders import gets_files, holds_seal
from maild.workflow.sight import may_read_letter

PASS = "pass"  # noqa: S105  no password: a new letter goes on to who has the case already
MOST_LETTERS = 20
REQUESTERS = frozenset({"new-case", "appended", "reopened", "answer-stopped"})
RELEASED, WITHHELD, LAPSED = "seal-released", "seal-withheld", "seal-lapsed"
"""Events: something left the seal, was not to leave it, or nobody said so in time."""


@value
class Asked:
    """An order that waits for its release, and what was shown of the letter."""

    request: str
    """Which order: previews of one order carry the same, and one of them counts."""
    verb: str
    to: tuple[str, ...]
    """First addresses of who would get it."""
    by: str
    """First address of who ordered it, "" where a new letter asked by itself."""
    mails: tuple[str, ...]
    unit: str | None = None
    person: str | None = None
    date: str | None = None
    duration: str | None = None
    order: str = ""
    """The order's own words, which go along."""
    report_back: bool = False
    without: tuple[int, ...] = ()
    """Numbers of the paragraphs that were taken out."""
    instead: str = ""
    """An abstract, or words of the holder's own, in place of the letter."""
    shown: str = ""
    """sha256 of the words that were shown."""

    @property
    def command(self) -> Command:
        """The order as it was given."""
        return Command(verb=self.verb, unit=self.unit, person=self.person, date=self.date, duration=self.duration,
                       text=self.order, report_back=self.report_back)  # fmt: skip


@value
class Leaving:
    """The words and files that would leave."""

    parts: tuple[tuple[int, str], ...]
    """Paragraphs under the numbers by which they are taken out."""
    cuts: tuple[Cut, ...]
    files: tuple[CaseFile, ...]

    @property
    def text(self) -> str:
        """The words, as they leave."""
        return "\n\n".join(text for _, text in self.parts)

    @property
    def mark(self) -> str:
        """What the key remembers of the words."""
        return mark_of(self.text)


_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


def mark_of(text: str) -> str:
    """sha256 of words that leave."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def as_data(asked: Asked) -> dict[str, Any]:
    """As the key of a preview keeps it."""
    return _ASKED.dump_python(asked, mode="json")  # type: ignore[no-any-return]


def asked_by(key: Key) -> Asked | None:
    """What the preview of this key asked; None where it is no preview's."""
    kept = key.data.get("release")
    if key.purpose != LetterKind.SEAL_PREVIEW.value or not isinstance(kept, Mapping):
        return None
    try:
        return _ASKED.validate_python(dict(kept))
    except ValidationError:
        return None


def leaving(asked: Asked, case: Case, office: Office, *, facts: Facts, originals: Originals) -> Leaving:
    """What would leave by this request as things stand now."""
    mails = [originals.mail(one) for one in asked.mails]
    known = case.known_by
    for mail in mails:
        known = joined(known, known_by(mail))
    texts = [without_keys(mail.fresh_text or mail.text, office.box.address) for mail in mails]
    clean = redacted([asked.instead] if asked.instead else texts, replace(case, known_by=known))
    parts = tuple((n, text) for n, text in enumerate(clean.parts, 1) if n not in asked.without)
    cuts = tuple(cut for cut in clean.cuts if cut.part not in asked.without)
    files = [one for one in originals.files_of(case, facts) if one.mail in asked.mails]
    files += _coming(asked, case, facts, originals)
    return Leaving(parts=parts, cuts=cuts, files=tuple(files))


def _coming(asked: Asked, case: Case, facts: Facts, originals: Originals) -> list[CaseFile]:
    """Files of a mail that is only now being taken in: their numbers go on behind the case's."""
    there = {one.sha256 for one in mails_of(case, facts)}
    new = [originals.mail(one) for one in asked.mails if one not in there]
    first = len(originals.files_of(case, facts)) + 1
    files = [(mail.sha256, file) for mail in new for file in mail.files]
    return [CaseFile(number=n, mail=mail, file=file) for n, (mail, file) in enumerate(files, first)]


def letters_of(case: Case, facts: Facts) -> tuple[str, ...]:
    """The requester's mails so far, of which an order would take something out."""
    own = [one.sha256 for one in mails_of(case, facts) if one.disposition in REQUESTERS]
    return tuple(own[-MOST_LETTERS:])


def may_release(person: Person, case: Case, office: Office) -> bool:
    """Whether somebody keeps the secret of this case and may read its letter."""
    return gets_files(person, case, office) and may_read_letter(case, person, office)


def holder_for(case: Case, office: Office, facts: Facts, first: Person | None = None) -> Person | None:
    """Who is asked: `first` where they hold the seal, else who released last, else any holder whom nothing excludes.

    Where every holder is excluded it is who decides the case (`sealholders.gets_files`).
    """
    events = (e.actor for e in reversed(facts.events(case.number)) if e.kind == RELEASED)
    people = (*(office.index.person(actor) for actor in events),
              *office.index.with_role(*office.pack.routes.seal_holders))  # fmt: skip
    holders = [
        one for one in (first, *people) if one and holds_seal(one, office) and may_read_letter(case, one, office)
    ]
    if holders or first is None:
        return next(iter(holders), None)
    return first if may_release(first, case, office) else None


def as_released(letter: Letter, case: Case, facts: Facts) -> Letter:
    """The letter without words and files of a sealed letter that no event says were released to its reader."""
    words = letter.data.get("released_words")
    if words is None and not letter.bare:
        return letter
    text = str(words.get("text", "")) if isinstance(words, Mapping) else ""
    for event in facts.events(case.number) if text else ():
        if event.kind == RELEASED and (event.data.get("sha256"), event.data.get("text")) == (mark_of(text), text):
            to, files = event.data.get("to"), event.data.get("files")
            pairs = {one.get("pair") for one in files if isinstance(one, Mapping)} if isinstance(files, list) else set()
            if isinstance(to, list) and letter.to.address in to and {pair for pair, _ in letter.bare} <= pairs:
                return letter
    return replace(letter, bare=(), data={name: one for name, one in letter.data.items() if name != "released_words"})


def outside(case: Case) -> tuple[str, ...]:
    """Who works on a sealed case outside the seal: what they got was released to them."""
    working = (case.handler, *case.joined) if case.confidential else ()
    return tuple(one for one in working if one and one in case.released)
