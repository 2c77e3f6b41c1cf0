"""Which mail hosts DNS names for a domain: how an own domain that a provider hosts is recognised (RFC 5321, section 5).

A help and never more: without dnspython (`pip install maild[dns]`), without an answer in time, nothing is known.
"""

SECONDS = 3.0
"""How long it may take altogether."""


def mail_hosts(domain: str, seconds: float = SECONDS) -> tuple[str, ...]:
    """The MX names of a domain, the best first; none where nothing can be found out within `seconds`."""
    try:
        import dns.exception
        import dns.resolver
    except ImportError:
        return ()
    try:
        answer = dns.resolver.get_default_resolver().resolve(domain, "MX", lifetime=seconds, search=False)
        found = sorted((rule.preference, str(rule.exchange).rstrip(".").lower()) for rule in answer)
    except (dns.exception.DNSException, OSError, ValueError):
        return ()
    return tuple(name for _, name in found if name)
