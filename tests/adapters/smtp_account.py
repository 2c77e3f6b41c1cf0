"""An SMTP account on loopback for tests, and how to play a story with it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from maild.adapters.smtp import SmtpSender
from maild.domain.letter import Delivered
from maild.settings import SmtpLogin

RAW = b"From: gm@corp.example\r\nSubject: x\r\n\r\n.line\r\n"
LI = "li@mail-a.example"


def login(port: int, **changes: Any) -> SmtpLogin:
    """An account on loopback, with one connection."""
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "connections": 1}
    return SmtpLogin(**values | changes)


async def sent(port: int, *to: str, mails: int = 1, patience: float = 5, **changes: Any) -> list[Delivered]:
    """Send on one account and close it; the answers to the last mail."""
    sender = SmtpSender(login(port, **changes), patience=patience)
    try:
        for _ in range(mails):
            answers = await sender.send("gm@corp.example", to or (LI,), RAW)
    finally:
        await sender.close()
    return list(answers)


def codes(answers: list[Delivered]) -> list[int]:
    """The answers' codes."""
    return [answer.code for answer in answers]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Play a story to its end."""
    return asyncio.run(work)
