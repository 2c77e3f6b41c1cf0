"""The mails of a case, read again from the archive where a letter shows them."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from maild.domain.case import Case
from maild.domain.cleaned import Cleaned
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Attachment, Mail
from maild.domain.replykey import without_keys
from maild.mail.compose import AttachedFile
from maild.workflow.bare import Bare
from maild.workflow.facts import Facts
from maild.workflow.filed import FROM_OUTSIDE, MOST_LETTERS, CaseFile, filed_mails, further_letters, is_meant
from maild.workflow.hiding import as_known
from maild.workflow.insides import Insides, LookInto
from maild.workflow.listing import listed_files
from maild.workflow.localtime import when
from maild.workflow.oddities import besides
from maild.workflow.office import Office
from maild.workflow.ports import Archive

ATTACHED_BYTES, ATTACHED_FILES = 10 << 20, 100
"""Attachments go along up to this size together, and so many; the rest is listed (casework 8)."""
NAMELESS = "attachment.bin"
"""What a part without a name is called when it is passed on."""
_EXCERPT, _SHOWN = 300, 20_000
_KEPT = 64


class Originals:
    """Incoming mails by content hash; the last few stay in memory."""

    def __init__(
        self,
        archive: Archive,
        parse: Callable[[bytes], Mail],
        attachments: Callable[[bytes, Collection[str]], Mapping[str, bytes]],
        *,
        clean: Callable[[bytes, str], Cleaned],
        look: LookInto,
    ) -> None:
        self._archive, self._parse, self._attachments = archive, parse, attachments
        self.bare = Bare(self.attached, clean)
        self.insides = Insides(self.attached, self.raw_files, look)
        self._mails: OrderedDict[str, Mail] = OrderedDict()

    def keep(self, mail: Mail) -> None:
        """Remember a mail that was just parsed."""
        self._mails[mail.sha256] = mail
        if len(self._mails) > _KEPT:
            self._mails.popitem(last=False)

    def mail(self, sha256: str) -> Mail:
        """The mail of this hash."""
        if sha256 not in self._mails:
            self.keep(self._parse(self._archive.get(sha256)))
        return self._mails[sha256]

    def complete(
        self, data: Mapping[str, object], office: Office, letter: Letter, *, case: Case | None = None,
        facts: Facts | None = None,
    ) -> dict[str, object]:  # fmt: skip
        """`data` with `letter` and `attachments` filled in from its `mail`, for the reader of `letter`.

        With `facts` the attachments bear the numbers by which the case's files are fetched.
        """
        done = dict(data)
        sha256 = done.pop("mail", "")
        if sha256:
            mail = self.mail(str(sha256))
            first = self._first_number(mail, letter, facts) if facts and mail.files else 1
            mail = as_known(mail, letter, case, first)
            done["letter"] = _shown(mail, office, letter, case, fresh=bool(done.pop("fresh", False)))
            along = set(self.pairs_of(letter, facts)) if done.get("attach") else set()
            done["attachments"] = listed_files(mail, first, along, letter.held)
            done["others"] = [
                _shown(one, office, letter, case, fresh=True)
                | {"attachments": listed_files(one, n, along, letter.held)}
                for one, n in self._others(letter, case, facts)
            ]
            done["fetched"] = letter.keyed and letter.case is not None
            done |= besides(mail)
        return done

    def files_of(self, case: Case, facts: Facts) -> tuple[CaseFile, ...]:
        """Every attachment of a case by its number, the first is 1, which it keeps (casework 8, `附件 2`)."""
        found = []
        for received in filed_mails(case, facts):
            mail = self.mail(received.sha256)
            meant = mail.files if received.disposition in FROM_OUTSIDE else tuple(filter(is_meant, mail.files))
            found += [(mail.sha256, file) for file in meant]
        return tuple(CaseFile(number=n, mail=mail, file=file) for n, (mail, file) in enumerate(found, 1))

    def _first_number(self, mail: Mail, letter: Letter, facts: Facts) -> int:
        case = facts.case(letter.case) if letter.case else None
        files = self.files_of(case, facts) if case else ()
        return next((one.number for one in files if one.mail == mail.sha256), 1)

    def pairs_of(self, letter: Letter, facts: Facts | None) -> tuple[str, ...]:
        """The attachments that go along: of an assignment those of the case's further letters too, while they fit."""
        if not letter.data.get("attach") or letter.kind is not LetterKind.ASSIGNMENT or facts is None:
            return letter.attachments
        case = facts.case(letter.case) if letter.case else None
        mails = [self.mail(sha) for sha in (str(letter.data.get("mail")), *self._further(letter, case, facts))]
        every = [(f"{mail.sha256}:{file.sha256}", file) for mail in mails for file in mail.files]
        kept = {id(file) for file in going_along([file for _, file in every])}
        return tuple(pair for pair, file in every if id(file) in kept and pair not in letter.held)

    def _further(self, letter: Letter, case: Case | None, facts: Facts | None) -> list[str]:
        """The further letters that an assignment holds beside its own."""
        if letter.kind is not LetterKind.ASSIGNMENT or case is None or facts is None:
            return []
        return further_letters(case, facts, str(letter.data.get("mail", "")))[:MOST_LETTERS]

    def _others(self, letter: Letter, case: Case | None, facts: Facts | None) -> Iterator[tuple[Mail, int]]:
        """Each further letter as its reader may have it, and the number of its first file."""
        for sha256 in self._further(letter, case, facts):
            mail = self.mail(sha256)
            first = self._first_number(mail, letter, facts) if facts and mail.files else 1
            yield as_known(mail, letter, case, first), first

    def attached(self, pairs: Sequence[str]) -> tuple[AttachedFile, ...]:
        """The attachments named as `mail-hash:attachment-hash`."""
        split = [pair.split(":", 1) for pair in pairs]
        wanted = {mail: {part for other, part in split if other == mail} for mail, _ in split}
        contents = {mail: self._attachments(self._archive.get(mail), parts) for mail, parts in wanted.items()}
        known = {mail: {one.sha256: one for one in reversed(self.mail(mail).files)} for mail in wanted}
        found = [(known[mail].get(part), contents[mail].get(part)) for mail, part in split]
        return tuple(
            AttachedFile(filename=file.filename or NAMELESS, content_type=file.content_type, content=content)
            for file, content in found if file is not None and content is not None
        )  # fmt: skip

    def raw_files(self, hashes: Sequence[object]) -> tuple[AttachedFile, ...]:
        """Whole mails as `.eml` files, for a person who must look at the original."""
        return tuple(
            AttachedFile(
                filename=f"original-{n}.eml", content_type="application/octet-stream", content=self._archive.get(str(h))
            )
            for n, h in enumerate(hashes, 1)
        )


def going_along(attachments: Sequence[Attachment]) -> list[Attachment]:
    """The attachments that fit, first come first served."""
    kept: list[Attachment] = []
    total = 0
    for attachment in attachments:
        if total + attachment.size <= ATTACHED_BYTES and len(kept) < ATTACHED_FILES:
            kept.append(attachment)
            total += attachment.size
    return kept


def pairs(mail: Mail) -> tuple[str, ...]:
    """The attachments of a mail that go along, as `Letter.attachments` names them."""
    return tuple(f"{mail.sha256}:{a.sha256}" for a in going_along(mail.files))


def excerpt(mail: Mail, office: Office) -> str:
    """The first words of a mail, for a row of a list."""
    return without_keys((mail.fresh_text or mail.text)[:_EXCERPT], office.box.address)


def _shown(mail: Mail, office: Office, letter: Letter, case: Case | None, *, fresh: bool) -> dict[str, object]:
    # A requester's key is theirs alone: who reads their mail inside could else write in their name.
    box = office.box.address
    text = without_keys((mail.fresh_text if fresh else "") or mail.text or mail.fresh_text, box)
    return {
        "from": str(mail.author),
        "date_text": when(mail.date, office, letter.to.address, letter.language, case=case) if mail.date else "",
        "subject": without_keys(mail.topic, box),
        "text": text if len(text) <= _SHOWN else text[:_SHOWN] + " …",
    }


def meant_files(mail: Mail) -> list[Attachment]:
    """What a colleague attached on purpose, as far as it goes along."""
    return [file for file in going_along(mail.files) if is_meant(file)]
