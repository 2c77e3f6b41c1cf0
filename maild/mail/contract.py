"""A mail as `maild parse --json` prints it; every key is always there (parse-contract.md)."""

from maild.domain.message import Address, Automatic, Delivery, Mail

_MACHINE = frozenset(
    {Automatic.REPLY, Automatic.GENERATED, Automatic.BULK, Automatic.LIST, Automatic.READ_RECEIPT},
)


def as_json(mail: Mail, file: str) -> dict[str, object]:
    """The mail in plain types that JSON can hold."""
    return {
        "file": _printable(file),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "from": _author(mail),
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "fresh_text": mail.fresh_text,
        "html": mail.html,
        "attachments": [
            {"filename": one.filename, "content_type": one.content_type, "size": one.size, "sha256": one.sha256}
            for one in mail.attachments
        ],
        "linked_files": [
            {"filename": one.name, "host": one.host, "size": one.size or None, "until": one.until or None}
            for one in mail.linked_files
        ],
        "locked": mail.locked.value if mail.locked else None,
        "wordless": mail.wordless.value if mail.wordless else None,
        **_bounce(mail),
        "is_auto_reply": mail.automatic in _MACHINE,
        "auto_reason": mail.automatic_reason,
        "is_list": mail.automatic is Automatic.LIST or "list-id" in mail.headers,
        "lang": mail.lang or None,
        "charset_defects": list(mail.charset_defects),
        "defects": list(mail.defects),
    }


def _bounce(mail: Mail) -> dict[str, object]:
    """Only a delivery that failed for good is a bounce (RFC 3464 section 2.3.3)."""
    failed = mail.report is not None and mail.report.action is Delivery.FAILED
    recipients = mail.report.recipients if mail.report is not None and failed else ()
    return {
        "is_bounce": failed,
        "bounce_recipients": [one.address for one in recipients],
        "bounce_status": next((one.status for one in recipients if one.status), None),
    }


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _author(mail: Mail) -> dict[str, str] | None:
    """Name and address, in the capitals in which the writer's mailer wrote them."""
    if not (mail.author.address or mail.author.name):
        return None
    written = mail.headers.get("from", "")
    at = written.lower().find(mail.author.address)
    address = written[at : at + len(mail.author.address)] if at >= 0 else mail.author.address
    return {"name": mail.author.name, "address": address}


def _printable(text: str) -> str:
    """A file name that holds bytes of another charset, so that UTF-8 can print it."""
    return text.encode("utf-8", "replace").decode()
