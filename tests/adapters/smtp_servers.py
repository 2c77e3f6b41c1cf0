"""SMTP servers on loopback for tests: a real one, and one that misbehaves by script."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from maild.domain.value import value


class Taken:
    """An aiosmtpd handler that keeps what it takes, counts connections, and refuses by recipient."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.ehlo: list[str] = []
        self.passwords: list[str] = []

    async def handle_EHLO(  # noqa: N802  aiosmtpd's names; it counts the parameters
        self, _server: Any, session: Any, _envelope: Any, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        self.ehlo.append(name)
        return responses

    async def handle_RCPT(self, *call: Any) -> str:  # noqa: N802
        """Gets server, session, envelope, address, options."""
        answers = {"nobody@x.example": "550 5.1.1 no such user", "later@x.example": "451 4.7.1 greylisted"}
        refusal = answers.get(call[3])
        if refusal is None:
            call[2].rcpt_tos.append(call[3])
        return refusal or "250 OK"

    async def handle_DATA(self, *call: Any) -> str:  # noqa: N802
        """Gets server, session, envelope."""
        envelope: Envelope = call[2]
        if b"virus" in bytes(envelope.content or b""):
            return "554 5.7.1 refused content"
        sender = (envelope.mail_from or "").strip("<>")
        self.mails.append((sender, list(envelope.rcpt_tos), bytes(envelope.content or b"")))
        return "250 2.0.0 queued"

    def authenticate(self, *call: Any) -> AuthResult:
        """Take any user with the password 授权码; gets server, session, envelope, mechanism, data."""
        password = call[4].password.decode()
        self.passwords.append(password)
        return AuthResult(success=password == "授权码")


@asynccontextmanager
async def real(
    taken: Taken, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, auth: bool = False
) -> AsyncIterator[int]:
    """A real SMTP server; yields its port."""
    options: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None, "hostname": "mx"}
    if auth:
        options |= {"authenticator": taken.authenticate, "auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taken, loop=loop, **options), "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@value
class Script:
    """What a misbehaving server says to each command word; "" closes the connection, "hang" says nothing."""

    answers: dict[str, tuple[str, ...]]
    seen: list[str]


DEFAULT = {"EHLO": "250-mx\r\n250 SIZE 1000", "DATA": "354 go on", "QUIT": "221 bye"}


@asynccontextmanager
async def scripted(**answers: tuple[str, ...]) -> AsyncIterator[tuple[int, list[str]]]:
    """A server by script; a word's answers are used one after the other over all connections, then the usual."""
    script = Script(answers={word.upper(): lines for word, lines in answers.items()}, seen=[])
    server = await asyncio.start_server(_play(script), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], script.seen
    finally:
        server.close()
        await server.wait_closed()


def _play(script: Script) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(script, reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    return play


async def _converse(script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    word = "CONNECT"
    while True:
        script.seen.append(word)
        answer = _next(script, word)
        if not answer:
            return
        if answer == "hang":
            await reader.read()
            return
        writer.write(answer.encode() + b"\r\n")
        if answer.startswith("354"):
            await reader.readuntil(b"\r\n.\r\n")
            word = "BODY"
            continue
        line = await reader.readline()
        if not line:
            return
        word = line.split()[0].decode().upper()


def _next(script: Script, word: str) -> str:
    lines = script.answers.get(word, ())
    if lines:
        script.answers[word] = lines[1:]
        return lines[0]
    return "220 mx" if word == "CONNECT" else DEFAULT.get(word, "250 OK")
