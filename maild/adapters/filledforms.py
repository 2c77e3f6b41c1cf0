"""Spreadsheets that come with an answer to one of our letters: their cells, for a form that is sent back so."""

import json
from dataclasses import replace

from maild.adapters.apart import answer_of
from maild.domain.message import Mail
from maild.domain.replykey import find_tokens
from maild.mail.parse import attachment_bytes

_FILES, _BYTES, _SECONDS = 2, 5 << 20, 5.0
Sheet = tuple[tuple[str, ...], ...]


def with_sheets(mail: Mail, raw: bytes) -> Mail:
    """The mail with the cells of its spreadsheets, where it answers a letter that bears a key; never raises."""
    files = [one for one in mail.files if one.filename.lower().endswith(".xlsx") and one.size <= _BYTES]
    if not files or not _answers(mail):
        return mail
    found: list[Sheet] = []
    for one in files[:_FILES]:
        data = attachment_bytes(raw, one.sha256)
        found += cells_of(data) if data is not None else ()
    return replace(mail, sheets=tuple(found))


def cells_of(data: bytes, seconds: float = _SECONDS) -> list[Sheet]:
    """The sheets of a workbook, read by a process that is killed at its deadline; none where it cannot be read."""
    answer = answer_of("maild.adapters.cellreader", data=data, seconds=seconds)
    if answer is None:
        return []
    try:
        return [tuple(tuple(str(cell) for cell in row) for row in sheet) for sheet in json.loads(answer)]
    except (ValueError, TypeError):
        return []  # it ended before it could say anything


def _answers(mail: Mail) -> bool:
    """Whether it may answer a letter of ours: a key in the subject, or behind the plus of an address."""
    reached = (*(a.address for a in (*mail.to, *mail.cc)), *mail.delivered_to)
    return bool(find_tokens(mail.subject)) or any("+" in address for address in reached)
