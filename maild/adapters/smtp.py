"""Handing mails to one SMTP account (RFC 5321): a few connections, each answer told apart per recipient.

A connection on which anything but an answer happened is closed, never used again: what is left of the broken
transaction would be reported as the next mail's refusal. TLS is verified always, and nothing goes on without it.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import aiosmtplib
from aiosmtplib.errors import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from maild.adapters.smtp_connect import BAD_SEQUENCE, check_plain, connected, translate, words_of
from maild.domain.letter import Delivered
from maild.domain.throttle import too_crowded
from maild.errors import Misconfigured, Permanent
from maild.mail.addrspec import wire_address
from maild.settings import SmtpLogin

IN_DOUBT = "the answer to the mail's data was lost: in doubt, it may have been delivered"
NO_ANSWER = "the connection was lost before the mail was handed over"
_CLOSING = 421
_LOGIN_WANTED = frozenset({530, 534, 538})
"""RFC 4954 section 6: the account must log in, or log in otherwise; no recipient is at fault."""
_TOO_BIG = 552
_UPLOAD = 100_000
"""Bytes a second that a line carries at least; a big mail gets that much more time."""


class SmtpSender:
    """One account, at most `login.connections` connections, opened when they are needed."""

    def __init__(self, login: SmtpLogin, *, patience: float = 60.0, fresh: float = 30.0) -> None:
        self._login = login
        check_plain(login)
        self._free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
        self.connections = max(1, login.connections)
        self._all = [_Connection(login, patience=patience, fresh=fresh) for _ in range(self.connections)]
        for connection in self._all:
            self._free.put_nowait(connection)

    async def send(self, envelope_from: str, recipients: Sequence[str], raw: bytes) -> Sequence[Delivered]:
        try:
            sender = wire_address(envelope_from) if envelope_from else ""
        except Permanent as error:
            raise Misconfigured(f"The envelope sender cannot be used: {error.sentence}") from error
        refused, sendable = _split(recipients)
        if not sendable:
            return [refused[address] for address in recipients]
        answers = await self._delivered(sender, sendable, raw)
        return [(refused | answers)[address] for address in recipients]

    async def _delivered(self, sender: str, sendable: dict[str, str], raw: bytes) -> dict[str, Delivered]:
        """Over the next free connection; where the server finds us too many, once more with one connection less."""
        while True:
            connection = await self._free.get()
            try:
                answers = await connection.deliver(sender, sendable, raw)
            except BaseException as error:
                self._free.put_nowait(connection)
                if isinstance(error, SMTPException | OSError):
                    raise translate(error, self._login) from error
                raise
            if self.connections == 1 or not all(too_crowded(one.code, one.text) for one in answers.values()):
                self._free.put_nowait(connection)
                return answers
            self.connections -= 1
            await connection.quit()

    async def close(self) -> None:
        await asyncio.gather(*(connection.quit() for connection in self._all))


class _Connection:
    """One connection and the transaction on it."""

    def __init__(self, login: SmtpLogin, *, patience: float, fresh: float) -> None:
        self._login = login
        self._patience = patience
        self._fresh = fresh
        self._client: aiosmtplib.SMTP | None = None
        self._used = 0.0

    async def deliver(self, sender: str, recipients: dict[str, str], raw: bytes) -> dict[str, Delivered]:
        """One mail to `recipients` (as given -> as on the wire); what is not an answer closes the connection."""
        answers: dict[str, Delivered] = {}
        try:
            client = await self._begin(sender, recipients, raw, answers)
            if client is not None:
                await self._transfer(client, recipients, raw, answers)
        except BaseException:
            self._drop()
            raise
        self._used = asyncio.get_running_loop().time()
        return answers

    async def _begin(
        self, sender: str, recipients: dict[str, str], raw: bytes, answers: dict[str, Delivered]
    ) -> aiosmtplib.SMTP | None:
        """Say MAIL; None when the server refused this mail. A used connection that turns out bad is replaced once."""
        while True:
            client, reused = await self._ready()
            size = [f"SIZE={len(raw)}"] if client.supports_extension("size") else []
            try:
                await client.mail(sender, options=size)
                return client
            except SMTPSenderRefused as error:
                bad = error.code in {BAD_SEQUENCE, _CLOSING}
                if not bad and (error.code < 500 or error.code == _TOO_BIG):
                    answers.update({to: _answer(to, error) for to in recipients})
                    return None
                self._drop()
                if not (bad and reused):
                    raise
            except (SMTPException, OSError):
                self._drop()
                if not reused:
                    raise

    async def _transfer(
        self, client: aiosmtplib.SMTP, recipients: dict[str, str], raw: bytes, answers: dict[str, Delivered]
    ) -> None:
        """RCPT for each, then DATA; every recipient gets an entry in `answers`, whatever happens."""
        phase = NO_ANSWER
        accepted: list[str] = []
        try:
            async with asyncio.timeout(self._patience + len(raw) / _UPLOAD):
                accepted = await _name_recipients(client, recipients, answers)
                if accepted:
                    phase = IN_DOUBT
                    answers.update(await _hand_over(client, accepted, raw))
            if not accepted:
                await client.rset()
        except (SMTPException, OSError) as error:
            self._drop()
            lost = f"{phase} ({words_of(error)})"
            for to in recipients:
                answers.setdefault(to, Delivered(address=to, code=0, text=lost, hung=isinstance(error, TimeoutError)))
        if any(answer.code in {BAD_SEQUENCE, _CLOSING} for answer in answers.values()):
            self._drop()
        if wants_login := next((answer for answer in answers.values() if answer.code in _LOGIN_WANTED), None):
            self._drop()
            raise Misconfigured(
                f"{self._login.host}:{self._login.port} takes no mail without a login ({wants_login.text}); check user "
                "name and password under [mailbox.smtp]."
            )

    async def _ready(self) -> tuple[aiosmtplib.SMTP, bool]:
        """A connection that is logged in, and whether it was used before; after a pause always a new one."""
        idle = asyncio.get_running_loop().time() - self._used
        if self._client is not None and self._client.is_connected and idle <= self._fresh:
            return self._client, True
        self._drop()
        self._client = await connected(self._login, self._patience)
        return self._client, False

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def quit(self) -> None:
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(SMTPException, OSError):
                await self._client.quit(timeout=5)
        self._drop()


async def _name_recipients(
    client: aiosmtplib.SMTP, recipients: dict[str, str], answers: dict[str, Delivered]
) -> list[str]:
    """The recipients that the server takes; the refusals stand in `answers`."""
    accepted: list[str] = []
    for to, wire in recipients.items():
        try:
            await client.rcpt(wire)
        except SMTPRecipientRefused as error:
            answers[to] = _answer(to, error)
            if error.code in {BAD_SEQUENCE, _CLOSING}:
                answers.update({other: _answer(other, error) for other in accepted})
                return []
        else:
            accepted.append(to)
    return accepted


async def _hand_over(client: aiosmtplib.SMTP, accepted: list[str], raw: bytes) -> dict[str, Delivered]:
    try:
        response = await client.data(raw)
    except SMTPDataError as error:
        return {to: _answer(to, error) for to in accepted}
    return {to: Delivered(address=to, code=response.code, text=response.message) for to in accepted}


def _answer(address: str, error: SMTPResponseException) -> Delivered:
    """A refusal; 503 says that the connection is bad, never that the recipient is, so it counts as unanswered."""
    code = 0 if error.code == BAD_SEQUENCE or error.code < 0 else error.code
    return Delivered(address=address, code=code, text=words_of(error))


def _split(recipients: Sequence[str]) -> tuple[dict[str, Delivered], dict[str, str]]:
    """Those that no server could take, answered here (RFC 3463: 5.1.3), and the others as they go on the wire."""
    refused: dict[str, Delivered] = {}
    sendable: dict[str, str] = {}
    for address in recipients:
        try:
            sendable[address] = wire_address(address)
        except Permanent as error:
            refused[address] = Delivered(address=address, code=553, text=f"5.1.3 {error.sentence}")
    return refused, sendable
