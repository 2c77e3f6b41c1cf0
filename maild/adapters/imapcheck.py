"""Whether a mailbox's IMAP account is fit for maild; looks, and changes nothing on the server."""

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

from imapclient.exceptions import IMAPClientError, IMAPClientReadOnlyError

from maild.adapters.finding import Finding, bad, of_error, ok, warn
from maild.adapters.imap_connect import connected, hang_up
from maild.adapters.imap_errors import LIBRARY, Place, translated
from maild.adapters.imap_folders import FolderNames
from maild.adapters.imap_keeping import quotas
from maild.errors import MaildError
from maild.settings import MailboxSettings

Look = Callable[[MailboxSettings, Any], Iterator[Finding]]
_CAPABILITIES = ("IDLE", "ID", "MOVE", "UIDPLUS", "SPECIAL-USE", "NAMESPACE", "QUOTA")
_FULL, _NEARLY = 100, 80
_NEWEST = 20
_AUTHSERV_ID = re.compile(r"\s*(?:\([^)]*\)\s*)*\"?([^\s;\"()]+)")


def check_imap(box: MailboxSettings) -> Iterator[Finding]:
    """Login, capabilities, quota, folders, and what the provider says of who wrote."""
    place = Place(login=box.imap, account=box.address)
    check = f"imap {box.address}"
    try:
        client = connected(place)
    except (MaildError, *LIBRARY) as error:
        yield of_error(check, translated(error, place))
        return
    try:
        tls = "without TLS on this machine" if box.imap.security == "none" else f"{box.imap.security}, verified"
        yield ok(check, f"logged in at {box.imap.host}:{box.imap.port}, {tls}")
        for look in _LOOKS:
            yield from _looked(look, box, client, place)
    finally:
        with contextlib.suppress(*LIBRARY):
            client.logout()
        hang_up(client)


def _looked(look: Look, box: MailboxSettings, client: Any, place: Place) -> Iterator[Finding]:
    try:
        yield from look(box, client)
    except (MaildError, *LIBRARY) as error:
        yield of_error(f"{look.__name__.strip('_')} {box.address}", translated(error, place))


def _capabilities(box: MailboxSettings, client: Any) -> Iterator[Finding]:
    check = f"capabilities {box.address}"
    has = [name for name in _CAPABILITIES if client.has_capability(name)]
    lacks = [name for name in _CAPABILITIES if name not in has]
    text = f"has {' '.join(has) or 'none of those used'}" + (f", lacks {' '.join(lacks)}" if lacks else "")
    if "IDLE" in lacks:
        text += f"; new mail is seen by asking every {box.poll_seconds:g} s"
    if box.folders.after == "move" and {"MOVE", "UIDPLUS"} <= set(lacks):
        yield warn(
            check, f"{text}; done mail would be copied and not removed", 'write after = "keyword" in [mailbox.folders]'
        )
    else:
        yield ok(check, text)


def _quota(box: MailboxSettings, client: Any) -> Iterator[Finding]:
    """RFC 9208; the server counts storage in units of 1024 bytes."""
    check = f"quota {box.address}"
    stored = [row for row in quotas(client) if row[0] in {"storage", "message"}]
    if not stored:
        yield ok(check, "the server tells no limit")
    for resource, usage, limit in stored:
        yield quota_finding(check, resource, usage, limit)


def quota_finding(check: str, resource: str, usage: int, limit: int) -> Finding:
    """How full a mailbox is; past 80 % it is to be mended (casework 1)."""
    share = usage * 100 // limit
    text = f"{share} % of the {resource} is used ({usage} of {limit}{' KiB' if resource == 'storage' else ''})"
    mend = "remove old mail whose archive copy agrees, or ask for more room"
    if share >= _FULL:
        return bad(check, f"{text}: no mail comes in any more", mend)
    return warn(check, text, mend) if share >= _NEARLY else ok(check, text)


def _sealed(box: MailboxSettings, client: Any) -> Iterator[Finding]:
    """Whether originals of sealed letters leave the server (security.md, "The seal")."""
    check = f"sealed {box.address}"
    if box.folders.sealed == "as-others":
        text = "the originals of sealed letters stay on the mail server, readable by whoever has its password"
        yield warn(check, text, 'write sealed = "expunge" in [mailbox.folders]')
    elif not client.has_capability("UIDPLUS"):
        text = "the server has no UIDPLUS, so that no mail can be removed alone: the originals of sealed letters stay"
        yield warn(check, text, "give the mailbox's password to custodians alone, or use another server")
    else:
        yield ok(check, "the originals of sealed letters are removed once the archive has them")


def _folders(box: MailboxSettings, client: Any) -> Iterator[Finding]:
    check = f"folders {box.address}"
    names = FolderNames(client)
    for name in box.folders.inbox:
        yield _inbox(client, names, name, box)
    if box.folders.after == "move":
        targets = (box.folders.processed, box.folders.quarantine)
        missing = [name for name in targets if not client.folder_exists(names.server_name(name))]
        yield ok(
            check, f"{' and '.join(missing)} will be made when needed" if missing else f"{' and '.join(targets)} exist"
        )
    for use, said in (("Sent", box.folders.sent), ("Junk", box.folders.junk)):
        yield _special(client, names, use, (said, box.address))


def _inbox(client: Any, names: FolderNames, name: str, box: MailboxSettings) -> Finding:
    check = f"folder {name} of {box.address}"
    try:
        answer = client.select_folder(names.server_name(name))
    except IMAPClientReadOnlyError:
        text = "is read-only: done mail is left where it is"
        return warn(check, text, 'give the account the right to write, or write after = "leave" in [mailbox.folders]')
    except IMAPClientError as error:
        if client.folder_exists(names.server_name(name)):
            return bad(check, f"cannot be opened ({error})", "give the account the right to read it")
        return bad(check, "does not exist", "correct inbox in [mailbox.folders], or make the folder")
    if b"UIDVALIDITY" not in answer:
        return bad(check, "has no UIDVALIDITY: mails cannot be told apart", "use another server or folder")
    return ok(check, f"opened, {answer.get(b'EXISTS', 0)} mails")


def _special(client: Any, names: FolderNames, use: str, said_address: tuple[str, str]) -> Finding:
    said, address = said_address
    check = f"folder {use} of {address}"
    found = names.special(use) if said == "auto" else said
    if found and client.folder_exists(names.server_name(found)):
        return ok(check, found)
    text = f"{said} does not exist" if said != "auto" else "is not found by flag or by its usual names"
    return warn(check, text, f'write {use.lower()} = "its name" in [mailbox.folders], or make it')


def _authentication(box: MailboxSettings, client: Any) -> Iterator[Finding]:
    """Whose word counts on who really wrote (RFC 8601; security.md, "When a mail is believed")."""
    check = f"authentication {box.address}"
    seen = _results_seen(client, box.folders.inbox[0])
    names = ", ".join(f"{name} ({count})" for name, count in seen.most_common(3))
    if not box.trusted_authserv_ids:
        cost = (
            "no trusted_authserv_ids: a forged From is not noticed, so commands count by key and From alone, sensitive"
            " ones are asked back by a second mail, and those that begin a conversation wait for the coordinator"
        )
        newest = f"the newest mails say: {names}" if names else "the newest mails say nothing"
        mend = f"if your own provider writes Authentication-Results, put its name there ({newest}); else leave it empty"
        yield warn(check, cost, mend)
    elif seen and not seen.keys() & {name.lower() for name in box.trusted_authserv_ids}:
        text = f"none of the newest mails has a result of {', '.join(box.trusted_authserv_ids)}, but of {names}"
        yield warn(check, text, "correct trusted_authserv_ids, if one of these is your own provider")
    else:
        yield ok(check, f"results of {', '.join(box.trusted_authserv_ids)} are believed")


def _results_seen(client: Any, folder: str) -> Counter[str]:
    """Who wrote the topmost Authentication-Results of the newest mails; none where the folder is missing."""
    own = FolderNames(client).server_name(folder)
    if not client.folder_exists(own):
        return Counter()
    highest = client.select_folder(own, readonly=True).get(b"UIDNEXT", 1) - 1
    uids = client.search(["UID", f"{max(1, highest - 10 * _NEWEST)}:{highest}"])[-_NEWEST:] if highest > 0 else []
    found = client.fetch(uids, [b"BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]"]) if uids else {}
    blocks = (block for mail in found.values() for key, block in mail.items() if key.startswith(b"BODY["))
    topmost = (message_from_bytes(block or b"")["Authentication-Results"] for block in blocks)
    words = (_AUTHSERV_ID.match(str(line)) for line in topmost if line is not None)
    return Counter(word.group(1).lower() for word in words if word)


_LOOKS: tuple[Look, ...] = (_capabilities, _quota, _folders, _sealed, _authentication)
