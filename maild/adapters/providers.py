"""What is particular about the mail providers that are known: one row each in `providertable`, found here."""

from collections.abc import Iterable, Mapping, Sequence

from maild.adapters.providerrow import Provider, Servers
from maild.adapters.providertable import OWN_SERVER, PROVIDERS

_LOGINS: Mapping[str, str] = {
    "own": "",
    "code": "use the authorisation code (授权码) that the provider's web page gives for IMAP, not the web password",
    "app": "use an app password or auth = xoauth2",
    "app only": "use an app password, which the provider's web page gives",
    "xoauth2": "use auth = xoauth2, passwords are no longer taken",
}

USUAL_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "Sent": (
        "Sent", "Sent Messages", "Sent Items", "Sent Mail", "已发送", "已发送邮件", "已发邮件", "寄件備份", "已傳送",
        "已傳送郵件", "寄件备份", "Sent-Mail",
    ),
    "Junk": ("Junk", "Spam", "垃圾邮件", "垃圾郵件", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Bulk"),
    "Trash": (
        "Trash", "Deleted Messages", "Deleted Items", "Deleted", "已删除", "已删除邮件", "已刪除", "刪除的郵件",
        "垃圾桶",
    ),
    "Drafts": ("Drafts", "Draft", "草稿箱", "草稿", "草稿夹"),
    "Archive": ("Archive", "Archives", "归档", "存档", "封存"),
}  # fmt: skip
"""Special use (RFC 6154) to the names that servers without its flags give, likeliest first."""


def provider_of(address: str, host: str = "", mx: Iterable[str] = ()) -> Provider:
    """Whose account this is: told by the address's domain, else by a known host name, else by the domain's MX.

    `address` may be a bare domain; `mx` are the names that DNS gives for the domain, best first, asked for by the
    caller. Nothing known: the row of a server of the office's own. Nothing is looked up here.
    """
    domain = _plain(address.rpartition("@")[2])
    owner = next((row for row in PROVIDERS if domain in row.domains), None)
    if owner is not None:
        return owner
    named = _longest(_plain(host), [(suffix, row) for row in PROVIDERS for suffix in row.hosts])
    if named is not None:
        return named
    suffixes = [(suffix, row) for row in PROVIDERS for suffix in row.mx]
    found = (_longest(_plain(name), suffixes) for name in mx)
    return next((row for row in found if row is not None), OWN_SERVER)


def servers_for(address: str, provider: Provider) -> Servers:
    """The provider's servers for this address, or bare domain."""
    return provider.servers(_plain(address.rpartition("@")[2]))


def is_public(domain: str) -> bool:
    """Whether anybody may have an address there, so that the domain says nothing about who writes."""
    return any(_plain(domain) in row.domains for row in PROVIDERS)


def login_hint(host: str, account: str = "") -> str:
    """What most often mends a refused login of this account at this provider; empty for an unknown one."""
    return _LOGINS[provider_of(account, host).login]


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower()


def _longest(name: str, rows: Sequence[tuple[str, Provider]]) -> Provider | None:
    """The row whose suffix fits best: imap.exmail.qq.com belongs to exmail.qq.com, not to qq.com."""
    fits = [(len(suffix), at) for at, (suffix, _) in enumerate(rows) if f".{name}".endswith(f".{suffix}")]
    return rows[max(fits)[1]][1] if fits else None
