"""The heads of all event chains, kept outside the database: what is cut off, taken away or set back there is missed.

A chain proves that nothing in it was changed; that it ends where it ended yesterday nothing in the database can prove.
So the place and hash of each head, and how many numbers were given, are written beside the secrets of the reply keys,
each night, and whenever `maild audit verify` found that all holds. The hashes stand there as
HMAC-SHA256 by a key of those secrets: who has the database alone can neither guess from them nor write such a file.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from maild.adapters.chains import Broken
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.audit import ERASED
from maild.domain.replykey import ReplyKeys
from maild.domain.value import value

FILE = "audit-heads.json"
KEPT = "audit heads kept"
"""Under which name the database remembers that there is such a file."""
_CASE, _EVENT, _COUNTER = (TABLES[name] for name in ("case", "event", "counter"))
_GIVEN = "case:"


@value
class _Heads:
    """What the file says: by number the place of the last event and its closed hash, by counter how many there were."""

    at: str = ""
    heads: Mapping[str, tuple[int, str]]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Anchors:
    """The file of one installation; `keys` are those of its reply keys."""

    path: Path
    keys: ReplyKeys

    def keep(self, store: Store, now: datetime) -> None:
        """Write the heads down as they are now; a file that was changed by others is never written over."""
        before = self._read()
        known = before.heads if before else {}
        with store.reading() as books:
            rows = books.connection.execute(select(_CASE.c.number, _CASE.c.last_seq, _CASE.c.last_hash)).all()
            heads = {
                row.number: known[row.number] if known.get(row.number, (0, ""))[0] == row.last_seq
                else (row.last_seq, self._closed(row.number, row.last_seq, str(
                    books.seals.opened("case", "last_hash", row.last_hash, row.number))))
                for row in rows
            }  # fmt: skip
            counted = select(_COUNTER.c.name, _COUNTER.c.value).where(_COUNTER.c.name.startswith(_GIVEN))
            counts = {row.name: row.value for row in books.connection.execute(counted)}
        if before is None and self.path.exists():
            return
        body = {"at": now.isoformat(), "heads": heads, "counts": counts}
        draft = self.path.with_name(f".{FILE}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(body | {"mac": self._mac(body, self.keys.current)}), "utf-8")
        draft.replace(self.path)
        with store.writing() as books:
            books.mark_time(KEPT, now)

    def broken(self, store: Store) -> list[Broken]:
        """What the database lacks of what it once had."""
        known = self._read()
        with store.reading() as books:
            is_kept = books.marked_time(KEPT) is not None
            if known is None and self.path.exists():
                return [("", 0, f"{self.path} was changed; put it back from another copy")]
            if known is None:
                return [("", 0, f"{self.path} is gone; put it back from another copy")] if is_kept else []
            found = list(self._missed(known, books))
        return sorted(found)

    def _missed(self, known: _Heads, books: Any) -> Iterator[Broken]:
        numbers = set(books.connection.execute(select(_CASE.c.number)).scalars())
        for name, count in known.counts.items():
            now = books.connection.execute(select(_COUNTER.c.value).where(_COUNTER.c.name == name)).scalar()
            if (now or 0) < count:
                yield (
                    name.removeprefix(_GIVEN),
                    0,
                    f"{count} numbers had been given by {known.at[:10]}, and now {now or 0}",
                )
        for number, (seq, closed) in known.heads.items():
            if number not in numbers:
                yield number, 1, f"the case was there on {known.at[:10]} and is gone"
            elif seq and (why := self._why(books, number, seq, closed)):
                yield number, seq, why.format(day=known.at[:10])

    def _why(self, books: Any, number: str, seq: int, closed: str) -> str:
        row = (
            books.connection.execute(select(_EVENT).where(_EVENT.c.number == number, _EVENT.c.seq == seq))
            .mappings()
            .first()
        )
        if row is None:
            return "it was there on {day}, and is cut off or set back since"
        made = str(books.seals.open("event", row)["hash"])
        if any(hmac.compare_digest(closed, self._closed(number, seq, made, one)) for one in self.keys.secrets):
            return ""
        return "" if _is_closed_anew(books, number, seq) else "it is not what it was on {day}"

    def _read(self) -> _Heads | None:
        """None where the file is missing, or was not written by this installation."""
        try:
            body: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            mac = str(body.pop("mac"))
            if not any(hmac.compare_digest(mac, self._mac(body, one)) for one in self.keys.secrets):
                return None
            heads = {number: (int(seq), str(closed)) for number, (seq, closed) in body["heads"].items()}
            return _Heads(at=body["at"], heads=heads, counts=body["counts"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _closed(self, number: str, seq: int, made: str, key_id: str = "") -> str:
        return hmac.digest(
            self._key(key_id or self.keys.current), f"{number} {seq} {made}".encode(), hashlib.sha256
        ).hex()

    def _mac(self, body: Mapping[str, Any], key_id: str) -> str:
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return hmac.digest(self._key(key_id), text.encode(), hashlib.sha256).hex()

    def _key(self, key_id: str) -> bytes:
        return hmac.digest(self.keys.secrets[key_id], b"maild audit heads", hashlib.sha256)


def _is_closed_anew(books: Any, number: str, seq: int) -> bool:
    """Whether an erasure behind it closed a chain of an early version anew, which its event says."""
    query = select(_EVENT).where(_EVENT.c.number == number, _EVENT.c.kind == ERASED, _EVENT.c.seq > seq)
    rows = books.connection.execute(query).mappings().all()
    return any(books.seals.open("event", row)["data"].get("closed_anew") for row in rows)
