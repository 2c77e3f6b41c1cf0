"""How far a From is believed: the receiving server's Authentication-Results (RFC 8601, security.md).

Only the topmost header of a trusted authserv-id is read; what other hosts wrote counts for nothing. Alignment is
relaxed, but without a list of public suffixes: one domain must be the other or lie below it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from maild.domain.message import Authentication, Mail
from maild.domain.value import value

_LONGEST = 16_384
_MOST_RESULTS = 100
_SPECIAL = re.compile(r'[()\\;"]')
_NESTING = {"(": 1, ")": -1}
_METHOD = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z0-9-]+)", re.IGNORECASE)
_PROPERTY = re.compile(r'([a-z]+)\s*\.\s*([a-z0-9-]+)\s*=\s*((?:"(?:[^"\\]|\\.)*"|[^\s;"])+)', re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]{1,64}@[a-z0-9.-]{1,253}\.[a-z0-9-]{2,63}", re.IGNORECASE)
_DOTS = {ord(mark): "." for mark in "\u3002\uff61"}
"""Full stops that are taken for the dot of a domain, as browsers do (UTS 46 section 4)."""
_FAILED = frozenset({"fail", "hardfail"})
_SHARED_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "mil", "ne", "net", "or", "org"})


@value
class MethodResult:
    """One resinfo: `dkim=pass header.d=corp.example` (RFC 8601 section 2.2)."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The value of `ptype.property` in lower case, or ""."""
        return next((shown for key, shown in self.properties if key == name), "")


def authentication(mail: Mail, trusted_ids: tuple[str, ...]) -> Authentication:
    """What the trusted receiving server says about From (security.md, "When a mail is believed")."""
    if not trusted_ids:
        return Authentication.NOT_CHECKED
    results = _trusted(mail, frozenset(one.strip().lower() for one in trusted_ids))
    address = mail.author.address.lower()
    domain = domain_of(address)
    if not domain or not results:
        return Authentication.UNKNOWN
    contradicted = any(result.method == "dmarc" and _fails(result, domain) for result in results)
    # What vouches for a domain does not say which of several authors wrote (RFC 7489 section 6.6.1).
    passed = (r for r in results if _passes(r, address, domain) and (r.method == "auth" or not mail.co_authors))
    if any(not (contradicted and r.method == "dmarc") for r in passed):
        return Authentication.AUTHENTICATED
    return Authentication.FAILED if any(_fails(result, domain) for result in results) else Authentication.UNKNOWN


def submitter(mail: Mail, trusted_ids: tuple[str, ...]) -> str:
    """The login by which our own server took the mail in (RFC 8601 section 2.7.4); "" where it names none."""
    results = _trusted(mail, frozenset(one.strip().lower() for one in trusted_ids))
    logins = (result.get("smtp.auth").strip("<>") for result in results if result.method == "auth")
    passed = any(result.method == "auth" and result.result == "pass" for result in results)
    return next(logins, "") if passed else ""


def display_name_lies(mail: Mail, own: Collection[str] = ()) -> bool:
    """Whether From's display name shows an address that is neither From's nor another one of the same person."""
    shown = unicodedata.normalize("NFKC", mail.author.name[:1000]).translate(_DOTS)
    known = {mail.author.address.lower(), *(one.lower() for one in own)}
    return any(found.lower().strip(".") not in known for found in _ADDRESS.findall(shown))


def aligned(domain: str, author: str) -> bool:
    """Whether two domains are one organisation's: the same, or one below the other (RFC 7489 section 3.1, narrowed)."""
    if not domain or not author:
        return False
    above, below = sorted((domain, author), key=len)
    return domain == author or (below.endswith("." + above) and not _is_shared(above))


def domain_of(address: str) -> str:
    """The domain of an address, or the domain itself, lower case and in A-labels."""
    domain = address.strip().strip("<>\"'").lower().rpartition("@")[2].rstrip(".")
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def read_results(header: str) -> tuple[str, tuple[MethodResult, ...]]:
    """The authserv-id and the results of one header value; "" where it names no host (RFC 8601 section 2.2)."""
    parts = _split(header[:_LONGEST])
    words = parts[0].split() if parts else []
    if not words or "=" in parts[0]:
        return "", ()
    results = (_result(part) for part in parts[1 : _MOST_RESULTS + 1])
    return words[0].strip('"').lower(), tuple(result for result in results if result)


def _trusted(mail: Mail, trusted: frozenset[str]) -> tuple[MethodResult, ...]:
    read = (read_results(header) for header in mail.authentication_results)
    return next((results for authserv_id, results in read if authserv_id in trusted), ())


def _passes(result: MethodResult, address: str, domain: str) -> bool:
    if result.result != "pass":
        return False
    if result.method == "auth":
        return result.get("smtp.auth").strip("<>") in {address, address.rpartition("@")[0]}
    if result.method == "dmarc":
        return domain_of(result.get("header.from")) == domain
    return aligned(_checked_domain(result), domain)


def _fails(result: MethodResult, domain: str) -> bool:
    if result.result not in _FAILED:
        return False
    if result.method == "dmarc":
        return domain_of(result.get("header.from") or domain) == domain
    return aligned(_checked_domain(result), domain)


def _checked_domain(result: MethodResult) -> str:
    """The domain that dkim or spf vouches for; a mere greeting (smtp.helo) is none."""
    if result.method == "dkim":
        return domain_of(result.get("header.d") or result.get("header.i"))
    return domain_of(result.get("smtp.mailfrom") or result.get("smtp.mail")) if result.method == "spf" else ""


def _is_shared(domain: str) -> bool:
    """Whether strangers share this domain: a top-level one, or one such as com.cn."""
    labels = domain.split(".")
    return len(labels) < 2 or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED_SECOND_LEVEL)


def _result(part: str) -> MethodResult | None:
    found = _METHOD.match(part)
    if not found:
        return None
    properties = tuple(
        (f"{kind}.{name}".lower(), shown.replace('"', "").replace("\\", "").lower())
        for kind, name, shown in _PROPERTY.findall(part, found.end())
    )
    return MethodResult(method=found[1].lower(), result=found[2].lower(), properties=properties)


def _split(header: str) -> list[str]:
    """The parts between semicolons, comments taken out, quoted strings left whole (RFC 5322 section 3.2)."""
    parts: list[list[str]] = [[]]
    for piece in _pieces(header):
        if piece is None:
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]


def _pieces(header: str) -> Iterator[str | None]:
    """The text outside of comments; None for a semicolon that separates."""
    at, depth, quoted = 0, 0, False
    for mark in _SPECIAL.finditer(header):
        if mark.start() < at:
            continue
        character, text = mark[0], header[at : mark.start()]
        at = mark.end() + (character == "\\")
        if depth:
            depth += _NESTING.get(character, 0)
            continue
        yield text
        if character == '"':
            quoted = not quoted
        if quoted or character == '"':
            yield header[mark.start() : at]
        elif character == ";":
            yield None
        elif character == "(":
            depth = 1
            yield " "
    if not depth:
        yield header[at:]
