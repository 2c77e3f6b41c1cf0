"""Google's service accounts: a claim signed with the account's key, for one mailbox of the domain (RFC 7523)."""

import base64
import json
from typing import Any

from maild.errors import Misconfigured

_SCOPE = "https://mail.google.com/"
_LIFETIME = 3600
_EARLIER = 30
"""Seconds that the claim is dated back, as a clock that is a little ahead would make it one of the future."""


def is_service_account(secret: str) -> bool:
    """Whether a client secret is the JSON file of a service account."""
    return '"private_key"' in secret


def assertion(secret: str, *, subject: str, audience: str, now: float) -> str:
    """The signed claim that this account speaks for `subject`'s mailbox; `Misconfigured` for a damaged key."""
    try:
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise Misconfigured("A service account's key needs cryptography; run pip install maild[oauth].") from error
    try:
        account = json.loads(secret)
        key = load_pem_private_key(account["private_key"].encode(), password=None)
        issuer = str(account["client_email"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured("The service account's file is damaged; download it again at Google.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Misconfigured("The service account's key is no RSA key; download the file again from Google's console.")
    begin = int(now) - _EARLIER
    claims = {"iss": issuer, "sub": subject, "scope": _SCOPE, "aud": audience, "iat": begin, "exp": begin + _LIFETIME}
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_base64(key.sign(signed.encode(), padding.PKCS1v15(), SHA256()))}"


def _part(data: dict[str, Any]) -> str:
    return _base64(json.dumps(data, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
