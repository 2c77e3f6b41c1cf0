"""The sandbox's mails as .eml files: one folder an account, an index beside them for UIDs, dates and flags."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from maild.sandbox.imapd import ImapDesk, KeywordMailbox, Stored

_INDEX = "index.json"


def _path(folder: str) -> Path:
    """A folder name as a relative path that stays below the account."""
    parts = [part.strip(". ") or "_" for part in folder.replace("\\", "/").split("/")]
    return Path(*parts)


async def save(desk: ImapDesk, base: Path) -> None:
    """Write every account; files of mails that are gone are removed."""
    for address in desk.accounts():
        home = base / address
        home.mkdir(parents=True, exist_ok=True)
        names = desk.folders(address).names()
        index = {name: _write(await desk.folders(address).folder(name), home / _path(name)) for name in names}
        (home / _INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1), "utf-8")


def _write(folder: KeywordMailbox, where: Path) -> dict[str, Any]:
    where.mkdir(parents=True, exist_ok=True)
    mails = folder.stored()
    kept = {f"{mail.uid}.eml" for mail in mails}
    for old in where.glob("*.eml"):
        if old.name not in kept:
            old.unlink()
    for mail in mails:
        (where / f"{mail.uid}.eml").write_bytes(mail.raw)
    entries = {str(m.uid): {"date": m.internal_date.isoformat(), "flags": sorted(m.flags)} for m in mails}
    return {"uidvalidity": folder.uid_validity, "max_uid": folder.max_uid, "mails": entries}


async def load(desk: ImapDesk, base: Path) -> None:
    """Read back what `save` wrote, with the same UIDs."""
    for address in desk.accounts():
        index = base / address / _INDEX
        if index.is_file():
            for name, entry in json.loads(index.read_text("utf-8")).items():
                await _read(await desk.folders(address).folder(name), base / address / _path(name), entry)


async def _read(folder: KeywordMailbox, where: Path, entry: dict[str, Any]) -> None:
    for uid, about in sorted(entry["mails"].items(), key=lambda item: int(item[0])):
        raw, date = (where / f"{uid}.eml").read_bytes(), datetime.fromisoformat(about["date"])
        await folder.restore(Stored(uid=int(uid), raw=raw, internal_date=date, flags=frozenset(about["flags"])))
    folder.renumber(entry["uidvalidity"], entry["max_uid"])
