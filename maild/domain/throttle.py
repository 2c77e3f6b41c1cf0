"""When a server's refusal means "too fast" or "too large": the account or the mail is at fault, not the recipient."""

import re
from datetime import timedelta

_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)
_QUOTA_PAUSE = timedelta(hours=1)
_RATE = re.compile(
    r"too (frequent|many|fast)|frequen(cy|tly)|频(率|繁)|rate.?limit|limit exceeded|exceed\w* .{0,40}(limit|rate)"
    r"|throttl|slow down|(HL:IFC|MI:DMC|MI:SFQ|MI:CCL|RP:DRC|RP:CCL|HL:IFQ)",
    re.IGNORECASE,
)
"""Words of QQ and Exmail (frequency), NetEase (its codes), Exchange Online (4.3.2, 4.7.x), Gmail (4.7.28), Alibaba."""
_CROWDED = re.compile(r"concurrent|too many (open |simultaneous )?(connections|sessions)|HL:ICC", re.IGNORECASE)
"""Exchange Online (432 4.3.2), Postfix, NetEase."""
_QUOTA = re.compile(
    r"daily .{0,30}(limit|quota)|sending (limit|quota) .{0,10}exceed|SubmissionQuotaExceeded|MI:STC"
    r"|too frequently sending|\b5\.4\.5\b",
    re.IGNORECASE,
)
"""Said with 5yz too, and yet true only for today (Gmail 550 5.4.5, Exchange 554 5.2.0, Alibaba 554, NetEase 550)."""
_TOO_LARGE = re.compile(r"\b5\.(3\.4|2\.3)\b")
_MAILBOX_FULL = re.compile(r"\b[45]\.2\.2\b")


def pause_after(code: int, text: str, pauses: int) -> timedelta | None:
    """How long to leave the account alone after this refusal; `pauses` before it, in a row. None: it is no throttle.

    A minute doubling to an hour for a rate; an hour for a day's quota.
    """
    if code < 400 or _MAILBOX_FULL.search(text) or too_crowded(code, text):
        return None
    if _QUOTA.search(text):
        return _QUOTA_PAUSE
    if code < 500 and _RATE.search(text):
        return min(_FIRST * (1 << min(pauses, 6)), _LONGEST)
    return None


def too_crowded(code: int, text: str) -> bool:
    """Whether one connection less would do: the server takes no more of them at once."""
    return 400 <= code < 500 and bool(_CROWDED.search(text))


def too_large(code: int, text: str) -> bool:
    """Whether the mail may pass without its attachments (RFC 5321: 552; RFC 3463: X.3.4 and X.2.3)."""
    return code == 552 or (500 <= code < 600 and bool(_TOO_LARGE.search(text)))
