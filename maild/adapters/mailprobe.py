"""Small mails that `maild init` and `maild doctor` send by themselves: the plus-address probe and the test mail."""

import asyncio
import secrets
import time
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from maild.adapters.imap_connect import visited
from maild.adapters.imap_errors import Place
from maild.adapters.imap_folders import FolderNames
from maild.adapters.smtp import SmtpSender
from maild.domain.letter import LetterKind
from maild.domain.message import Address
from maild.errors import Permanent
from maild.mail.compose import compose
from maild.settings import MailboxSettings
from maild.workflow.probe import MARK, probe_address

_PAUSE = 1.0


def send_mail(box: MailboxSettings, to: str, words: str, *, now: datetime, mark: str = "") -> None:
    """Send one plain mail from the shared address; the first line of `words` is its subject. `MaildError`."""
    subject, _, text = words.partition("\n")
    raw = compose(
        sender=Address(address=box.address, name=box.identity.name), to=Address(address=to), subject=subject,
        text=text.strip(), html="", date=now, message_id=make_msgid(domain=box.address.partition("@")[2]),
        maild_id=mark or secrets.token_hex(12), kind=LetterKind.DIGEST, language="zh",
    )  # fmt: skip
    send_raw(box, to, raw)


def send_raw(box: MailboxSettings, to: str, raw: bytes) -> None:
    """Send one mail as it is. `MaildError` where it is not taken."""
    asyncio.run(_sent(box, to, raw))


def send_probe(box: MailboxSettings, words: str, *, now: datetime) -> str:
    """Send the probe to the plus-address; returns its mark, which nobody can guess."""
    mark = f"{MARK}{secrets.token_hex(12)}"
    send_mail(box, probe_address(box.address), words, now=now, mark=mark)
    return mark


def probe_is_there(box: MailboxSettings, mark: str, *, patience: float) -> bool:
    """Whether the probe lies in the inbox, or among the junk, within so many seconds. `MaildError`."""
    end = time.monotonic() + patience
    with visited(Place(login=box.imap, account=box.address)) as client:
        names = FolderNames(client)
        folders = [*box.folders.inbox, *filter(None, [names.special("Junk")])]
        while not any(_holds(client, names.server_name(folder), mark) for folder in folders):
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE)
    return True


def _holds(client: Any, folder: str, mark: str) -> bool:
    client.select_folder(folder, readonly=True)
    return bool(client.search(["HEADER", "X-Maild-Id", mark]))


async def _sent(box: MailboxSettings, to: str, raw: bytes) -> None:
    sender = SmtpSender(box.smtp, patience=30.0)
    try:
        (result,) = await sender.send(box.address, [to], raw)
    finally:
        await sender.close()
    if not result.accepted:
        raise Permanent(f"{box.smtp.host} did not take the mail to {to}: {result.code} {result.text}")
