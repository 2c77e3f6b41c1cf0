"""One case as a folder in a zip: facts, history, mails, attachments, and a script that verifies it without maild."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select

from maild.adapters import exportverify
from maild.adapters.aliasexport import bare_chain, bare_facts, mails_as_text, plain_lines
from maild.adapters.casebook import Casebook
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.audit import Chained
from maild.domain.case import Case, Event
from maild.domain.message import Mail
from maild.domain.value import value
from maild.errors import MaildError, Permanent
from maild.workflow.plan import Received
from maild.workflow.ports import Archive

_OUTBOX = TABLES["outbox"]
_SENT_OF = select(
    *(_OUTBOX.c[name] for name in ("number", "kind", "recipient", "state", "raw"))
).order_by(_OUTBOX.c.id)  # fmt: skip
_UNFIT = re.compile(r"[^\w.\-（）()【】 ]+")
_LONGEST_NAME = 120
_INDENT = 1


@value
class Wanted:
    """Who wants an export, why, and whether with the name of who wrote a confidential letter."""

    by: str
    reason: str
    now: datetime
    identity: bool = False


@dataclass(frozen=True)
class Exported:
    """What was written, and what could not be."""

    number: str
    head: str
    """The last hash of the chain, to be kept apart."""
    files: int
    missing: tuple[str, ...]
    """Mails whose archive copy is gone or damaged; the export says so too."""


@dataclass
class CaseExport:
    """Writes one case; `parse` reads a raw mail, `parts` its attachments by hash."""

    store: Store
    archive: Archive
    units: Mapping[str, str]
    parse: Callable[[bytes], Mail]
    parts: Callable[[bytes, Collection[str]], Mapping[str, bytes]]
    tell: Callable[[Case, str, str], None]
    """Writes down that somebody (who, why) takes the writer's name out, and tells the seal-holders."""
    sheet: Callable[[Case], bytes | None] = lambda _case: None
    """The case on one page, where it can be printed."""

    def write(self, number: str, path: Path, wanted: Wanted) -> Exported:
        """The zip at `path`; that it was made, by whom and why, is an event of the case first, and in the zip.

        A confidential case goes under its alias, without letters as they came and without attachments, unless the
        identity is wanted, which the seal-holders are told. Raises `Permanent` where there is no such case, it is
        confidential and no reason is given, or `path` exists.
        """
        case = self._refused(number, path, wanted)
        if case.confidential and wanted.identity:
            self.tell(case, wanted.by, wanted.reason)
        else:
            self._note(number, wanted)
        is_bare = case.confidential and not wanted.identity
        files, missing, left_out = self._bare_files(case) if is_bare else (*self._files(number), 0)
        chain = list(self.store.chain(number))
        facts = Casebook(self.store, self.units).one(number) or {}
        lines = plain_lines(chain, _event_facts, case) if is_bare else b"".join(map(_event_line, chain))
        files["events.jsonl"] = lines
        facts = bare_facts(facts, case) if is_bare else facts
        files["case.json"] = json.dumps(facts, ensure_ascii=False, indent=_INDENT).encode()
        if (summary := self.sheet(case)) is not None:
            files["summary.pdf"] = summary
        head = (bare_chain(chain) if is_bare else chain)[-1].hash
        about = {"events": len(chain), "head": head, "missing": missing, "identity": not is_bare,
                 "attachments_left_out": left_out}  # fmt: skip
        _add_manifest(files, number, wanted, about)
        _write(path, number, files)
        return Exported(number=number, head=head, files=len(files), missing=tuple(missing))

    def _refused(self, number: str, path: Path, wanted: Wanted) -> Case:
        with self.store.reading() as books:
            case = books.case(number)
        if case is None:
            raise Permanent(f"There is no case {number}; maild case list shows all.")
        if case.confidential and not wanted.reason:
            raise Permanent(
                f"{number} is confidential: say who gets it and why with --reason; both stay in its history."
            )
        if path.exists():
            raise Permanent(f"{path} exists already; name another file.")
        return case

    def _note(self, number: str, wanted: Wanted) -> None:
        event = Event(kind="exported", at=wanted.now, actor=wanted.by, data={"reason": wanted.reason})
        with self.store.writing() as books:
            books.case(number)
            books.add_events(number, [event])

    def _bare_files(self, case: Case) -> tuple[dict[str, bytes], list[str], int]:
        """Mails as text without names, and how many attachments stay inside."""
        mails, sent = self._mails(case.number)
        found = list(mails_as_text(case, mails, sent, archive=self.archive, parse=self.parse))
        return {name: content for name, content, _ in found}, [], sum(count for _, _, count in found)

    def _mails(self, number: str) -> tuple[list[Received], list[Mapping[Any, Any]]]:
        with self.store.reading() as books:
            mails = [mail for mail in books.mails(number) if mail.sha256]
            found = books.connection.execute(_SENT_OF.where(_OUTBOX.c.number == number)).mappings().all()
            return mails, [books.seals.open("outbox", row) for row in found]

    def _files(self, number: str) -> tuple[dict[str, bytes], list[str]]:
        mails, sent = self._mails(number)
        files: dict[str, bytes] = {}
        missing: list[str] = []
        for at, mail in enumerate(mails, 1):
            try:
                files |= dict(self._incoming(at, mail))
            except MaildError as error:
                missing.append(f"{mail.message_id or mail.sha256}: {error.sentence}")
        for at, out in enumerate(sent, 1):
            files[f"sent/{at:03} {out['kind']} {_name(out['recipient'])} {out['state']}.eml"] = out["raw"]
        return files, missing

    def _incoming(self, at: int, mail: Received) -> Iterator[tuple[str, bytes]]:
        raw = self.archive.get(mail.sha256)
        yield f"received/{at:03} {_name(mail.subject) or 'mail'}.eml", raw
        files = self.parse(raw).files
        contents = self.parts(raw, {file.sha256 for file in files})
        for n, file in enumerate(files, 1):
            if file.sha256 in contents:
                name = _name(file.filename) or "attachment.bin"
                yield f"attachments/{at:03}-{n:02} {name}", contents[file.sha256]


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
