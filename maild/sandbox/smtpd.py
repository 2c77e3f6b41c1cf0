"""The embedded SMTP server: submission for people who log in, MX for everybody else (RFC 6409, RFC 5321)."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from maild.domain.value import value

_SIZE_LIMIT = 64 << 20


@value
class Submission:
    """One accepted mail with its envelope, as the client sent it."""

    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    helo: str
    login: str


@value
class Refusal:
    """How one address is refused: an SMTP reply and how often; None: always."""

    reply: str
    times: int | None = None


class Refusals:
    """Addresses that the server refuses, for tests of bounces and retries."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], Refusal] = {}

    def set(self, verb: str, address: str, refusal: Refusal | None) -> None:
        """Refuse the address at this verb (MAIL, RCPT or DATA); None: accept it again."""
        self._rules.pop((verb, address.lower()), None)
        if refusal is not None:
            self._rules[verb, address.lower()] = refusal

    def reply(self, verb: str, address: str) -> str | None:
        """The refusal that is due now, counted."""
        rule = self._rules.get((verb, address.lower()))
        if rule is None:
            return None
        if rule.times is not None:
            left = Refusal(reply=rule.reply, times=rule.times - 1)
            self.set(verb, address, left if rule.times > 1 else None)
        return rule.reply


class Submissions:
    """aiosmtpd's handler: who may send what to whom; the rest is `accept`'s."""

    def __init__(
        self, *, passwords: Mapping[str, str], is_local: Callable[[str], bool], login_required: bool,
        accept: Callable[[Submission], Awaitable[None]],
    ) -> None:  # fmt: skip
        self.refusals = Refusals()
        self._passwords = passwords
        self._is_local = is_local
        self._login_required = login_required
        self._accept = accept

    # aiosmtpd calls with server, session, envelope and then what belongs to the verb.

    def authenticate(self, *call: Any) -> AuthResult:
        """PLAIN and LOGIN against the accounts' passwords (RFC 4954)."""
        data = call[-1]
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        name = data.login.decode("utf-8", "replace")
        known = self._passwords.get(name)
        right = known is not None and secrets.compare_digest(known.encode(), data.password)
        return AuthResult(success=right, handled=False, auth_data=name)

    async def handle_MAIL(self, *call: Any) -> str:  # noqa: N802
        """MAIL FROM; the null reverse-path is allowed (RFC 5321 4.5.5)."""
        _server, _session, envelope, address, options = call
        if refused := self.refusals.reply("MAIL", address):
            return refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, *call: Any) -> str:  # noqa: N802
        """RCPT TO; without a login only to people of ours, so that nobody relays."""
        _server, session, envelope, address, options = call
        if refused := self.refusals.reply("RCPT", address):
            return refused
        if self._login_required and not session.authenticated and not self._is_local(address):
            return "530 5.7.0 Authentication required"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The mail itself."""
        for address in envelope.rcpt_tos:
            if refused := self.refusals.reply("DATA", address):
                return refused
        await self._accept(_submission(session, envelope))
        return "250 2.0.0 OK: queued"


def _submission(session: Any, envelope: Any) -> Submission:
    return Submission(
        envelope_from="" if envelope.mail_from == "<>" else envelope.mail_from,
        recipients=tuple(envelope.rcpt_tos),
        raw=bytes(envelope.original_content),
        helo=str(session.host_name or "unknown"),
        login=str(session.auth_data) if session.authenticated else "",
    )


class SmtpDesk:
    """The listening SMTP server and its open connections; every method runs in its event loop."""

    def __init__(self, handler: Submissions) -> None:
        self._handler = handler
        self._open: WeakSet[Any] = WeakSet()
        # It logs a deprecation of its own at every login.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    async def listen(self, port: int) -> asyncio.Server:
        """Listen on loopback."""
        return await asyncio.get_running_loop().create_server(self._connection, "127.0.0.1", port)

    def _connection(self) -> Any:
        made = SMTP(
            self._handler, hostname="mx.corp.example", ident="maild sandbox", data_size_limit=_SIZE_LIMIT,
            enable_SMTPUTF8=True, auth_require_tls=False, authenticator=self._handler.authenticate,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._open.add(made)
        return made

    def hang_up(self) -> None:
        """Cut every connection."""
        for connection in list(self._open):
            if connection.transport is not None:
                connection.transport.abort()
