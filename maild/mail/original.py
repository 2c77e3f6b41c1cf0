"""The outgoing mail that a delivery report speaks of: its Message-ID, our X-Maild-Id, its subject."""

import email.errors
import email.header
import email.parser
import re
from dataclasses import dataclass
from email.message import Message

_RETURNED = (
    ("message/rfc822"),
    ("text/rfc822-headers"),
    ("message/global"),
    ("message/global-headers"),
    ("message/rfc822-headers"),
)
_IN_TEXT = re.compile(
    (r"^[ \t>]{0,6}(message-id|x-maild-id|subject)\s{0,3}:[ \t]*(.{1,900})$"), re.IGNORECASE | re.MULTILINE
)
_ID = re.compile(r"<([^<>\s]{1,300})>")
_SUBJECT_LABEL = re.compile(
    (
        r"(?:^|(?<=\s))(?:主[\s\u3000]{0,4}题|邮件主题|原邮件主题|主旨|"
        r"subject)[ \t]*[:：]?\s{0,6}([^\s:：].{0,300}?)(?=\s*$|\s时\s{0,4}间)"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_MAX_PARTS = 60


@dataclass(frozen=True)
class Original:
    """What a report says of the mail that it returns; empty where it is silent."""

    message_id: str = ""
    maild_id: str = ""
    subject: str = ""


def original_in(message: Message, text: str) -> Original:
    """From the returned mail or its headers (RFC 3464 section 2), else from a copy within the text."""
    for part in _returned(message):
        found = _of_headers(part)
        if found.message_id or found.subject or found.maild_id:
            return found
    return _of_text(text)


def _returned(message: Message) -> list[Message]:
    """Headers of attached mails, the first level only."""
    found: list[Message] = []
    waiting = [message]
    for _ in range(_MAX_PARTS):
        if not waiting:
            break
        part = waiting.pop(0)
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and _is_report(payload[0]):
            waiting.extend(one for one in payload if isinstance(one, Message))
        elif kind in _RETURNED:
            found.append(_headers_of(part))
        elif isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting.extend(one for one in payload if isinstance(one, Message))
    return found


def _is_report(part: Message | str) -> bool:
    """A gateway passed on another server's report; the returned mail is within it."""
    return isinstance(part, Message) and part.get_content_type() == "multipart/report"


def _headers_of(part: Message) -> Message:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if isinstance(inner, Message) and inner.keys():
        return inner
    content = inner.get_payload(decode=True) if isinstance(inner, Message) else part.get_payload(decode=True)
    raw = content[:64_000].decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return email.parser.HeaderParser().parsestr(raw.lstrip("\r\n"))


def _of_headers(headers: Message) -> Original:
    identity = _ID.search(str(headers.get("Message-ID") or ""))
    return Original(
        message_id=identity[1] if identity else "",
        maild_id=" ".join(str(headers.get("X-Maild-Id") or "").split())[:300],
        subject=readable(str(headers.get("Subject") or "")),
    )


def _of_text(text: str) -> Original:
    fields: dict[str, str] = {}
    for name, content in _IN_TEXT.findall(text[:200_000]):
        fields.setdefault(name.lower(), content.strip())
    identity = _ID.search(fields.get("message-id", ""))
    label = _SUBJECT_LABEL.search(text[:20_000])
    return Original(
        message_id=identity[1] if identity else "",
        maild_id=fields.get("x-maild-id", ""),
        subject=readable(fields.get("subject") or (label[1] if label else "")),
    )


def readable(field: str) -> str:
    """A header field decoded and unfolded (RFC 2047); GB2312 is read as the GB18030 that senders mean."""
    unfolded = " ".join(field[:2000].split())
    try:
        pieces = email.header.decode_header(unfolded)
    except (email.errors.HeaderParseError, ValueError):
        return unfolded
    return " ".join("".join(_decoded(*piece) for piece in pieces).split())


def _decoded(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    name = {"gb2312": "gb18030", "gbk": "gb18030"}.get((charset or "").lower(), charset or "utf-8")
    try:
        return piece.decode(name, "replace")
    except (LookupError, ValueError):
        return piece.decode("utf-8", "replace")
