"""One outgoing mail as frozen bytes (RFC 5322, MIME), the same bytes for the same inputs.

Every value is cleaned before it becomes a header, and none with a control character is written: a subject or a
name can never begin a header of its own (RFC 5322 section 2.2). Message-IDs stay plain, because encoded ones break
threading in mail clients. The lines are joined here, because the email package takes ten times as long for them.
"""

import hashlib
import re
from base64 import b64encode, encodebytes
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import lru_cache

from maild.domain.letter import LetterKind
from maild.domain.message import Address
from maild.domain.value import value
from maild.mail.addrspec import wire_address

_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]+")
_CONTENT_TYPE = re.compile(r"(text|image|audio|video|application)/([A-Za-z0-9!#$&^_.+-]{1,100})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_PLAIN = re.compile(r"[ -~]*")
_KEPT_REFERENCES = 20
_SHORT_SUBJECT = 66
_WORD_BYTES = 39


@value
class AttachedFile:
    """A file that goes along."""

    filename: str
    content_type: str
    content: bytes


@value
class Picture:
    """A picture that stands in the HTML as `cid:` (RFC 2392), never fetched from anywhere."""

    cid: str
    content_type: str
    content: bytes


@value
class HeaderClass:
    """What a mail says of itself to machines (RFC 3834 section 5, [MS-OXCMAIL] X-Auto-Response-Suppress)."""

    auto_submitted: str | None
    suppress: str


ANSWERING = HeaderClass(auto_submitted="auto-replied", suppress="OOF, AutoReply, RN, NRN")
"""Written by maild because a mail came."""
SPONTANEOUS = HeaderClass(auto_submitted="auto-generated", suppress="AutoReply, RN, NRN")
"""Written by maild by itself."""
PASSED_ON = HeaderClass(auto_submitted=None, suppress="RN, NRN")
"""A person's words, or work for a person; his out-of-office reply is wanted."""

HEADERS: dict[LetterKind, HeaderClass] = {
    LetterKind.ACKNOWLEDGEMENT: ANSWERING,
    LetterKind.REOPENED_ACK: ANSWERING,
    LetterKind.POLITE: ANSWERING,
    LetterKind.ECHO: ANSWERING,
    LetterKind.FORM_RETURNED: ANSWERING,
    LetterKind.REFUSAL: ANSWERING,
    LetterKind.CONFIRMATION: ANSWERING,
    LetterKind.UNREAD_COMMAND: ANSWERING,
    LetterKind.CHOICES: ANSWERING,
    LetterKind.FRESH_KEY: ANSWERING,
    LetterKind.FILES: ANSWERING,
    LetterKind.SHEET: ANSWERING,
    LetterKind.ASSIGNMENT: PASSED_ON,
    LetterKind.ADDITION: PASSED_ON,
    LetterKind.REOPENED: PASSED_ON,
    LetterKind.BY_HAND: PASSED_ON,
    LetterKind.ANSWER: PASSED_ON,
    LetterKind.EXPERT: PASSED_ON,
    LetterKind.EXPERT_REPLY: PASSED_ON,
    LetterKind.FORWARD_PREVIEW: ANSWERING,
    LetterKind.PUBLISHING: ANSWERING,
    LetterKind.SEAL_PREVIEW: ANSWERING,
}
"""Casework 8; a kind that is not named here is `SPONTANEOUS`."""


_EOL = "\r\n"
_WIDTH = 76


def compose(
    *,
    sender: Address,
    to: Address,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    message_id: str,
    maild_id: str,
    kind: LetterKind,
    language: str,
    reply_to: Address | None = None,
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    attachments: tuple[AttachedFile, ...] = (),
    pictures: Sequence[Picture] = (),
) -> bytes:
    """The mail as bytes, ready for SMTP; `Permanent` when an address cannot be written to."""
    seed = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:24]
    header = HEADERS.get(kind, SPONTANEOUS)
    head = [
        ("From", _mailbox(sender)),
        ("To", _mailbox(to)),
        ("Reply-To", _mailbox(reply_to) if reply_to else ""),
        ("Subject", _subject(clean(subject))),
        ("Date", format_datetime(date)),
        ("Message-ID", _ids(message_id)),
        ("In-Reply-To", _ids(in_reply_to)),
        ("References", _ids(*references)),
        ("X-Maild-Id", clean(maild_id)),
        ("Auto-Submitted", header.auto_submitted or ""),
        ("X-Auto-Response-Suppress", header.suppress),
        ("MIME-Version", "1.0"),
    ]
    own, body = _body(text, _pictured(html, pictures, seed) if html else None, attachments, seed)
    languages = [("Content-Language", language)] if _LANGUAGE.fullmatch(language) else []
    lines = [_line(name, value) for name, value in (*head, *own, *languages) if value or name == "Subject"]
    return "".join((*lines, _EOL, body)).encode("ascii")


def plain_part(text: str) -> bytes:
    """A part of plain text, as it stands between the boundaries of a mail."""
    return _part(*_text(text, "plain")).encode("ascii")


def clean(text: str) -> str:
    """One line without control characters; what began a new line becomes a blank."""
    return " ".join(_CONTROL.sub(" ", text).split())


_Headers = list[tuple[str, str]]


def _body(text: str, html: str | None, attachments: Sequence[AttachedFile], seed: str) -> tuple[_Headers, str]:
    """The headers of the content and the content itself (RFC 2046); `html` is a whole part."""
    own, body = _text(text, "plain")
    if html:
        own, body = _multipart("alternative", [_part(own, body), html], f"{seed}_1")
    if attachments:
        own, body = _multipart("mixed", [_part(own, body), *map(_file, attachments)], f"{seed}_0")
    return own, body


def _pictured(html: str, pictures: Sequence[Picture], seed: str) -> str:
    """The part with the HTML, and beside it the pictures that are shown in it (RFC 2387)."""
    page = _part(*_text(html, "html"))
    shown = [_picture(one) for one in pictures if f'"cid:{one.cid}"' in html]
    if not shown:
        return page
    own, body = _multipart("related", [page, *shown], f"{seed}_2")
    own = [(name, f'{said}; type="text/html"') for name, said in own]
    return _part(own, body)


def _picture(picture: Picture) -> str:
    head: _Headers = [
        ("Content-Type", picture.content_type), ("Content-Transfer-Encoding", "base64"),
        ("Content-ID", f"<{picture.cid}>"), ("Content-Disposition", "inline"),
    ]  # fmt: skip
    return _part(head, _base64(picture.content))


def _text(text: str, subtype: str) -> tuple[_Headers, str]:
    lines = text.encode("utf-8", "replace").splitlines()
    own = [("Content-Type", f'text/{subtype}; charset="utf-8"'), ("Content-Transfer-Encoding", "base64")]
    return own, _base64(b"\r\n".join(lines) + b"\r\n")


def _multipart(subtype: str, parts: Sequence[str], seed: str) -> tuple[_Headers, str]:
    """Parts between boundaries; boundaries come from the Message-ID, so that composing again gives the same bytes.

    Base64 never holds `=_`, and every part is base64.
    """
    boundary = f"=_{seed}"
    body = "".join(f"--{boundary}{_EOL}{part}{_EOL}" for part in parts)
    return [("Content-Type", f'multipart/{subtype}; boundary="{boundary}"')], f"{body}--{boundary}--{_EOL}"


def _part(own: _Headers, body: str) -> str:
    return "".join((*(f"{name}: {value}{_EOL}" for name, value in own), _EOL, body))


def _file(file: AttachedFile) -> str:
    """A file in base64, which RFC 2046 section 5.2.1 forbids for message/rfc822: that goes as a plain file."""
    kind = _CONTENT_TYPE.fullmatch(file.content_type)
    main, sub = kind.groups() if kind else ("application", "octet-stream")
    part = EmailMessage(policy=SMTP)
    part.set_content(
        b"", maintype=main, subtype=sub, cte="base64", disposition="attachment",
        filename=clean(file.filename) or "attachment",
    )  # fmt: skip
    del part["MIME-Version"]
    return part.as_bytes().decode("ascii") + _base64(file.content)


def _base64(content: bytes) -> str:
    """Lines of 76 characters (RFC 2045 section 6.8)."""
    return encodebytes(content).decode("ascii").replace("\n", _EOL)


@lru_cache(maxsize=4096)
def _mailbox(address: Address) -> str:
    """`name <address>` (RFC 5322 section 3.4); the name encoded where it is not plain (RFC 2047 section 5)."""
    spec = wire_address(address.address)
    name = clean(address.name)[:100]
    if not name:
        return spec
    if _is_plain(name):
        return formataddr((name, spec))
    return f"{Header(name, 'utf-8', maxlinelen=60).encode(linesep='')} <{spec}>"


def _subject(text: str) -> str:
    return text if _is_plain(text) and len(text) <= _SHORT_SUBJECT else _encoded(text)


def _encoded(text: str) -> str:
    """Encoded words, each of whole characters and short enough for a line with any field name (RFC 2047 section 5)."""
    words = [b""]
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        piece = char.encode("utf-8")
        if len(words[-1]) + len(piece) > _WORD_BYTES:
            words.append(b"")
        words[-1] += piece
    return f"{_EOL} ".join(f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words)


def _line(name: str, value: str) -> str:
    """One header, folded at blanks where it is too long (RFC 5322 section 2.2.3)."""
    if name != "Subject":
        if _CONTROL.search(value):
            raise ValueError(f"a control character in {name}")
        if len(name) + len(value) > _WIDTH:
            value = f"{_EOL} ".join(value.split(" "))
    return f"{name}: {value}{_EOL}"


def _is_plain(text: str) -> bool:
    """Nothing to encode, and nothing that a reader would take for an encoded word."""
    return bool(_PLAIN.fullmatch(text)) and "=?" not in text


def _ids(*values: str) -> str:
    """The message ids in `values`, plain; of a long chain the first and the newest (RFC 5322 section 3.6.4)."""
    ids = [found for text in values for found in _ID.findall(text)]
    kept = ids if len(ids) <= _KEPT_REFERENCES else [ids[0], *ids[1 - _KEPT_REFERENCES :]]
    return " ".join(kept)
