"""One case as a folder in a zip: facts, history, mails, attachments, and a script that verifies it without maild."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select

from maild.adapters import exportverify
from maild.adapters.casebook import Casebook
from maild.adapters.coveredexport import Cover, bare_chain, covered_facts, mails_as_text, plain_lines
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.audit import Chained
from maild.domain.case import Case, Event
from maild.domain.looked import Looked
from maild.domain.masks import PLAIN, Look
from maild.domain.message import Mail
from maild.domain.value import value
from maild.errors import MaildError, Permanent
from maild.mail.compose import AttachedFile
from maild.workflow.plan import Received
from maild.workflow.ports import Archive
from maild.workflow.takenout import EXPORTED, UNMASKED

_OUTBOX = TABLES["outbox"]
_SENT_OF = select(
    *(_OUTBOX.c[name] for name in ("number", "kind", "recipient", "state", "raw"))
).order_by(_OUTBOX.c.id)  # fmt: skip
_UNFIT = re.compile(r"[^\w.\-（）()【】 ]+")
_LONGEST_NAME = 120
_INDENT = 1
_ATTACHMENTS = "attachments/"


class Shown(Protocol):
    """What of the house an export shows: units by name, and what is masked by mailbox."""

    @property
    def unit_names(self) -> Mapping[str, str]: ...
    @property
    def looks(self) -> Mapping[str, Look]: ...


@value
class Wanted:
    """Who wants an export, why, and what shall stand in it that is hidden otherwise."""

    by: str
    reason: str
    now: datetime
    identity: bool = False
    """Who wrote a confidential letter."""
    unmasked: bool = False
    """Numbers of people: mails and attachments as they came and went."""


@dataclass(frozen=True)
class Exported:
    """What was written, and what could not be."""

    number: str
    head: str
    """The last hash of the chain, to be kept apart."""
    files: int
    missing: tuple[str, ...]
    """Mails whose archive copy is gone or damaged; the export says so too."""
    held: int
    """Attachments that hold personal data, or could not be looked through, and stayed behind."""


@dataclass
class _Content:
    """What goes into the zip."""

    files: dict[str, bytes]
    missing: list[str] = field(default_factory=list)
    left_out: int = 0
    held: list[dict[str, object]] = field(default_factory=list)


@dataclass
class CaseExport:
    """Writes one case; `parse` reads a raw mail, `parts` its attachments by hash."""

    store: Store
    archive: Archive
    house: Shown
    parse: Callable[[bytes], Mail]
    parts: Callable[[bytes, Collection[str]], Mapping[str, bytes]]
    tell: Callable[[Case, Wanted], None]
    """Writes down that somebody takes the writer's name out, and tells the seal-holders."""
    look_into: Callable[[Sequence[AttachedFile], Look], Sequence[Looked]]
    sheet: Callable[[Case, Look], bytes | None] = lambda _case, _look: None
    """The case on one page, where it can be printed."""

    def write(self, number: str, path: Path, wanted: Wanted) -> Exported:
        """The zip at `path`; that it was made, by whom and why, is an event of the case first, and in the zip.

        Numbers of people are masked, and mails go as text, unless they are wanted unmasked. A confidential case goes
        under its alias and without attachments, unless the identity is wanted, which the seal-holders are told.
        Raises `Permanent` where there is no such case, a reason is needed and none is given, or `path` exists.
        """
        case = self._refused(number, path, wanted)
        if case.confidential and wanted.identity:
            self.tell(case, wanted)
        else:
            self._note(number, wanted)
        named = replace(case, confidential=case.confidential and not wanted.identity)
        look = Look() if wanted.unmasked else self.house.looks.get(case.mailbox, PLAIN)
        cover = Cover(case=named, look=look)
        content = self._raw_files(number) if wanted.unmasked else self._covered_files(cover)
        chain = list(self.store.chain(number))
        content.files |= self._told(cover, chain, wanted)
        if (summary := self.sheet(case, look)) is not None:
            content.files["summary.pdf"] = summary
        head = (chain if wanted.unmasked else bare_chain(chain))[-1].hash
        about = {"events": len(chain), "head": head, "missing": content.missing, "identity": not named.confidential,
                 "masked": not wanted.unmasked, "attachments_left_out": content.left_out,
                 "attachments_held_back": content.held}  # fmt: skip
        _add_manifest(content.files, number, wanted, about)
        _write(path, number, content.files)
        return Exported(number=number, head=head, files=len(content.files), missing=tuple(content.missing),
                        held=len(content.held))  # fmt: skip

    def _refused(self, number: str, path: Path, wanted: Wanted) -> Case:
        with self.store.reading() as books:
            case = books.case(number)
        if case is None:
            raise Permanent(f"There is no case {number}; maild case list shows all.")
        if case.confidential and not wanted.reason:
            raise Permanent(
                f"{number} is confidential: say who gets it and why with --reason; both stay in its history."
            )
        if wanted.unmasked and not wanted.reason:
            raise Permanent(f"{number} unmasked: say who gets it and why with --reason; both stay in its history.")
        if wanted.unmasked and case.confidential and not wanted.identity:
            raise Permanent(f"{number} is confidential: its letters as they came name who wrote; add --with-identity.")
        if path.exists():
            raise Permanent(f"{path} exists already; name another file.")
        return case

    def _note(self, number: str, wanted: Wanted) -> None:
        event = Event(
            kind=UNMASKED if wanted.unmasked else EXPORTED, at=wanted.now, actor=wanted.by,
            data={"reason": wanted.reason},
        )  # fmt: skip
        with self.store.writing() as books:
            books.case(number)
            books.add_events(number, [event])

    def _told(self, cover: Cover, chain: Sequence[Chained], wanted: Wanted) -> dict[str, bytes]:
        """Facts and history."""
        looks = dict.fromkeys(self.house.looks, Look()) if wanted.unmasked else self.house.looks
        facts = Casebook(self.store, self.house.unit_names, looks).one(cover.case.number) or {}
        if wanted.unmasked:
            lines = b"".join(map(_event_line, chain))
        else:
            lines, facts = plain_lines(chain, _event_facts, cover), covered_facts(facts, cover)
        return {
            "events.jsonl": lines, "case.json": json.dumps(facts, ensure_ascii=False, indent=_INDENT).encode()
        }  # fmt: skip

    def _covered_files(self, cover: Cover) -> _Content:
        """Mails as text; of a confidential case no attachment, of others those that hold nothing masked."""
        mails, sent = self._mails(cover.case.number)
        found = list(mails_as_text(cover, mails, sent, archive=self.archive, parse=self.parse))
        content = _Content(files={name: text for name, text, _ in found})
        if cover.case.confidential:
            content.left_out = sum(count for _, _, count in found)
            return content
        for at, mail in enumerate(mails, 1):
            try:
                self._look_through(at, mail, cover, content)
            except MaildError as error:
                content.missing.append(f"{mail.message_id or mail.sha256}: {error.sentence}")
        return content

    def _look_through(self, at: int, mail: Received, cover: Cover, content: _Content) -> None:
        named = [(name, data) for name, data in self._incoming(at, mail) if name.startswith(_ATTACHMENTS)]
        files = [AttachedFile(filename=name, content_type="", content=data) for name, data in named]
        for file, found in zip(files, self.look_into(files, cover.look), strict=True):
            shown = cover.text(file.filename)
            if found.stays(cover.look):
                content.held.append({"name": shown, "kinds": sorted(found.kinds), "shut": found.shut or ""})
            else:
                content.files[shown] = file.content

    def _mails(self, number: str) -> tuple[list[Received], list[Mapping[Any, Any]]]:
        with self.store.reading() as books:
            mails = [mail for mail in books.mails(number) if mail.sha256]
            found = books.connection.execute(_SENT_OF.where(_OUTBOX.c.number == number)).mappings().all()
            return mails, [books.seals.open("outbox", row) for row in found]

    def _raw_files(self, number: str) -> _Content:
        mails, sent = self._mails(number)
        content = _Content(files={})
        for at, mail in enumerate(mails, 1):
            try:
                content.files |= dict(self._incoming(at, mail))
            except MaildError as error:
                content.missing.append(f"{mail.message_id or mail.sha256}: {error.sentence}")
        for at, out in enumerate(sent, 1):
            content.files[f"sent/{at:03} {out['kind']} {_name(out['recipient'])} {out['state']}.eml"] = out["raw"]
        return content

    def _incoming(self, at: int, mail: Received) -> Iterator[tuple[str, bytes]]:
        raw = self.archive.get(mail.sha256)
        yield f"received/{at:03} {_name(mail.subject) or 'mail'}.eml", raw
        files = self.parse(raw).files
        contents = self.parts(raw, {file.sha256 for file in files})
        for n, file in enumerate(files, 1):
            if file.sha256 in contents:
                name = _name(file.filename) or "attachment.bin"
                yield f"{_ATTACHMENTS}{at:03}-{n:02} {name}", contents[file.sha256]


def _name(written: str) -> str:
    """A name that no file system and no reader takes for a path."""
    return _UNFIT.sub("_", written).strip(" .")[:_LONGEST_NAME]


def _event_facts(one: Chained) -> dict[str, Any]:
    event = one.event
    facts: dict[str, Any] = {
        "seq": one.seq, "at": event.at.isoformat(timespec="microseconds"), "kind": event.kind, "actor": event.actor,
        "human": event.human, "data": event.data, "previous": one.previous, "hash": one.hash, "salt": one.salt,
        "digest": one.digest,
    }  # fmt: skip
    return facts


def _event_line(one: Chained) -> bytes:
    return json.dumps(_event_facts(one), ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _add_manifest(files: dict[str, bytes], number: str, wanted: Wanted, about: Mapping[str, object]) -> None:
    """What is in it, with the hash of each file, and the script that verifies it."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    manifest = {"number": number, "exported_at": wanted.now.isoformat(), "exported_by": wanted.by,
                "reason": wanted.reason, **about, "files": hashes}  # fmt: skip
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=_INDENT).encode()
    files["verify.py"] = Path(exportverify.__file__).read_bytes()


def _write(path: Path, number: str, files: Mapping[str, bytes]) -> None:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as made:
        for name, content in sorted(files.items()):
            made.writestr(f"{number}/{name}", content)
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(whole.getvalue())
    except OSError as error:
        raise Permanent(f"{path} cannot be written: {error.strerror}; name another file.") from error
