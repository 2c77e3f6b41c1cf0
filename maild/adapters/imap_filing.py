"""Putting mails into folders: MOVE where the server has it, else what is as safe, never a plain EXPUNGE."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from imapclient import DELETED, SEEN
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from maild.adapters.imap_fetch import still_there
from maild.adapters.imap_folders import FolderNames

KEYWORD = "$maild"
"""Marks a mail as done where it cannot be moved."""


def move(client: Any, names: FolderNames, uids: Sequence[int], folder: str) -> None:
    """Move these mails; after a refusal once more with a fresh look at folders and mails."""
    if not (client.has_capability("MOVE") or client.has_capability("UIDPLUS")):
        client.add_flags(list(uids), [KEYWORD], silent=True)
        return
    try:
        _moved(client, uids, names.ensure(folder))
    except IMAPClientError as error:
        if not _is_refusal(error):
            raise
        names.forget()
        if left := still_there(client, uids):
            _moved(client, left, names.ensure(folder))


def _moved(client: Any, uids: Sequence[int], target: str) -> None:
    """RFC 6851 MOVE, or its three steps with RFC 4315 UID EXPUNGE, which touches no mail but these."""
    if client.has_capability("MOVE"):
        client.move(list(uids), target)
        return
    client.copy(list(uids), target)
    client.add_flags(list(uids), [DELETED], silent=True)
    client.uid_expunge(list(uids))


def append(client: Any, names: FolderNames, folder: str, mail: tuple[bytes, datetime]) -> None:
    """Append a mail as seen; after a refusal once more with a fresh look at the folders."""
    raw, at = mail
    try:
        client.append(names.ensure(folder), raw, [SEEN], at)
    except IMAPClientError as error:
        if not _is_refusal(error):
            raise
        names.forget()
        client.append(names.ensure(folder), raw, [SEEN], at)


def _is_refusal(error: IMAPClientError) -> bool:
    """Whether the server said NO, after which the connection can still be used."""
    return not isinstance(error, IMAPClientAbortError | ProtocolError)
