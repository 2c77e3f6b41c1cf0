"""The list of erasures, kept beside the backups: what was erased stays erased when an older backup is restored.

A backup of yesterday still holds what was erased today. The list says which cases, and by the digests of their mails
what must not come in again; it holds no word of them. `maild backup` and each erasure write it, `maild restore` reads
it and erases again what it brought back.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from maild.adapters import erasedtable
from maild.adapters.archive import FileArchive
from maild.adapters.backup import ARCHIVE
from maild.adapters.dialects import INSERTS
from maild.adapters.erasing import Eraser
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.adapters.tables import METADATA
from maild.domain.audit import ERASED
from maild.domain.erasure import QUOTED, Order
from maild.domain.retention import Goes
from maild.domain.value import value
from maild.errors import Misconfigured
from maild.workflow.books import ERASED_MAIL

FILE = "erasures.json"
BACKUPS = "backup folder"
"""Under which name is remembered where the last backup was written."""
_EVENT, _MAIL = TABLES["event"], TABLES["mail"]
_ERASED = METADATA.tables[str(erasedtable.ErasedRow.__tablename__)]


@value
class CaseErased:
    """One case that was erased, as its history says it."""

    number: str
    at: str
    by: str
    reason: str
    goes: str
    rule: str = ""


@value
class Erasures:
    """What a list of erasures holds."""

    cases: tuple[CaseErased, ...] = ()
    raws: tuple[tuple[str, str, str], ...] = ()
    """Digest of the bytes, case, moment."""
    mails: tuple[tuple[str, str, str, str], ...] = ()
    """Pack, digest of the content, mailbox, moment of arrival."""

    def __add__(self, other: "Erasures") -> "Erasures":
        names = self.__dataclass_fields__
        return Erasures(**{name: tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name)))) for name in names})


def erasures(store: Store) -> Erasures:
    """Everything that was erased from this database."""
    with store.reading() as books:
        events = books.connection.execute(select(_EVENT).where(_EVENT.c.kind == ERASED)).mappings().all()
        opened = [books.seals.open("event", row) for row in events]
        raws = books.connection.execute(select(_ERASED)).all()
        mails = books.connection.execute(select(_MAIL).where(_MAIL.c.disposition == ERASED_MAIL)).all()
    return Erasures(
        cases=tuple(_case(row) for row in opened if row["data"].get("goes") != QUOTED),
        raws=tuple((row.digest, row.number, row.at.isoformat()) for row in raws),
        mails=tuple((row.pack, row.fingerprint, row.mailbox, row.received.isoformat()) for row in mails),
    )


def read_erasures(folder: Path) -> Erasures:
    """The list in this folder, empty where there is none; `Misconfigured` where it cannot be read."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        cases = tuple(CaseErased(**one) for one in data.get("cases", ()))
        rows: dict[str, Any] = {name: tuple(map(tuple, data.get(name, ()))) for name in ("raws", "mails")}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Misconfigured(
            f"{path}: this is no list of erasures; put it back from another copy of the folder."
        ) from error
    return Erasures(cases=cases, **rows)


def keep_beside(store: Store, folder: Path) -> Erasures:
    """Write the list into a folder of backups, with what stands there already, and take the raw mails out of it."""
    whole = read_erasures(folder) + erasures(store)
    lists: dict[str, list[object]] = {"cases": [_plain(one) for one in whole.cases]}
    lists |= {"raws": list(whole.raws), "mails": list(whole.mails)}
    draft = folder / f".{FILE}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(lists, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(folder / FILE)
    copies = FileArchive(folder / ARCHIVE)
    for digest, _, _ in whole.raws:
        copies.drop(digest)
    return whole


def erase_again(eraser: Eraser, known: Erasures) -> int:
    """Erase what a restore brought back, and let none of it come in again; how many cases these were."""
    there = {case.number: case for case in eraser.cases()}
    orders: dict[tuple[str, ...], set[str]] = {}
    for one in known.cases:
        if one.number in there and there[one.number].erased not in {one.goes, Goes.EVERYTHING}:
            orders.setdefault((one.at, one.by, one.reason, one.goes, one.rule), set()).add(one.number)
    for (at, by, reason, goes, rule), numbers in sorted(orders.items()):
        eraser.erase(Order(numbers=frozenset(numbers), goes=Goes(goes), by=by, reason=reason, rule=rule, again=True,
                           at=datetime.fromisoformat(at)))  # fmt: skip
    _remember(eraser.store, known)
    eraser.finish()
    return sum(map(len, orders.values()))


def _remember(store: Store, known: Erasures) -> None:
    """Digests of mails that came after the backup was taken, and of raw mails."""
    with store.writing() as books:
        insertion: Callable[[Any], Any] = INSERTS[books.connection.dialect.name]
        raws = [{"digest": digest, "number": number, "at": datetime.fromisoformat(at)}
                for digest, number, at in known.raws]  # fmt: skip
        mails = list(_tombstones(known))
        for table, rows in ((_ERASED, raws), (_MAIL, mails)):
            if rows:
                books.connection.execute(insertion(table).on_conflict_do_nothing(), rows)


def _tombstones(known: Erasures) -> Iterator[dict[str, Any]]:
    for pack, fingerprint, mailbox, received in known.mails:
        yield {
            "pack": pack, "fingerprint": fingerprint, "mailbox": mailbox, "received": datetime.fromisoformat(received),
            "message_id": "", "sha256": "", "author": "", "subject": "", "disposition": ERASED_MAIL, "number": None,
            "command_done": False,
        }  # fmt: skip


def _case(row: Any) -> CaseErased:
    data = row["data"]
    return CaseErased(
        number=row["number"], at=row["at"].isoformat(), by=row["actor"], reason=str(data.get("reason", "")),
        goes=str(data.get("goes", "")), rule=str(data.get("rule", "")),
    )  # fmt: skip


def _plain(one: CaseErased) -> dict[str, str]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
