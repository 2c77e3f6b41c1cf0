"""Attachments of a sealed letter without their properties, each by a process that may die without harm."""

import json

from maild.adapters.apart import answer_of
from maild.adapters.cleaner import CPU
from maild.domain.cleaned import Cleaned, How, cleaning_kind

LARGEST = 20 << 20


def clean_apart(data: bytes, filename: str, seconds: float = 2 * CPU) -> Cleaned:
    """The file without what tells who made it, or why it could not be cleaned; never raises."""
    kind = cleaning_kind(filename)
    if not kind:
        return Cleaned(how=How.UNKNOWN)
    if len(data) > LARGEST:
        return Cleaned(how=How.TOO_LARGE)
    answer = answer_of("maild.adapters.cleaner", kind, data=data, seconds=seconds)
    if answer is None:
        return Cleaned(how=How.LATE)
    line, _, content = answer.partition(b"\n")
    try:
        said = json.loads(line)
        return Cleaned(how=How(said["how"]), content=content, text=str(said["text"]))
    except (ValueError, KeyError, TypeError):
        return Cleaned(how=How.DAMAGED)  # it ended before it could say anything
