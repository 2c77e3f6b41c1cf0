"""What a library's error means for the mailbox: translated once, into one sentence that names host and account."""

import re
import socket
import ssl

from imapclient import exceptions

from maild.adapters.providers import login_hint
from maild.adapters.unsaid import without_password
from maild.domain.value import value
from maild.errors import LoginRefused, MaildError, ProtocolTrouble, ServerGone, Temporary
from maild.settings import Login

LIBRARY = (
    exceptions.IMAPClientError, OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError,
    RecursionError,
)  # fmt: skip
"""Everything that IMAPClient, imaplib and ssl raise when a server is gone, refuses, or answers garbage."""

_BUSY = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)
_OUT_OF_TURN = re.compile(r"unexpected (tagged )?response", re.IGNORECASE)
"""What imaplib says of garbage; every other abort of its is EOF, a lost socket, or the words of a BYE."""


@value
class Place:
    """Which server and account an error speaks of; the password is known only to be kept out of it."""

    login: Login
    account: str

    def __str__(self) -> str:
        return f"{self.login.host}:{self.login.port} ({self.account})"


def translated(error: BaseException, place: Place) -> MaildError:
    """The error of ours that says what happened, where, and how to mend it."""
    if isinstance(error, MaildError):
        return error
    if isinstance(error, exceptions.LoginError):
        return _refused(error, place)
    if isinstance(error, exceptions.IMAPClientError):
        return _answered(error, place)
    if isinstance(error, OSError):
        return _network(error, place)
    return ProtocolTrouble(f"{place} answered something that cannot be read: {_words(error, place)}")


def _refused(error: Exception, place: Place) -> MaildError:
    """A refused login; RFC 5530 codes tell a wrong password from a busy server."""
    # The library calls everything a refusal that goes wrong during LOGIN, a lost connection too.
    if isinstance(error.__context__, exceptions.IMAPClientAbortError):
        return _answered(error.__context__, place)
    words = _words(error, place)
    if _BUSY.search(words):
        return Temporary(f"{place} cannot take a login just now: {words}")
    hint = login_hint(place.login.host, place.account) or "check username and password"
    return LoginRefused(f"{place} refused the login ({words}); {hint}")


def _answered(error: Exception, place: Place) -> MaildError:
    words = _words(error, place)
    if isinstance(error, exceptions.IMAPClientReadOnlyError):
        return Temporary(
            f"{place} holds the folder read-only; give the account the right to write or set after = leave"
        )
    if isinstance(error, exceptions.IMAPClientAbortError):
        if _OUT_OF_TURN.search(words):
            return ProtocolTrouble(f"{place} answered out of turn: {words}")
        return ServerGone(f"{place} closed the connection: {words}")
    if isinstance(error, exceptions.ProtocolError | exceptions.CapabilityError) or " BAD " in words:
        return ProtocolTrouble(f"{place} answered something that cannot be used: {words}")
    if "Unsafe Login" in words:
        return LoginRefused(
            f"{place} takes the login for unsafe ({words}); {login_hint(place.login.host, place.account)}"
        )
    return Temporary(f"{place} said no: {words}")


def _network(error: OSError, place: Place) -> MaildError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ProtocolTrouble(
            f"{place} has a certificate that is not trusted ({error.verify_message}); correct the host name, "
            "or name the office's own authority as ca_file"
        )
    if isinstance(error, ssl.SSLError):
        return ProtocolTrouble(f"{place} does not speak TLS as expected ({error.reason}); check port and security")
    if isinstance(error, TimeoutError):
        return ServerGone(f"{place} did not answer in time; check host, port and the way to it")
    if isinstance(error, ConnectionRefusedError):
        return ServerGone(f"{place} takes no connections; check host and port")
    if isinstance(error, socket.gaierror):
        return ServerGone(f"{place} is not known by that name; check host")
    return ServerGone(f"{place} cannot be reached: {_words(error, place)}")


def _words(error: BaseException, place: Place) -> str:
    """What was said, on one line, bounded, and never with the password in it."""
    text = without_password(str(error) or type(error).__name__, place.login.username, place.login.password)
    text = re.sub(r"^b(['\"])(.*)\1$", r"\2", text)
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()[:200]
