"""One IMAP connection, from socket to logged in: TLS verified always, the library's traps stepped over."""

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

import maild
from maild.adapters.imap_errors import LIBRARY, Place, translated
from maild.errors import MaildError, Misconfigured, ProtocolTrouble
from maild.settings import Login

READ_TIMEOUT = 60.0
_TIMEOUT = SocketTimeout(15, READ_TIMEOUT)
_PLAIN_WORD = re.compile(r"[\w.@+/=-]+", re.ASCII)
_QUOTABLE = re.compile(r"[\x20-\x7e]*")


def connected(place: Place) -> Any:
    """A logged-in client; raises what the libraries raise, or `MaildError`, with nothing left open."""
    try:
        return _connected(place)
    except LoginError:
        # The token may have ended before its time: a clock is wrong, or somebody took it back.
        if place.login.token is None or place.login.auth != "xoauth2":
            raise
        return _connected(place, refused=True)


@contextlib.contextmanager
def visited(place: Place) -> Iterator[Any]:
    """A logged-in client for one visit, hung up behind it; whatever goes wrong is a `MaildError`."""
    try:
        client = connected(place)
        try:
            yield client
        finally:
            hang_up(client)
    except (MaildError, *LIBRARY) as error:
        raise translated(error, place) from error


def _connected(place: Place, *, refused: bool = False) -> Any:
    client = _opened(place)
    try:
        _prepared(client)
        if place.login.security == "starttls":
            _start_tls(client, place)
        _log_in(client, place.login, refused=refused)
        _introduce(client, place.login)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: Any) -> None:
    """Close the connection without a word; never raises."""
    with contextlib.suppress(OSError, IMAPClientError, AttributeError):
        client.shutdown()


def _opened(place: Place) -> Any:
    login = place.login
    if login.security == "none" and not is_loopback(login.host):
        raise Misconfigured(f'{place} would be used without TLS; set security = "tls" or "starttls"')
    tls = login.security == "tls"
    context = tls_context(place) if tls else None
    return IMAPClient(login.host, login.port, ssl=tls, ssl_context=context, timeout=_TIMEOUT)


def is_loopback(host: str) -> bool:
    """Whether a plain connection to this host stays inside the machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def tls_context(place: Place) -> ssl.SSLContext:
    """The system's authorities, and the office's own when the settings name one; names are checked (RFC 8314)."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if place.login.ca_file is not None:
        try:
            context.load_verify_locations(place.login.ca_file)
        except OSError as error:
            raise Misconfigured(f"{place}: ca_file {place.login.ca_file} cannot be read as PEM certificates") from error
    return context


def _prepared(client: Any) -> None:
    """Settings without which the library formats every literal, drops zones, and never notices a dead peer."""
    client._imap.debug = 0
    client.normalise_times = False
    sock = client.socket()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, number in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 60_000)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), number)


def _start_tls(client: Any, place: Place) -> None:
    """STARTTLS or nothing: a server that does not offer it is not spoken to (RFC 8314 section 4.1)."""
    if not client.has_capability("STARTTLS"):
        raise ProtocolTrouble(f"{place} offers no STARTTLS, and maild goes nowhere without it; check port and security")
    client.starttls(tls_context(place))


def _log_in(client: Any, login: Login, *, refused: bool) -> None:
    if login.token is not None:
        client.oauth2_login(login.username, login.token.access(refused=refused))
    elif _fits_login_command(login) and not client.has_capability("LOGINDISABLED"):
        client.login(login.username, login.password.text)
    else:
        client.plain_login(login.username, login.password.text)


def _fits_login_command(login: Login) -> bool:
    """Whether the LOGIN command can carry it: the library quotes the password alone, and ASCII alone."""
    return bool(_PLAIN_WORD.fullmatch(login.username) and _QUOTABLE.fullmatch(login.password.text))


def _introduce(client: Any, login: Login) -> None:
    """Send ID (RFC 2971), without which NetEase refuses every SELECT."""
    if not client.has_capability("ID"):
        return
    about = {"name": "maild", "version": maild.__version__, "vendor": "maild", "support-email": login.username}
    try:
        client.id_({key: text for key, text in about.items() if _QUOTABLE.fullmatch(text)})
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        # A server that refuses ID does not need it.
        return
