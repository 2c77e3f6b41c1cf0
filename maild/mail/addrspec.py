"""Addresses as they may stand on the wire: checked, so that none can smuggle a header or a command."""

import re

from maild.errors import Permanent

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")


def wire_address(address: str) -> str:
    """The addr-spec with an IDNA domain (RFC 5890); `Permanent` for what no server without SMTPUTF8 can take.

    Lenient about dots in the local part, because real mailboxes break RFC 5322 there; strict about everything
    that could end the address: blanks, brackets, quotes, control characters.
    """
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise Permanent(f"{address!r} is not an address that mail can be sent to; correct it where it was written.")
    return f"{local}@{_wire_domain(domain, address)}"


def _wire_domain(domain: str, address: str) -> str:
    try:
        name = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if len(name) > 253 or not _DOMAIN.fullmatch(name):
        raise Permanent(f"{address!r} has no domain that mail can be sent to; correct it where it was written.")
    return name
