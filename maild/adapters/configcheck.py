"""Whether the settings are possible and agree with each other: what their types cannot see."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from maild.adapters.tomlfile import TomlFile, Where, dotted
from maild.domain.arrival import since_bound
from maild.settings import Login, MailboxSettings, Settings, SmtpLogin
from maild.workflow.filedrecords import RECORD

Verdict = tuple[str, bool, str]
"""A key (or several, dotted), whether it holds, and what to say when it does not."""

_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+")
_DOMAIN = re.compile(r"[^\s@/]+")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_URL_PASSWORD = re.compile(r"://[^/@:]*:[^/@]+@")
_PORTS = range(1, 65536)


def check_settings(file: TomlFile, settings: Settings) -> None:
    """Raise the first mistake, with its line in `file`."""
    _raise_first(file, (), _general(file, settings))
    _raise_first(file, (), _health(settings))
    for at, box in enumerate(settings.mailbox):
        _raise_first(file, ("mailbox", at), _mailbox(box))
        _raise_first(file, ("mailbox", at, "imap"), _login(box.imap))
        _raise_first(file, ("mailbox", at, "smtp"), _login(box.smtp))
        _raise_first(file, ("mailbox", at), _oauth(box))
    _distinct(file, settings)


def _raise_first(file: TomlFile, above: Where, verdicts: Iterator[Verdict]) -> None:
    for key, holds, sentence in verdicts:
        if not holds:
            where = (*above, *key.split("."))
            raise file.mistake(f"{dotted(where)}: {sentence}.", where)


def _general(file: TomlFile, settings: Settings) -> Iterator[Verdict]:
    organisation, store = settings.organisation, settings.store
    zone, domain = organisation.timezone, organisation.domain
    yield "organisation.timezone", _is_zone(zone), f"'{zone}' is not known; write one like Asia/Shanghai"
    yield (
        "organisation.domain",
        bool(_DOMAIN.fullmatch(domain)),
        f"'{domain}' is no domain; write corp.example or the like",
    )
    secret = _URL_PASSWORD.search(store.url) and not file.from_environment(("store", "url"))
    yield "store.url", not secret, "a password stands in it; give the whole URL as MAILD_STORE__URL, or use ~/.pgpass"
    is_known = store.archive.startswith(("file://", "s3://"))
    yield "store.archive", is_known, f"'{store.archive}' cannot be used; write file://var/archive or s3://bucket/prefix"


def _health(settings: Settings) -> Iterator[Verdict]:
    """Figures about an office are no stranger's: the listener is on loopback."""
    listen = settings.health.listen
    host, _, port = listen.rpartition(":")
    said = f"'{listen}' is no address and port; write one like 127.0.0.1:8026"
    yield "health.listen", not listen or bool(host and port.isdecimal() and int(port) < 65536), said
    said = f"'{listen}' can be reached from elsewhere; write 127.0.0.1, or put a proxy with a password before it"
    yield "health.listen", not listen or is_loopback(host.strip("[]")), said


def _mailbox(box: MailboxSettings) -> Iterator[Verdict]:
    for key, addresses in (("address", (box.address,)), ("aliases", box.aliases)):
        for address in addresses:
            yield key, bool(_ADDRESS.fullmatch(address)), f"'{address}' is no mail address; write name@domain"
    since = f'\'{box.since}\' is no time; write "3 days", "all", "now" or a date like 2026-11-01'
    yield "since", _is_since(box.since), since
    yield "poll_seconds", box.poll_seconds > 0, "write a number above 0"
    prefix = box.identity.case_prefix
    said = f"'{prefix}' is no prefix; write up to 8 capital letters and digits, not REC"
    yield "identity.case_prefix", bool(_PREFIX.fullmatch(prefix)) and prefix != RECORD, said
    kept = box.folders.keep_on_server
    long = kept is None or kept.total_seconds() >= 86_400
    yield "folders.keep_on_server", long, 'write at least "1 day", or take it out: then nothing is ever removed'
    yield "folders.inbox", bool(box.folders.inbox), "name at least one folder"
    yield "imap.username", bool(box.imap.username), "IMAP needs a login; write the user name"
    for key in ("connections", "per_minute", "per_day"):
        number = getattr(box.smtp, key)
        yield f"smtp.{key}", number is None or number > 0, "write a number above 0"


def _login(login: Login | SmtpLogin) -> Iterator[Verdict]:
    """TLS everywhere but on loopback (security.md), and nothing that is not built yet."""
    yield "port", login.port in _PORTS, f"{login.port} is no port; write a number from 1 to 65535"
    plain = login.security == "none" and not is_loopback(login.host)
    yield "security", not plain, '"none" is for loopback only; write "tls" or "starttls"'
    missing = f"there is no password for {login.username}; add password_env or password_file"
    has_secret = bool(login.password) or login.auth == "xoauth2"
    yield "username", has_secret or not login.username, missing


def _oauth(box: MailboxSettings) -> Iterator[Verdict]:
    """What a sign-in needs, where a login asks for one; tokens travel by HTTPS alone."""
    oauth, is_used = box.oauth, "xoauth2" in {box.imap.auth, box.smtp.auth}
    for key in ("token_url", "device_url"):
        url = getattr(oauth, key)
        yield f"oauth.{key}", not url or _is_safe(url), f"'{url}' is no https address; tokens go by https alone"
    said = "this provider's address for tokens is not known; write token_url, or use a password for apps"
    yield "oauth.token_url", not is_used or bool(oauth.token_url), said
    if is_used and oauth.flow == "device":
        said = 'this provider gives no device codes for mail; use a password for apps, or flow = "client"'
        yield "oauth.device_url", bool(oauth.device_url), said
        said = "write the client_id of the office's app registration at the provider"
        yield "oauth.client_id", bool(oauth.client_id), said
    elif is_used:
        said = 'flow = "client" needs client_secret_env, client_secret_file or client_secret_keyring'
        yield "oauth.client_secret", bool(oauth.client_secret), said


def _is_safe(url: str) -> bool:
    """HTTPS, or plain HTTP to this machine (security.md, TLS)."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def _distinct(file: TomlFile, settings: Settings) -> None:
    seen: set[str] = set()
    for at, box in enumerate(settings.mailbox):
        for key, addresses in (("address", (box.address,)), ("aliases", box.aliases)):
            for address in addresses:
                where = ("mailbox", at, key)
                if address.lower() in seen:
                    raise file.mistake(f"{dotted(where)}: {address} stands here a second time; keep one.", where)
                seen.add(address.lower())


def is_loopback(host: str) -> bool:
    """Whether this name or address never leaves the machine (security.md, TLS)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_since(text: str) -> bool:
    try:
        since_bound(text, machine=datetime.now(UTC), zone=ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return False
    return True
