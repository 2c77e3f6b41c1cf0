"""One SMTP connection, from socket to logged in: TLS verified always, and each error in maild's own words."""

import asyncio
import ipaddress
import ssl

import aiosmtplib
from aiosmtplib.errors import SMTPAuthenticationError, SMTPResponseException, SMTPSenderRefused

from maild.adapters.providers import login_hint
from maild.adapters.unsaid import without_password
from maild.errors import LoginRefused, MaildError, Misconfigured, ProtocolTrouble, ServerGone, Temporary
from maild.settings import SmtpLogin

BAD_SEQUENCE = 503


async def connected(login: SmtpLogin, patience: float) -> aiosmtplib.SMTP:
    """A client that is logged in; raises what the library raises, or `MaildError`, with nothing left open."""
    client = aiosmtplib.SMTP(
        hostname=login.host,
        port=login.port,
        use_tls=login.security == "tls",
        start_tls=login.security == "starttls",
        tls_context=None if login.security == "none" else _trust(login),
        local_hostname=_own_name(login),
        timeout=patience,
    )
    try:
        async with asyncio.timeout(patience):
            await client.connect(timeout=min(patience, 20))
            await _log_in(client, login)
    except BaseException:
        client.close()
        raise
    return client


async def _log_in(client: aiosmtplib.SMTP, login: SmtpLogin) -> None:
    """AUTH (RFC 4954); on loopback without TLS a server that offers no AUTH needs none."""
    await client.ehlo()
    if not login.username or (login.security == "none" and not client.supports_extension("auth")):
        return
    if login.token is None:
        await client.login(login.username, login.password.text)
        return
    try:
        await client.auth_xoauth2(login.username, await asyncio.to_thread(login.token.access))
    except SMTPAuthenticationError:
        # The token may have ended before its time: a clock is wrong, or somebody took it back.
        fresh = await asyncio.to_thread(login.token.access, refused=True)
        await client.auth_xoauth2(login.username, fresh)


def check_plain(login: SmtpLogin) -> None:
    """Refuse a plain connection that leaves this machine (security.md)."""
    if login.security == "none" and not _is_loopback(login.host):
        raise Misconfigured(
            f'security = "none" in [mailbox.smtp] is for this machine alone, not for {login.host}; use "tls".'
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _trust(login: SmtpLogin) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if login.ca_file is not None:
        try:
            context.load_verify_locations(cafile=login.ca_file)
        except OSError as error:
            raise Misconfigured(f"ca_file = {login.ca_file} in [mailbox.smtp] cannot be read; mend it.") from error
    return context


def _own_name(login: SmtpLogin) -> str:
    """The EHLO name: the account's domain, so that no name of this machine leaves it and no look-up is made."""
    domain = login.username.rpartition("@")[2]
    return domain if domain.isascii() and "." in domain else "localhost"


def translate(error: Exception, login: SmtpLogin) -> MaildError:
    """A library's or the system's error in maild's own words: the one map."""
    server = f"{login.host}:{login.port}"
    words = without_password(words_of(error), login.username, login.password)
    if isinstance(error, SMTPAuthenticationError):
        kind = Misconfigured if error.code >= 500 else LoginRefused
        hint = login_hint(login.host, login.username) or "check user name and password"
        return kind(f"{server} refused the login of {login.username} ({words}); {hint}.")
    if isinstance(error, SMTPSenderRefused) and error.code >= 500 and error.code != BAD_SEQUENCE:
        return Misconfigured(f"{server} refused the sender {error.sender} ({words}); use the account's own address.")
    if isinstance(error, SMTPResponseException):
        return ProtocolTrouble(f"{server} cannot be used now ({words}); maild tries again.")
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return ServerGone(f"TLS with {server} failed ({words}); check host, port, security and ca_file.")
    return _gone(server, error, words)


def _gone(server: str, error: Exception, words: str) -> Temporary:
    if isinstance(error, OSError):
        return ServerGone(f"{server} does not answer ({words}); maild tries again.")
    return ProtocolTrouble(f"{server} cannot be used as configured ({words}); check security and user name.")


def words_of(error: Exception) -> str:
    """What was said, on one line."""
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {' '.join(error.message.split())}"
    return " ".join(str(error).split()) or type(error).__name__
