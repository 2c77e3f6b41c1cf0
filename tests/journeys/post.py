"""Mails as people and machines write them, byte by byte where it matters."""

from base64 import b64encode
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import Any

from tests.journeys.desk import GM

CUSTOMER = "zhao.lei@mail-a.example"
COMPLAINT = "投诉：订单 88231 三周没有发货"
LETTER = "我三周前下单的空气炸锅一直没有发货，客服电话打了五次没有人接。我要求立即退款并赔偿。请给我一个答复。"


def mail(
    subject: str = COMPLAINT, text: str = LETTER, *, sender: str = CUSTOMER, to: str = GM,
    date: str = "Tue, 24 Nov 2026 09:00:00 +0800", files: Any = None, **fields: str,
) -> bytes:  # fmt: skip
    """A person's mail with files by name; further fields are named with underscores: `In_Reply_To="<1@a.example>"`."""
    made = EmailMessage(policy=SMTP.clone(header_factory=HeaderRegistry()))
    mark = sha256(f"{sender}{subject}{text}{date}".encode()).hexdigest()[:20]
    usual = {"From": sender, "To": to, "Subject": subject, "Date": date, "Message_ID": f"<{mark}@pc.example>"}
    for name, words in (usual | fields).items():
        if words:
            made[name.replace("_", "-")] = words
    made.set_content(text)
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def raw_mail(subject: bytes, body: bytes, *, charset: str, sender: str = CUSTOMER, extra: bytes = b"") -> bytes:
    """A mail with raw eight-bit bytes in the subject and a body labelled with this charset."""
    mark = sha256(subject + body + sender.encode()).hexdigest()[:20]
    return b"\r\n".join([
        b"From: " + sender.encode(), b"To: " + GM.encode(), b"Subject: " + subject,
        b"Date: Tue, 24 Nov 2026 09:00:00 +0800", f"Message-ID: <{mark}@pc.example>".encode(), b"MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={charset}".encode(), b"Content-Transfer-Encoding: base64", *([extra] if extra else []),
        b"", b64encode(body), b"",
    ])  # fmt: skip


def poison() -> bytes:
    """A mail past the bounds: parts within parts, deeper than any client makes them."""
    depth = 70
    begin = b"".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode() for level in range(depth)
    )
    head = f"From: {CUSTOMER}\r\nTo: {GM}\r\nSubject: bomb\r\nMessage-ID: <bomb@pc.example>\r\nMIME-Version: 1.0\r\n"
    return head.encode() + begin + b"Content-Type: text/plain\r\n\r\nboom\r\n"


def absence(sender: str, *, subject: str = "自动回复：外出", answers: str = "") -> bytes:
    """An out-of-office reply (RFC 3834)."""
    return mail(
        subject, "我正在出差，回来后尽快回复。", sender=sender, In_Reply_To=answers, Auto_Submitted="auto-replied"
    )


def bounce(recipient: str, *, original: bytes, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) about an outgoing mail."""
    headers = original.split(b"\r\n\r\n")[0].decode("utf-8", "surrogateescape")
    mark = sha256(original + action.encode()).hexdigest()[:16]
    text = "\r\n".join([
        "From: MAILER-DAEMON@mx.mail-a.example", f"To: {GM}", "Subject: Undelivered Mail Returned to Sender",
        "Date: Tue, 24 Nov 2026 10:00:00 +0800", f"Message-ID: <{mark}@mx.mail-a.example>", "Auto-Submitted: auto-replied",
        "Return-Path: <>", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=frontier", "",
        "--frontier", "Content-Type: text/plain", "", "The mail could not be delivered.",
        "--frontier", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.mail-a.example", "",
        f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "--frontier", "Content-Type: text/rfc822-headers", "", headers, "--frontier--", "",
    ])  # fmt: skip
    return text.encode("utf-8", "surrogateescape")
