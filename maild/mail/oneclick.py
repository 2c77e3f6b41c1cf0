"""One-click replies: `mailto:` links with recipient, subject and body (RFC 6068, casework 5)."""

from urllib.parse import quote

_ADDRESS_KEPT = "@!$'*+"
"""What may stand unencoded in the address part (RFC 6068 section 2): qchar without `&;=?,`, which separate."""


def mailto(address: str, subject: str, body: str) -> str:
    """A link that opens a reply ready to be sent.

    Percent-encoded UTF-8, a space as %20 and never as +, line breaks as %0D%0A (RFC 6068 section 5).
    """
    lines = "\r\n".join(body.splitlines())
    return f"mailto:{quote(address, safe=_ADDRESS_KEPT)}?subject={_hvalue(subject)}&body={_hvalue(lines)}"


def _hvalue(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")
