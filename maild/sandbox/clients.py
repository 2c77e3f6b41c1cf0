"""Mails as real clients write them, for the tour: plain, Foxmail, an iPhone's reply, an out-of-office, a bounce."""

import base64
from datetime import datetime
from email.header import Header
from email.message import Message
from email.utils import format_datetime, make_msgid, parseaddr

from maild.domain.value import value

BROKEN_PARTS = 12_000


@value
class Draft:
    """What the tour wants to have written."""

    sender: str
    to: str
    subject: str
    text: str
    at: datetime
    client: str = ""
    charset: str = "utf-8"
    reply_to: str = ""
    in_reply_to: str = ""
    quoted: str = ""


def write(draft: Draft) -> bytes:
    """The raw mail, CRLF line ends."""
    if draft.client == "broken":
        return _broken(draft)
    body = draft.text.rstrip() + _SIGNATURES.get(draft.client, "")
    if draft.quoted:
        body += f"\n\n{_quote(draft)}"
    lines = [
        *_headers(draft),
        f'Content-Type: text/plain; charset="{draft.charset}"',
        "Content-Transfer-Encoding: base64",
    ]
    payload = base64.encodebytes(body.replace("\n", "\r\n").encode(draft.charset)).decode().replace("\n", "\r\n")
    return ("\r\n".join(lines) + "\r\n\r\n" + payload).encode("ascii")


def bounce(original: Message, address: str, at: datetime) -> bytes:
    """A delivery report of the kind `failed` for a mail of ours (RFC 3464)."""
    headers = "\r\n".join(f"{name}: {original[name]}" for name in ("From", "To", "Message-ID", "X-Maild-Id"))
    return f"""\
Return-Path: <>\r
From: MAILER-DAEMON@mx.corp.example (Mail Delivery System)\r
To: {original["From"]}\r
Subject: Undelivered Mail Returned to Sender\r
Date: {format_datetime(at)}\r
Message-ID: {make_msgid(domain="mx.corp.example")}\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r
\r
--b1\r
Content-Type: text/plain; charset=us-ascii\r
\r
This is the mail system at host mx.corp.example. Your message could not be delivered.\r
--b1\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.corp.example\r
\r
Final-Recipient: rfc822; {address}\r
Action: failed\r
Status: 5.1.2\r
Diagnostic-Code: smtp; 550 5.1.2 host not found\r
\r
--b1\r
Content-Type: text/rfc822-headers\r
\r
{headers}\r
\r
--b1--\r
""".encode("utf-8", "replace")


def _quote(draft: Draft) -> str:
    """What the client puts below a reply."""
    if draft.client == "iphone":
        head = f"> 在 2026年11月24日，09:30，总经理信箱 <{draft.to}> 写道：\n>"
        return "\n".join([head, *(f"> {line}" for line in draft.quoted.splitlines())])
    head = f"------------------ 原始邮件 ------------------\n发件人: {draft.to}\n主题: {draft.subject}\n"
    return f"{head}\n{draft.quoted}"


def _headers(draft: Draft) -> list[str]:
    name, address = parseaddr(draft.sender)
    lines = [
        f"From: {Header(name, draft.charset).encode()} <{address}>" if name else f"From: {address}",
        f"To: {draft.to}",
        f"Subject: {Header(draft.subject, draft.charset, header_name='Subject').encode(linesep=chr(13) + chr(10))}",
        f"Date: {format_datetime(draft.at)}",
        f"Message-ID: {make_msgid(domain=address.partition('@')[2] or 'mail-odd.example')}",
        "MIME-Version: 1.0",
    ]
    if draft.reply_to:
        lines.append(f"Reply-To: {draft.reply_to}")
    if draft.in_reply_to:
        lines += [f"In-Reply-To: {draft.in_reply_to}", f"References: {draft.in_reply_to}"]
    return lines + _CLIENT_HEADERS.get(draft.client, [])


def _broken(draft: Draft) -> bytes:
    """More parts than any mail has: it is set apart before anything is parsed."""
    lines = [*_headers(draft), 'Content-Type: multipart/mixed; boundary="x"', ""]
    lines += ["--x\r\nContent-Type: text/plain\r\n\r\n."] * BROKEN_PARTS
    return "\r\n".join([*lines, "--x--", ""]).encode("ascii")


_CLIENT_HEADERS = {
    "foxmail": ["X-Mailer: Foxmail 7.2.25.331[cn]"],
    "iphone": ["X-Mailer: iPhone Mail (22B83)"],
    "out-of-office": ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Return-Path: <>"],
}
_SIGNATURES = {"iphone": "\n\n发自我的 iPhone"}
