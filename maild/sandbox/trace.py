"""The trace fields that a receiving server writes on top of a mail (RFC 5321 4.4, RFC 8601), as pure functions.

The embedded server is the sample organisation's MX: it says who logged in, gives a verdict on everybody else,
and removes results that a writer forged in its name.
"""

import re
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parseaddr
from typing import Literal, get_args

from maild.domain.value import value

Verdict = Literal["pass", "fail", "none"]
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|$)")
_RESULTS_ID = re.compile(rb"(?is)authentication-results\s*:(?:\s|\([^()]*\))*\"?([^\s;\"()]+)")


@value
class Hop:
    """How one mail reached the server: envelope, greeting and, for a person of ours, the login."""

    envelope_from: str
    recipient: str
    helo: str = "client.example"
    login: str = ""
    at: datetime


def fields(raw: bytes) -> tuple[list[bytes], bytes]:
    """The header fields with their folding, and everything from the empty line on."""
    end = _END.search(raw)
    head, rest = (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")
    return [found for found in _FIELD.findall(head) if found], rest


def without_results(raw: bytes, authserv_id: str) -> bytes:
    """The mail without Authentication-Results that claim to be ours (RFC 8601 section 5)."""
    kept, rest = fields(raw)
    ours = authserv_id.lower().encode()
    kept = [field for field in kept if not _is_result_of(field, ours)]
    return b"".join(kept).rstrip(b"\r\n") + rest


def _is_result_of(field: bytes, authserv_id: bytes) -> bool:
    found = _RESULTS_ID.match(field)
    return found is not None and found.group(1).lower() == authserv_id


def domain_of(address: str) -> str:
    """The part behind the last @, in lower case."""
    return address.rpartition("@")[2].strip("<> ").lower()


def from_domain(raw: bytes) -> str:
    """The domain of the first From address, empty when there is none."""
    shown: object = BytesHeaderParser().parsebytes(raw[:65536]).get("From", "")
    return domain_of(parseaddr(str(shown))[1])


def as_verdict(word: str) -> Verdict | None:
    """The word as a verdict; None when it is none."""
    return next((verdict for verdict in _VERDICTS if verdict == word), None)


def verdict_words(verdict: Verdict, *, envelope_from: str, author_domain: str) -> str:
    """What the MX found out about a mail that came without a login (RFC 8601 section 2.7)."""
    sender = envelope_from or f"postmaster@{author_domain or 'unknown.example'}"
    domain = author_domain or domain_of(sender)
    return (
        f"spf={verdict} smtp.mailfrom={sender}; dkim={verdict} header.d={domain}; dmarc={verdict} header.from={domain}"
    )


def login_words(login: str) -> str:
    """What the MX found out about a mail that came with a login (RFC 8601 section 2.7.4)."""
    return f"auth=pass smtp.auth={login}"


def stamped(raw: bytes, hop: Hop, *, authserv_id: str, words: str) -> bytes:
    """The mail as it lies in the mailbox: trace fields on top, forged results gone."""
    results = f"Authentication-Results: {authserv_id}; {words}\r\n"
    received = (
        f"Received: from {hop.helo} ([127.0.0.1])\r\n\tby {authserv_id} with {'ESMTPA' if hop.login else 'ESMTP'}\r\n"
        f"\tfor <{hop.recipient}>; {format_datetime(hop.at)}\r\n"
    )
    top = f"Return-Path: <{hop.envelope_from}>\r\nDelivered-To: {hop.recipient}\r\n{results}{received}"
    return top.encode("utf-8") + without_results(raw, authserv_id)
