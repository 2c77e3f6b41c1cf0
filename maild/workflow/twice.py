"""Orders that count by a second mail alone, and what is asked for it (security.md, "Confirmed by a second mail")."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.command import Command
from maild.domain.letter import Letter
from maild.workflow.doing import Reply
from maild.workflow.erased import one_with

ERASE = "erase"
_SENSITIVE = frozenset({"unseal", ERASE})
"""About one case, whoever vouches for the first mail."""


def is_sensitive(commands: Sequence[Command]) -> bool:
    """Whether one of these orders must be said twice, by the same person."""
    return any(command.verb in _SENSITIVE for command in commands)


def asked_of(reply: Reply, commands: Sequence[Command]) -> dict[str, object]:
    """What is asked: the order's first line; of an erasure the cases and the reason, and no word of the mail."""
    verb = next((one.verb for one in commands if one.verb in _SENSITIVE), commands[0].verb)
    line = next((part.strip() for part in reply.mail.fresh_text.splitlines() if part.strip()), "")[:200]
    asked: dict[str, object] = {"what": verb, "twice": is_sensitive(commands), "command_line": line}
    if verb != ERASE:
        return asked
    numbers = sorted(case.number for case in one_with(reply.case, reply.facts))
    reason = next((one.reason or "" for one in commands if one.verb == ERASE), "").strip()
    return asked | {"command_line": "", "erase": {"numbers": numbers, "reason": reason}}


def unquoting(letter: Letter, commands: Sequence[Command]) -> Letter:
    """The question without the Message-IDs of the conversation, where that is to be erased."""
    if not any(one.verb == ERASE for one in commands):
        return letter
    return replace(letter, references=tuple(filter(None, (letter.in_reply_to,))))
