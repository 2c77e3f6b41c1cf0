"""Reply keys: what proves that a mail answers one of ours, bound to case and recipient (casework 2, security.md).

A key is an HMAC-SHA256 in Crockford's base32, so it survives being read aloud: O is 0, I and L are 1. The short form
stands in a subject, the long one in a plus-address (RFC 5233) and a Message-ID. A key alone opens nothing.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from maild.domain.value import value

SHORT = 8
"""Characters of a short key: 40 bits."""
LONG = 26
"""Characters of a long key behind its key id: 130 bits."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_KEY_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{2}")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_NUMBER = r"(?<![A-Z0-9-])(?P<number>[A-Z][A-Z0-9]{0,9}-\d{4}-\d{4,9})"
_TOKEN = re.compile(_NUMBER + r"-(?P<short>[0-9A-TV-Z]{8})(?![A-Z0-9])")
_WRITTEN_TOKEN = re.compile(rf"({_NUMBER.replace('?P<number>', '?:')})-[0-9A-TV-Z]{{8}}(?![A-Z0-9])", re.IGNORECASE)
_BARE = re.compile(_NUMBER + r"(?!\d)")
_LONGEST_SUBJECT = 2000
_MOST = 10


@value
class Token:
    """A case number and the short key behind it, as a subject shows them; nothing is verified yet."""

    number: str
    short: str


@value
class ReplyKeys:
    """Makes and verifies keys. Old secrets go on verifying; the current one makes new keys."""

    secrets: Mapping[str, bytes]
    """Key id (two characters of the lower-case alphabet) to secret."""
    current: str

    def __post_init__(self) -> None:
        wrong = [one for one in self.secrets if not _KEY_ID.fullmatch(one)]
        if wrong or self.current not in self.secrets or not all(len(s) >= 16 for s in self.secrets.values()):
            raise ValueError(
                "a key id is two letters or digits without i, l, o, u; the current one is among the secrets"
            )

    def __repr__(self) -> str:
        return f"ReplyKeys(current={self.current!r})"

    def short(self, *, number: str, recipient: str, purpose: str, serial: int = 0) -> str:
        """The short key, upper case."""
        return self._short(self.current, _scope(number, recipient, purpose, serial))

    def long(self, *, number: str, recipient: str, purpose: str, serial: int = 0) -> str:
        """The long key, lower case, its key id in front."""
        return self._long(self.current, _scope(number, recipient, purpose, serial))

    def fits(self, short: str, *, number: str, recipient: str, purpose: str, serial: int = 0) -> bool:
        """Whether a short key is of this scope under any secret; compared in constant time."""
        scope, shown = _scope(number, recipient, purpose, serial), _canonical(short).encode()
        found = [hmac.compare_digest(shown, self._short(one, scope).encode()) for one in self.secrets]
        return any(found)

    def fits_long(self, long: str, *, number: str, recipient: str, purpose: str, serial: int = 0) -> bool:
        """Whether a long key is of this scope under any secret; compared in constant time."""
        scope, shown = _scope(number, recipient, purpose, serial), normal_long(long).encode()
        found = [hmac.compare_digest(shown, self._long(one, scope).encode()) for one in self.secrets]
        return any(found)

    def _short(self, key_id: str, scope: str) -> str:
        return _base32(self._mac(key_id, "short", scope), SHORT)

    def _long(self, key_id: str, scope: str) -> str:
        return key_id + _base32(self._mac(key_id, "long", scope), LONG).lower()

    def _mac(self, key_id: str, form: str, scope: str) -> bytes:
        return hmac.digest(self.secrets[key_id], f"{form} {scope}".encode(), hashlib.sha256)


def token(number: str, short: str) -> str:
    """What stands in the brackets of a subject: `GM-2026-000142-7KQ2M9XW`."""
    return f"{number}-{short}"


def find_tokens(subject: str) -> tuple[Token, ...]:
    """Case numbers with a short key in a subject, whatever a client put around them."""
    found = (Token(number=m["number"], short=_canonical(m["short"])) for m in _TOKEN.finditer(_plain(subject)))
    return tuple(dict.fromkeys(found))[:_MOST]


def without_keys(text: str, box: str) -> str:
    """A text that leaves the house, without the keys of our mails that it quotes: case numbers stay, keys do not."""
    local, _, domain = box.rpartition("@")
    long = re.compile(rf"({re.escape(local)})\+[0-9a-z]{{{LONG + 2}}}@{re.escape(domain)}", re.IGNORECASE)
    struck = long.sub(rf"\1@{domain}", _WRITTEN_TOKEN.sub(r"\1", text))
    plain = unicodedata.normalize("NFKC", struck.translate(_DASHES))
    # One in full-width letters is found only in the plain text.
    return _WRITTEN_TOKEN.sub(r"\1", plain) if _WRITTEN_TOKEN.search(plain) else struck


def find_case_numbers(subject: str) -> tuple[str, ...]:
    """Case numbers in a subject, with or without a key; such a case need not exist."""
    return tuple(dict.fromkeys(m["number"] for m in _BARE.finditer(_plain(subject))))[:_MOST]


def find_long_keys(addresses: Iterable[str], box: str) -> tuple[str, ...]:
    """The long keys in plus-addresses of our mailbox, as `long` writes them."""
    local, _, domain = box.lower().rpartition("@")
    shape = re.compile(rf"{re.escape(local)}\+([0-9a-z]{{{LONG + 2}}})@{re.escape(domain)}")
    found = (shape.fullmatch(address.strip().strip("<>").lower()) for address in addresses)
    return tuple(dict.fromkeys(normal_long(m[1]) for m in found if m))[:_MOST]


def long_key_of(message_id: str) -> str | None:
    """The long key in a Message-ID of ours; None where there is none (RFC 5322 section 3.6.4)."""
    found = re.match(rf"<?\s*([0-9a-z]{{{LONG + 2}}})[.@]", message_id[:200].lower())
    return normal_long(found[1]) if found else None


def normal_long(long: str) -> str:
    """A long key as `long` writes it, alike characters made one."""
    return _canonical(long).lower()


def _plain(subject: str) -> str:
    return unicodedata.normalize("NFKC", subject[:_LONGEST_SUBJECT].translate(_DASHES)).upper()


def _canonical(key: str) -> str:
    return key.upper().translate(_ALIKE)


def _scope(number: str, recipient: str, purpose: str, serial: int) -> str:
    """One text for one scope and never the same for another."""
    return json.dumps([number, recipient.lower(), purpose, serial])


def _base32(raw: bytes, length: int) -> str:
    bits = int.from_bytes(raw)
    whole = len(raw) * 8
    return "".join(_ALPHABET[bits >> (whole - 5 * place) & 31] for place in range(1, length + 1))
