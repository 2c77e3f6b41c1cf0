"""Replies from a file, one JSON object a line, for `maild command` (interfaces.md)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maild.adapters.mailfile import json_lines
from maild.domain.case import State
from maild.domain.command import Answers
from maild.domain.value import value
from maild.errors import Misconfigured

_KEYS = ("id", "as", "subject", "text", "answers", "state")


@value
class FiledReply:
    """The fresh text of one reply, who wrote it, and what it answers."""

    id: str
    writer: str
    subject: str
    text: str
    answers: Answers
    state: str


def read_replies(path: Path) -> Iterator[FiledReply]:
    """The replies of a file in order; `Misconfigured` with file and line where one cannot be read."""
    for number, said in json_lines(path):
        where = f"{path}:{number}"
        words = {key: _text(said, key, where) for key in _KEYS}
        yield FiledReply(
            id=words["id"] or str(number), writer=words["as"], subject=words["subject"], text=words["text"],
            answers=Answers(_one_of(words["answers"] or "assignment", tuple(Answers), "answers", where)),
            state=_one_of(words["state"] or "assigned", tuple(State), "state", where),
        )  # fmt: skip


def _text(said: dict[str, Any], key: str, where: str) -> str:
    given = said.get(key)
    if given is not None and not isinstance(given, str | int):
        raise Misconfigured(f"{where}: '{key}' is a text; write it in quotation marks.")
    return "" if given is None else str(given)


def _one_of(word: str, known: tuple[str, ...], key: str, where: str) -> str:
    if word not in {str(one) for one in known}:
        raise Misconfigured(f"{where}: '{key}' is no '{word}'; write one of {', '.join(map(str, known))}.")
    return word
