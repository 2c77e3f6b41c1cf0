"""Which servers belong to an address: the known providers, else a guess from the domain."""

from collections.abc import Mapping

from maild.domain.value import value


@value
class Servers:
    """Where an account is fetched from and sent through."""

    imap_host: str
    smtp_host: str
    smtp_port: int = 465
    smtp_security: str = "tls"


def _same(domain: str) -> Servers:
    return Servers(imap_host=f"imap.{domain}", smtp_host=f"smtp.{domain}")


_QQ, _ICLOUD = _same("qq.com"), Servers(
    imap_host="imap.mail.me.com", smtp_host="smtp.mail.me.com", smtp_port=587, smtp_security="starttls"
)  # fmt: skip
_OUTLOOK = Servers(
    imap_host="outlook.office365.com", smtp_host="smtp-mail.outlook.com", smtp_port=587, smtp_security="starttls"
)
_PUBLIC: Mapping[str, Servers] = {
    "163.com": _same("163.com"), "126.com": _same("126.com"), "yeah.net": _same("yeah.net"),
    "188.com": _same("188.com"), "qq.com": _QQ, "foxmail.com": _QQ, "sina.com": _same("sina.com"),
    "aliyun.com": _same("aliyun.com"), "139.com": _same("139.com"), "gmail.com": _same("gmail.com"),
    "outlook.com": _OUTLOOK, "hotmail.com": _OUTLOOK, "live.com": _OUTLOOK, "icloud.com": _ICLOUD,
}  # fmt: skip
"""Providers where anybody has an address, with the servers that their help pages name (2026-11)."""


def servers_of(domain: str) -> Servers:
    """The servers of an address in this domain; of an unknown one the usual names, to be looked over."""
    return _PUBLIC.get(domain.lower(), _same(domain.lower()))


def is_public(domain: str) -> bool:
    """Whether anybody may have an address there, so that the domain says nothing about who writes."""
    return domain.lower() in _PUBLIC
