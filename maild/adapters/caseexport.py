"""One case as a folder in a zip: facts, history, mails, attachments, and a script that verifies it without maild."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select

from maild.adapters import exportverify
from maild.adapters.casebook import Casebook
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.audit import FIRST, Chained
from maild.domain.case import Event
from maild.domain.message import Mail
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
    """Writes one case; `parse` reads a raw mail, `part` one of its attachments by hash."""

    store: Store
    archive: Archive
    units: Mapping[str, str]
    parse: Callable[[bytes], Mail]
    part: Callable[[bytes, str], bytes | None]

    def write(self, number: str, path: Path, *, by: str, reason: str, now: datetime) -> Exported:
        """The zip at `path`; that it was made, by whom and why, is an event of the case first, and in the zip.

        Raises `Permanent` where there is no such case, it is confidential and no reason is given, or `path` exists.
        """
        facts = Casebook(self.store, self.units).one(number)
        if facts is None:
            raise Permanent(f"There is no case {number}; maild case list shows all.")
        if facts["confidential"] and not reason.strip():
            raise Permanent(
                f"{number} is confidential: say who gets it and why with --reason; both stay in its history."
            )
        if path.exists():
            raise Permanent(f"{path} exists already; name another file.")
        self._note(number, by=by, reason=reason, now=now)
        files, missing = self._files(number)
        chain = self._chain(number)
        files["events.jsonl"] = "".join(_event_line(one) + "\n" for one in chain).encode()
        facts = Casebook(self.store, self.units).one(number)
        files["case.json"] = json.dumps(facts, ensure_ascii=False, indent=_INDENT).encode()
        head = chain[-1].hash if chain else FIRST
        manifest = {
            "number": number, "exported_at": now.isoformat(), "exported_by": by, "reason": reason,
            "events": len(chain), "head": head, "missing": missing,
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }  # fmt: skip
        files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=_INDENT).encode()
        files["verify.py"] = Path(exportverify.__file__).read_bytes()
        _write(path, number, files)
        return Exported(number=number, head=head, files=len(files), missing=tuple(missing))

    def _note(self, number: str, *, by: str, reason: str, now: datetime) -> None:
        event = Event(kind="exported", at=now, actor=by, data={"reason": reason})
        with self.store.writing() as books:
            books.case(number)
            books.add_events(number, [event])

    def _chain(self, number: str) -> list[Chained]:
        return list(self.store.chain(number))

    def _files(self, number: str) -> tuple[dict[str, bytes], list[str]]:
        with self.store.reading() as books:
            mails = [mail for mail in books.mails(number) if mail.sha256]
            found = books.connection.execute(_SENT_OF.where(_OUTBOX.c.number == number)).mappings().all()
            sent = [books.seals.open("outbox", row) for row in found]
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
        for n, file in enumerate(self.parse(raw).files, 1):
            content = self.part(raw, file.sha256)
            if content is not None:
                yield f"attachments/{at:03}-{n:02} {_name(file.filename) or 'attachment.bin'}", content


def _name(written: str) -> str:
    """A name that no file system and no reader takes for a path."""
    return _UNFIT.sub("_", written).strip(" .")[:_LONGEST_NAME]


def _event_line(one: Chained) -> str:
    event = one.event
    facts: dict[str, Any] = {
        "seq": one.seq, "at": event.at.isoformat(timespec="microseconds"), "kind": event.kind, "actor": event.actor,
        "human": event.human, "data": event.data, "previous": one.previous, "hash": one.hash, "salt": one.salt,
        "digest": one.digest,
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


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
