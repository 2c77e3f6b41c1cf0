"""`maild doctor --mail ADDRESS`: one mail to ourselves and one to ADDRESS, and what became of them on the way.

Whether SPF, DKIM and DMARC pass and align is what the receiving server says (RFC 8601), of a trusted one alone. The
mail to ADDRESS is read where that is a mailbox of ours too; else its reader is told what to look for.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import make_msgid
from secrets import token_hex
from typing import Any

from maild.adapters.finding import Finding, bad, of_error, ok, warn
from maild.adapters.imap_connect import visited
from maild.adapters.imap_errors import Place
from maild.adapters.imap_folders import FolderNames
from maild.adapters.mailprobe import send_raw
from maild.domain.letter import LetterKind
from maild.domain.message import Address, Mail
from maild.domain.value import value
from maild.errors import MaildError
from maild.mail.authentication import aligned, domain_of, read_results
from maild.mail.compose import compose
from maild.mail.parse import parse
from maild.settings import MailboxSettings
from maild.workflow.probe import MARK, probe_address

_PAUSE = 1.0
_METHODS = ("spf", "dkim", "dmarc")
_DOMAINS = {"spf": ("smtp.mailfrom", "smtp.mail"), "dkim": ("header.d", "header.i"), "dmarc": ("header.from",)}


@value
class Posted:
    """A mail as it left."""

    mark: str
    message_id: str
    reply_to: str
    text: str
    raw: bytes


def check_mail(
    box: MailboxSettings, address: str, boxes: Sequence[MailboxSettings], words: str, *, now: datetime,
    patience: float = 60.0,
) -> Iterator[Finding]:  # fmt: skip
    """What became of both mails; `words` is their text, the first line the subject."""
    for to in dict.fromkeys((box.address, address)):
        posted = posted_to(box, to, words, now)
        check = f"mail to {to}"
        try:
            send_raw(box, to, posted.raw)
        except MaildError as error:
            yield of_error(check, error)
            continue
        reader = next((one for one in boxes if one.address.lower() == to.lower()), None)
        if reader is None:
            text = "sent; it is not a mailbox of ours, so its reader must look"
            yield warn(check, text, "see that it is no junk, comes from the shared address, and that a reply arrives")
            continue
        try:
            raw = arrived(reader, posted.mark, patience=patience)
        except MaildError as error:
            yield of_error(check, error)
            continue
        if raw is None:
            mend = "look among the junk and in the provider's filters; then run this again"
            yield bad(check, f"was sent and has not arrived within {patience:.0f} seconds", mend)
        else:
            yield from judged(posted, parse(raw), box, reader, check=check)


def posted_to(box: MailboxSettings, to: str, words: str, now: datetime) -> Posted:
    """The mail that will leave: its Reply-To is the plus-address that keys would travel in."""
    subject, _, text = words.partition("\n")
    mark, message_id = f"{MARK}{token_hex(12)}", make_msgid(domain=box.address.partition("@")[2])
    reply_to = probe_address(box.address)
    raw = compose(
        sender=Address(address=box.address, name=box.identity.name), to=Address(address=to), subject=subject,
        text=text.strip(), html="", date=now, message_id=message_id, maild_id=mark, kind=LetterKind.DIGEST,
        language="zh", reply_to=Address(address=reply_to),
    )  # fmt: skip
    return Posted(mark=mark, message_id=message_id, reply_to=reply_to, text=text.strip(), raw=raw)


def judged(
    posted: Posted, mail: Mail, box: MailboxSettings, reader: MailboxSettings, *, check: str
) -> Iterator[Finding]:
    """What the mail that arrived says of its way."""
    yield ok(check, "sent and arrived")
    yield from _authenticated(mail, box, reader, check)
    said = mail.message_id.strip("<>")
    if said == posted.message_id.strip("<>"):
        yield ok(f"{check}, Message-ID", "as it was sent; replies are known by it")
    else:
        text = "the provider wrote another; maild looks its mails up in Sent and remembers the new ones"
        yield warn(f"{check}, Message-ID", text, "let the Sent folder be kept, and see that sent is found")
    replies = [one.address.lower() for one in mail.reply_to]
    if replies == [posted.reply_to.lower()]:
        yield ok(f"{check}, Reply-To", f"{posted.reply_to} survived")
    else:
        text = f"the Reply-To {posted.reply_to} did not survive"
        yield warn(f"{check}, Reply-To", text, 'write plus_addressing = "false"; replies are then known by subject')
    rest = mail.text.replace(posted.text, "", 1).strip() if posted.text in mail.text else None
    if rest == "":
        yield ok(f"{check}, text", "as it was sent, without a banner")
    elif rest:
        yield warn(
            f"{check}, text", f"a banner was added ({rest[:60]!r})", "add its words to rules/common/banners.yaml"
        )
    else:
        yield warn(f"{check}, text", "it was changed on its way", "ask the provider which gateway rewrites mail")


def _authenticated(mail: Mail, box: MailboxSettings, reader: MailboxSettings, check: str) -> Iterator[Finding]:
    """SPF, DKIM and DMARC, each with whether it speaks for the domain of From."""
    trusted = {one.lower() for one in reader.trusted_authserv_ids}
    read = [read_results(header) for header in mail.authentication_results]
    results = next((results for server, results in read if server in trusted), None)
    if results is None:
        seen = ", ".join(sorted({server for server, _ in read if server})) or "none"
        mend = "write the receiving server's name into trusted_authserv_ids"
        yield warn(f"{check}, SPF DKIM DMARC", f"no result of a trusted server (results by: {seen})", mend)
        return
    own = domain_of(box.address)
    for method in _METHODS:
        mine = [result for result in results if result.method == method]
        passed = [result for result in mine if result.result == "pass"]
        domains = [domain_of(next(filter(None, map(one.get, _DOMAINS[method])), "")) for one in passed]
        name, where = f"{check}, {method.upper()}", _MENDS[method]
        if any(aligned(domain, own) for domain in domains):
            yield ok(name, f"passes and speaks for {own}")
        elif passed:
            yield warn(name, f"passes for {', '.join(domains) or 'another domain'}, not for {own}", where)
        elif mine:
            yield bad(name, f"{mine[0].result}", where)
        else:
            yield warn(name, "the receiving server says nothing of it", where)


_MENDS = {
    "spf": "name the sending server in the domain's SPF record (TXT v=spf1 ...)",
    "dkim": "switch DKIM on at the provider and publish its key under the domain",
    "dmarc": "publish _dmarc as TXT (v=DMARC1; p=none at first) once SPF or DKIM aligns",
}


def arrived(box: MailboxSettings, mark: str, *, patience: float) -> bytes | None:
    """The mail with this mark, wherever it lies, within so many seconds; None where it does not come."""
    end = time.monotonic() + patience
    with visited(Place(login=box.imap, account=box.address)) as client:
        while (raw := _found(client, box, mark)) is None and time.monotonic() < end:
            time.sleep(_PAUSE)
    return raw


def _found(client: Any, box: MailboxSettings, mark: str) -> bytes | None:
    """Looked for where it arrives, and where a daemon that runs beside us may have filed it."""
    names = FolderNames(client)
    filed = [folder for folder in (box.folders.processed, box.folders.quarantine) if names.exists(folder)]
    for folder in (*box.folders.inbox, *filter(None, [names.special("Junk")]), *filed):
        client.select_folder(names.server_name(folder), readonly=True)
        for uid in client.search(["HEADER", "X-Maild-Id", mark]):
            raw: bytes = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
            return raw
    return None
