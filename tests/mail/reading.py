"""The little of a parser that the tests of reports and automatic mails need."""

import email.header
import re
from email.message import Message
from email.utils import parseaddr

from maild.domain.message import Address


def text_of(message: Message) -> str:
    """All inline text; HTML without its tags."""
    texts = []
    for part in _leaves(message):
        content = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(content, bytes):
            text = content.decode(_charset(part), "replace")
            texts.append(
                re.sub(r"<[^>]+>", "\n", text).replace("&nbsp;", " ") if "html" in part.get_content_type() else text
            )
    return "\n".join(texts)


def _charset(part: Message) -> str:
    name = str(part.get_content_charset() or "utf-8")
    return "gb18030" if name.startswith("gb") else name


def _leaves(message: Message) -> list[Message]:
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        return [leaf for part in payload if isinstance(part, Message) for leaf in _leaves(part)]
    return [message]


def subject_of(message: Message) -> str:
    """The decoded subject."""
    return str(email.header.make_header(email.header.decode_header(str(message.get("Subject") or ""))))


def author_of(message: Message) -> Address:
    """The first address of From, its name decoded."""
    name, address = parseaddr(str(message.get("From") or ""))
    return Address(address=address.lower(), name=str(email.header.make_header(email.header.decode_header(name))))
