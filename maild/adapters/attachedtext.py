"""The text of attachments, for a mail that says little more than 见附件 (casework 2)."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

from maild.adapters.apart import answer_of
from maild.adapters.attachedreader import CPU, LONGEST
from maild.domain.message import Attachment, Enclosure, Mail, Reading
from maild.mail.attached import UNREAD, kind_of, wants_attachments
from maild.mail.charset import decode
from maild.mail.htmltext import declared_charset, html_text
from maild.mail.parse import attachment_bytes

_BYTES = 20 << 20
_FILES = 5
_SECONDS = 4.0
"""For all attachments of a mail together: no mail behind it waits longer than 5 s (quality.md, "Reliability")."""


def with_attached_text(mail: Mail, raw: bytes) -> Mail:
    """The mail, with the text of its attachments where its own says too little; never raises."""
    return replace(mail, enclosures=tuple(_enclosures(mail, raw))) if wants_attachments(mail) else mail


def _enclosures(mail: Mail, raw: bytes) -> Iterator[Enclosure]:
    end = time.monotonic() + _SECONDS
    files = [one for one in mail.files if kind_of(one.filename)]
    for one in files[:_FILES]:
        yield _enclosure(one, raw, end)


def _enclosure(one: Attachment, raw: bytes, end: float) -> Enclosure:
    kind, left = kind_of(one.filename), end - time.monotonic()
    if kind == UNREAD:
        return Enclosure(filename=one.filename, how=Reading.UNREAD)
    if one.size > _BYTES:
        return Enclosure(filename=one.filename, how=Reading.TOO_LARGE)
    data = attachment_bytes(raw, one.sha256)
    if data is None or left <= 0:
        return Enclosure(filename=one.filename, how=Reading.DAMAGED if data is None else Reading.LATE)
    if kind == "text":
        text = _plain(data, html=one.filename.lower().endswith((".htm", ".html")))
        return Enclosure(filename=one.filename, how=Reading.READ if text else Reading.EMPTY, text=text)
    how, text = read_apart(data, kind, min(left, CPU))
    return Enclosure(filename=one.filename, how=how, text=text)


def _plain(data: bytes, *, html: bool) -> str:
    head = data[: 20 * LONGEST]
    text = decode(head, declared_charset(head) if html else None).text
    return (html_text(text) if html else text).strip()[:LONGEST]


def read_apart(data: bytes, kind: str, seconds: float) -> tuple[Reading, str]:
    """The text of a file of this kind, read by a process that is killed at its deadline."""
    answer = answer_of("maild.adapters.attachedreader", kind, data=data, seconds=seconds)
    if answer is None:
        return Reading.LATE, ""
    try:
        said = json.loads(answer)
        return Reading(said["how"]), str(said["text"])[:LONGEST]
    except (ValueError, KeyError, TypeError):
        return Reading.DAMAGED, ""  # it ended before it could say anything
