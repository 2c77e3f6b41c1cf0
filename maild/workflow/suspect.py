"""A stranger's mail that pretends: a foreign address in the display name, or nothing but a command (security.md)."""

import re

from maild.domain.command import Answers, Decision
from maild.domain.grammar import understand
from maild.domain.message import Mail
from maild.workflow.office import Office
from maild.workflow.recognise import Recognition

_LONGEST = 60
"""More words than this are a letter, whatever its first line looks like."""
_NAME = 8
"""A line so short beside a command is a signature."""
_ENDS = re.compile(r"[。！？!?\n]+")


def why_suspect(mail: Mail, recognition: Recognition, office: Office) -> str:
    """`display-name`, `bare-command`, or "" where nothing is odd about it."""
    if recognition.display_name_lies:
        return "display-name"
    text = mail.fresh_text.strip()
    pieces = [piece.strip() for piece in _ENDS.split(text) if piece.strip()]
    if not pieces or len("".join(pieces)) > _LONGEST:
        return ""
    others = [piece for piece in pieces if not _is_command(piece, office)]
    named = [piece for piece in others if len(piece) <= _NAME]
    return "bare-command" if len(others) < len(pieces) and len(others) == len(named) <= 1 else ""


def _is_command(text: str, office: Office) -> bool:
    now = office.now.astimezone(office.zone)
    return understand(text, answers=Answers.NONE, names=office.index, now=now).decision is not Decision.NOTE
