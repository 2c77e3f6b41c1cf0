"""OAuth2 as far as mail needs it: device code (RFC 8628), refresh and client credentials (RFC 6749), over HTTPS alone.

Every answer of the token endpoint becomes a `Grant` or one of `maild.errors`. Lifetimes are counted from the moment of
the answer by our own clock, so that it does not matter how the two clocks differ.
"""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from maild.adapters.serviceaccount import assertion, is_service_account
from maild.domain.value import value
from maild.errors import LoginRefused, Misconfigured, ProtocolTrouble, ServerGone
from maild.settings import OAuthSettings

_TIMEOUT = 30.0
_LONGEST_ANSWER = 1 << 20
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SKEW = 60.0
_LIFETIME = 3600.0
"""Seconds that an access token is taken to last where the answer does not say."""


@value
class Grant:
    """What a token endpoint gave."""

    access: str
    lifetime: float
    """Seconds from the answer."""
    refresh: str = ""
    """"" where it gave none: an old one stays good (RFC 6749 section 6)."""


@value
class DeviceCode:
    """What a person types in, and where."""

    device: str
    user: str
    page: str
    lifetime: float
    interval: float


@value
class _Answer:
    status: int
    data: Mapping[str, Any]
    ahead: float
    """Seconds that the server's clock is ahead of ours, by its Date header; 0 where it does not say."""

    @property
    def is_busy(self) -> bool:
        """Whether the same question may be answered later."""
        return self.status == 429 or self.status >= 500 or self.error == "temporarily_unavailable"

    @property
    def error(self) -> str:
        """RFC 6749 section 5.2, or "" for none."""
        return str(self.data.get("error", "")) if self.status >= 400 or "error" in self.data else ""


class SignInNeeded(LoginRefused):
    """The refresh token is used up or taken back; somebody must sign in again with `maild login`."""


def device_code(oauth: OAuthSettings) -> DeviceCode:
    """Begin a sign-in on another device (RFC 8628 section 3.1)."""
    answer = _post(oauth.device_url, {"client_id": oauth.client_id, "scope": oauth.scope})
    if answer.error:
        raise _refusal(oauth.device_url, answer)
    data = answer.data
    try:
        return DeviceCode(
            device=str(data["device_code"]), user=str(data["user_code"]),
            page=str(data.get("verification_uri") or data["verification_url"]),
            lifetime=float(data.get("expires_in", 900)), interval=float(data.get("interval", 5)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolTrouble(f"{oauth.device_url} gave no device code; check device_url and client_id.") from error


def wait_for_person(
    oauth: OAuthSettings, code: DeviceCode, *, sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Grant:  # fmt: skip
    """Ask until the person has signed in (RFC 8628 section 3.4); `SignInNeeded` when they refuse or take too long."""
    end, interval = clock() + code.lifetime, code.interval
    while clock() + interval < end:
        sleep(interval)
        try:
            answer = _post(oauth.token_url, _client(oauth) | {"grant_type": _DEVICE, "device_code": code.device})
        except ServerGone:
            # RFC 8628 section 3.5: on a lost connection ask less often.
            interval *= 2
            continue
        if answer.error == "slow_down":
            interval += 5
        elif answer.is_busy:
            interval *= 2
        elif answer.error in {"access_denied", "authorization_declined"}:
            raise SignInNeeded("The sign-in was refused on the page; run maild login again and agree to it.")
        elif answer.error == "expired_token":
            break
        elif answer.error != "authorization_pending":
            return _granted(oauth, answer)
    raise SignInNeeded("Nobody signed in while the code was good; run maild login again.")


def refreshed(oauth: OAuthSettings, refresh: str) -> Grant:
    """A new access token for a refresh token, which may be replaced with it (RFC 6749 section 6)."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh, "scope": oauth.scope}
    return _granted(oauth, _post(oauth.token_url, _client(oauth) | fields))


def client_grant(oauth: OAuthSettings, mailbox: str) -> Grant:
    """An access token for the program itself: client credentials, or a Google service account's signed claim."""
    if not is_service_account(oauth.client_secret.text):
        fields = {"grant_type": "client_credentials", "scope": oauth.scope}
        return _granted(oauth, _post(oauth.token_url, _client(oauth) | fields))
    answer = _claimed(oauth, mailbox, time.time())
    if answer.error and abs(answer.ahead) > _SKEW:
        # The claim carries a time: once more by the server's clock.
        answer = _claimed(oauth, mailbox, time.time() + answer.ahead)
    return _granted(oauth, answer)


def _claimed(oauth: OAuthSettings, mailbox: str, now: float) -> _Answer:
    claim = assertion(oauth.client_secret.text, subject=mailbox, audience=oauth.token_url, now=now)
    return _post(oauth.token_url, {"grant_type": _JWT, "assertion": claim})


def _client(oauth: OAuthSettings) -> dict[str, str]:
    secret = {"client_secret": oauth.client_secret.text} if oauth.client_secret else {}
    return {"client_id": oauth.client_id, **secret}


def _granted(oauth: OAuthSettings, answer: _Answer) -> Grant:
    if answer.error:
        raise _refusal(oauth.token_url, answer)
    access = answer.data.get("access_token")
    if not isinstance(access, str) or not access.isprintable():
        raise ProtocolTrouble(f"{oauth.token_url} gave no access token; check token_url.")
    try:
        lifetime = float(answer.data.get("expires_in", _LIFETIME))
    except (TypeError, ValueError):
        lifetime = _LIFETIME
    return Grant(access=access, lifetime=lifetime, refresh=str(answer.data.get("refresh_token") or ""))


def _refusal(url: str, answer: _Answer) -> Exception:
    words = " ".join(f"{answer.error} {answer.data.get('error_description', '')}".split())[:200]
    if answer.is_busy:
        return ServerGone(f"{url} gives no token just now ({answer.status} {words}); maild tries again.")
    if answer.error in {"invalid_grant", "interaction_required", "login_required", "consent_required"}:
        return SignInNeeded(f"{url} takes the sign-in for ended ({words}); run maild login again.")
    return LoginRefused(f"{url} refuses the client ({words}); check client_id, client secret, tenant and scope.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token endpoint has no business elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _post(url: str, fields: Mapping[str, str]) -> _Answer:
    """One POST; TLS is verified, as urllib does by default. What a form sends is never part of an error."""
    if not url:
        raise Misconfigured("This provider has no known page for sign-ins; write token_url and device_url.")
    body = urllib.parse.urlencode({key: text for key, text in fields.items() if text}).encode()
    request = urllib.request.Request(url, body, {"Accept": "application/json"})  # noqa: S310  checked by configcheck
    try:
        with _OPENER.open(request, timeout=_TIMEOUT) as response:
            return _answer(url, response)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(url, error)
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise ServerGone(f"{url} cannot be reached ({reason}); check the way there.") from error


def _answer(url: str, response: Any) -> _Answer:
    try:
        data = json.loads(response.read(_LONGEST_ANSWER))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        if response.status >= 500 or response.status == 429:
            data = {"error": "temporarily_unavailable"}
        else:
            raise ProtocolTrouble(f"{url} answered {response.status} with something else than JSON; check the address.")
    return _Answer(status=response.status, data=data, ahead=_ahead(response.headers.get("Date")))


def _ahead(date: str | None) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time() if date else 0.0
    except ValueError:
        return 0.0
