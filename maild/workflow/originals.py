"""The mails of a case, read again from the archive where a letter shows them."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from maild.domain.case import Case
from maild.domain.letter import Letter
from maild.domain.message import Attachment, Mail
from maild.domain.value import value
from maild.domain.wording import size_text
from maild.mail.compose import AttachedFile
from maild.workflow.facts import Facts
from maild.workflow.hiding import as_known
from maild.workflow.localtime import when
from maild.workflow.oddities import besides
from maild.workflow.office import Office
from maild.workflow.ports import Archive
from maild.workflow.related import mails_of

ATTACHED_BYTES = 10 << 20
"""Attachments go along up to this size together; the rest is listed (casework 8)."""
NAMELESS = "attachment.bin"
"""What a part without a name is called when it is passed on."""
RISKY = frozenset({
    "exe", "com", "scr", "pif", "bat", "cmd", "lnk", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "msi",
    "jar", "cpl", "reg", "dll", "chm", "iso", "img", "vhd", "url", "scf", "docm", "xlsm", "pptm", "dotm", "xlam",
    "apk", "sh",
})  # fmt: skip
"""Endings of files that run, or that carry what runs, when they are opened."""
_DECORATION = re.compile(
    r"(?:image|oledata|outlook-|inline|logo|sign|qr)[\w.() -]*\.(?:png|jpe?g|gif|bmp|mso)", re.IGNORECASE
)
_PHOTO = re.compile(r"image\d{1,2}\.jpe?g", re.IGNORECASE)
_LARGEST_LOGO = 60 << 10
FROM_OUTSIDE = frozenset({"new-case", "appended", "reopened", "answer-stopped", "appended-unconfirmed", "from-expert"})
"""Mails of a case whose letters list every attachment."""
FILED = FROM_OUTSIDE | {"command", "inside-note", "asked-back", "answered-by-hand", "sent-by-hand"}
"""Mails whose attachments are the case's; not those that nobody vouched for when they came."""
_SHOWN = 20_000
_KEPT = 64


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


class Originals:
    """Incoming mails by content hash; the last few stay in memory."""

    def __init__(
        self,
        archive: Archive,
        parse: Callable[[bytes], Mail],
        attachment: Callable[[bytes, str], bytes | None],
    ) -> None:
        self._archive = archive
        self._parse = parse
        self._attachment = attachment
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
            with_files = {a.sha256 for a in going_along(mail.files)} if done.get("attach") else set()
            done["attachments"] = [
                {**listed_file(a), "n": n, "attached": a.sha256 in with_files} for n, a in enumerate(mail.files, first)
            ]
            done["fetched"] = letter.keyed and letter.case is not None
            done |= besides(mail)
        return done

    def files_of(self, case: Case, facts: Facts) -> tuple[CaseFile, ...]:
        """Every attachment of a case in the order of its coming: the first is number 1 (casework 8, `附件 2`)."""
        found = []
        for received in mails_of(case, facts):
            if received.disposition in FILED:
                mail = self.mail(received.sha256)
                meant = mail.files if received.disposition in FROM_OUTSIDE else tuple(filter(is_meant, mail.files))
                found += [(mail.sha256, file) for file in meant]
        return tuple(CaseFile(number=n, mail=mail, file=file) for n, (mail, file) in enumerate(found, 1))

    def _first_number(self, mail: Mail, letter: Letter, facts: Facts) -> int:
        case = facts.case(letter.case) if letter.case else None
        files = self.files_of(case, facts) if case else ()
        return next((one.number for one in files if one.mail == mail.sha256), 1)

    def attached(self, pairs: Sequence[str]) -> tuple[AttachedFile, ...]:
        """The attachments named as `mail-hash:attachment-hash`."""
        files = []
        for pair in pairs:
            sha256, _, part = pair.partition(":")
            found = next((a for a in self.mail(sha256).files if a.sha256 == part), None)
            content = self._attachment(self._archive.get(sha256), part) if found else None
            if found and content is not None:
                files.append(
                    AttachedFile(filename=found.filename or NAMELESS, content_type=found.content_type, content=content)
                )
        return tuple(files)

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
    kept, total = [], 0
    for attachment in attachments:
        if total + attachment.size <= ATTACHED_BYTES:
            kept.append(attachment)
            total += attachment.size
    return kept


def pairs(mail: Mail) -> tuple[str, ...]:
    """The attachments of a mail that go along, as `Letter.attachments` names them."""
    return tuple(f"{mail.sha256}:{a.sha256}" for a in going_along(mail.files))


def _shown(mail: Mail, office: Office, letter: Letter, case: Case | None, *, fresh: bool) -> dict[str, object]:
    text = (mail.fresh_text if fresh else "") or mail.text or mail.fresh_text
    return {
        "from": str(mail.author),
        "date_text": when(mail.date, office, letter.to.address, letter.language, case=case) if mail.date else "",
        "subject": mail.topic,
        "text": text if len(text) <= _SHOWN else text[:_SHOWN] + " …",
    }


def listed_file(attachment: Attachment) -> dict[str, object]:
    """An attachment as a letter names it."""
    return {
        "filename": " ".join(attachment.filename.split()),
        "size_text": size_text(attachment.size),
        "risky": attachment.filename.lower().rstrip(". ").rpartition(".")[2] in RISKY,
    }


def is_meant(attachment: Attachment) -> bool:
    """What a colleague attached on purpose: no whole mails, which hold inside words, no pictures of a signature.

    A telephone calls its photos `image0.jpeg`; Outlook's `image001.png`, however large, stood in the text or below a
    quoted mail.
    """
    name = attachment.filename
    if attachment.content_type.startswith("message/") or not name or name.lower().endswith((".eml", ".msg")):
        return False
    return not _DECORATION.fullmatch(name) or (bool(_PHOTO.fullmatch(name)) and attachment.size > _LARGEST_LOGO)


def meant_files(mail: Mail) -> list[Attachment]:
    """What a colleague attached on purpose, as far as it goes along."""
    return [file for file in going_along(mail.files) if is_meant(file)]
