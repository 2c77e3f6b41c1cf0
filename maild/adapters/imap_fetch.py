"""Reading mails off the server in batches whose bytes are bounded; none of it knows about connections.

The library drops what it cannot match to explicit UIDs, so that UIDs are searched first and fetched by number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from maild.workflow.ports import Fetched, Waiting

T = TypeVar("T")

WINDOW = 5000
_SEARCH_SAFE = 60_000
"""Mails whose UIDs fit into one SEARCH answer: imaplib takes a line of 1 MB."""
_COMMAND_UIDS = 500
_BATCH_BYTES = 8 << 20
_BATCH_MAILS = 50
_WHOLE = 16 << 20
_CHUNK = 1 << 20


def chunks(items: Sequence[T], size: int = _COMMAND_UIDS) -> Iterator[Sequence[T]]:
    """The items in runs short enough for one command line."""
    return (items[start : start + size] for start in range(0, len(items), size))


def uids_between(client: Any, after: int, until: int, exists: int) -> Iterator[int]:
    """The UIDs with after < UID < until, lowest first, asked for in windows that bound the answer."""
    width = max(until - after, WINDOW) if exists <= _SEARCH_SAFE else WINDOW
    low = after + 1
    while low < until:
        high = min(low + width, until) - 1
        found = {uid for uid in client.search(["UID", f"{low}:{high}"]) if low <= uid <= high}
        yield from sorted(found)
        low = high + 1
        # UIDs may lie far apart: an empty stretch is crossed in wider steps.
        width = min(width * 2, _SEARCH_SAFE) if len(found) < WINDOW // 4 and width < _SEARCH_SAFE else width


def highest_uid(client: Any) -> int:
    """The UID of the last mail, for servers that don't announce UIDNEXT; 0 in an empty folder."""
    return max(client.search(["UID", "*"]), default=0)


def waiting(client: Any, uids: Sequence[int]) -> list[Waiting]:
    """Size and date of these mails; those that vanished are left out."""
    found = client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
    return [_waiting(uid, found[uid]) for uid in uids if uid in found]


def _waiting(uid: int, answer: Mapping[bytes, Any]) -> Waiting:
    size = answer.get(b"RFC822.SIZE")
    return Waiting(uid=uid, size=int(size or 0), internal_date=aware(answer.get(b"INTERNALDATE")) or datetime.now(UTC))


def aware(date: datetime | None) -> datetime | None:
    """The date in UTC; without a zone it is taken for UTC."""
    if date is None:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def batches(mails: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    """The mails in their order, at most 50 and 8 MB together; a larger one stands alone."""
    batch: list[Waiting] = []
    size = 0
    for mail in mails:
        if batch and (len(batch) == _BATCH_MAILS or size + mail.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
    if batch:
        yield batch


def bodies(client: Any, batch: Sequence[Waiting]) -> dict[int, Fetched]:
    """The raw mails of one batch, never setting Seen; those that vanished or came without content are left out."""
    if len(batch) == 1 and batch[0].size > _WHOLE:
        return _in_chunks(client, batch[0])
    found = client.fetch([mail.uid for mail in batch], ["BODY.PEEK[]", "INTERNALDATE"])
    answers = ((mail, found.get(mail.uid, {})) for mail in batch)
    return {
        mail.uid: _fetched(mail, answer[b"BODY[]"], answer.get(b"INTERNALDATE"))
        for mail, answer in answers
        if answer.get(b"BODY[]") is not None
    }


def _fetched(mail: Waiting, raw: object, date: datetime | None) -> Fetched:
    if not isinstance(raw, bytes):
        raise TypeError(f"UID {mail.uid} came with a body that is no text")
    return Fetched(uid=mail.uid, raw=raw, internal_date=aware(date) or mail.internal_date)


def _in_chunks(client: Any, mail: Waiting) -> dict[int, Fetched]:
    """A large mail by RFC 3501 partial fetches, until the server has no more."""
    raw = bytearray()
    while True:
        answer = client.fetch([mail.uid], [f"BODY.PEEK[]<{len(raw)}.{_CHUNK}>"]).get(mail.uid, {})
        part = answer.get(f"BODY[]<{len(raw)}>".encode())
        if part is None and not raw:
            return {}
        raw += part or b""
        if len(part or b"") < _CHUNK:
            return {mail.uid: Fetched(uid=mail.uid, raw=bytes(raw), internal_date=mail.internal_date)}


def still_there(client: Any, uids: Sequence[int]) -> list[int]:
    """Which of these the folder still holds."""
    found: set[int] = set()
    for some in chunks(uids):
        found.update(client.search(["UID", ",".join(map(str, some))]))
    return [uid for uid in uids if uid in found]
