"""What the rounds ask of a server besides fetching: marks of mails, old mails, removal, quota."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Any

from imapclient import DELETED
from imapclient.exceptions import IMAPClientError

from maild.adapters.imap_fetch import chunks
from maild.workflow.ports import Mark

_LISTED = re.compile(rb"\(([^()]*)\)\s*$")
_TRIPLE = re.compile(rb"([A-Za-z-]{1,64}) (\d{1,20}) (\d{1,20})")
_FIELDS = b"BODY.PEEK[HEADER.FIELDS (X-MAILD-ID MESSAGE-ID)]"


def marks(client: Any, uids: Sequence[int]) -> dict[int, Mark]:
    """X-Maild-Id and Message-ID of these mails; those that vanished are left out."""
    found: dict[int, Mark] = {}
    for some in chunks(uids):
        answers = client.fetch(list(some), [_FIELDS])
        found |= {uid: _mark(answer) for uid, answer in answers.items()}
    return found


def _mark(answer: dict[bytes, Any]) -> Mark:
    block = next((body for key, body in answer.items() if key.startswith(b"BODY[")), None)
    fields = BytesHeaderParser(policy=compat32).parsebytes(block or b"")
    message_id = re.search(r"<[^<>\s]+>", str(fields.get("Message-ID", "")))
    return Mark(maild_id=str(fields.get("X-Maild-Id", "")).strip(), message_id=message_id[0] if message_id else "")


def older(client: Any, before: datetime) -> list[int]:
    """UIDs of mails that arrived before that day (RFC 3501 SEARCH BEFORE), lowest first."""
    return sorted(client.search(["BEFORE", before.date()]))


def with_id(client: Any, message_id: str) -> list[int]:
    """UIDs of mails with this Message-ID (RFC 3501 SEARCH HEADER, which looks for a part of the field)."""
    bare = message_id.strip("<>")
    found = client.search(["HEADER", "Message-ID", bare]) if bare.isascii() and '"' not in bare else []
    return sorted(found)


def remove(client: Any, uids: Sequence[int]) -> None:
    """Delete exactly these; a plain EXPUNGE would take what a person marked as deleted along, and is never used."""
    if not client.has_capability("UIDPLUS"):
        return
    for some in chunks(uids):
        client.add_flags(list(some), [DELETED], silent=True)
        client.uid_expunge(list(some))


def quotas(client: Any) -> list[tuple[str, int, int]]:
    """Resource, usage and limit (RFC 9208, 5.1); none where the server refuses to tell.

    Read here, as the library stumbles over a root without a limit: `* QUOTA "User quota" ()`.
    """
    if not client.has_capability("QUOTA"):
        return []
    try:
        _, (_, found) = client._imap.getquotaroot('"INBOX"')
    except IMAPClientError:
        return []
    listed = [_LISTED.search(line) for line in found if isinstance(line, bytes)]
    triples = [triple for one in listed if one for triple in _TRIPLE.findall(one[1])]
    return [(name.decode().lower(), int(usage), int(most)) for name, usage, most in triples if int(most)]
