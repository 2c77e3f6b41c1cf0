"""The columns of the provider table: what a row says of one provider, and where each figure comes from."""

from dataclasses import fields
from typing import Literal

from maild.domain.value import value


@value
class Servers:
    """Where an account is fetched from and sent through. Hosts may hold `{domain}`, the address's own."""

    imap_host: str
    smtp_host: str
    smtp_port: int = 465
    smtp_security: Literal["tls", "starttls"] = "tls"
    imap_port: int = 993
    imap_security: Literal["tls", "starttls"] = "tls"


@value
class OAuth:
    """Where tokens come from (RFC 6749, RFC 8628); `{tenant}` stands for the office's directory."""

    token_url: str
    device_url: str = ""
    """Empty: this provider gives no mail scope to device codes."""
    device_scope: str = ""
    client_scope: str = ""
    """Scope of the client credentials grant; empty: not offered."""


@value
class Source:
    """Where the figures in `covers` were read, and the day or month of that state."""

    covers: tuple[str, ...]
    where: str
    seen: str


@value
class Provider:
    """One mail provider. None: not known, so that nothing is taken for granted."""

    key: str
    name: str
    domains: tuple[str, ...] = ()
    """Domains where anybody can have an address."""
    hosts: tuple[str, ...] = ()
    """Its mail servers' names end so."""
    mx: tuple[str, ...] = ()
    """The MX hosts of its customers' own domains end so."""
    at: Servers
    needs_id: bool = False
    """Refuses SELECT until the client has sent ID (RFC 2971)."""
    login: Literal["own", "code", "app", "app only", "xoauth2"] = "own"
    """What a mail program logs in with: the password, an authorisation code, an app password, a token."""
    idle: bool | None = None
    """Whether IDLE (RFC 2177) is offered; the server's own capabilities decide in the end."""
    connections: int
    """SMTP connections at once."""
    per_minute: int | None
    """Mails a minute; None: no limit known."""
    per_day: int | None
    """Mails in any 24 hours; None: no limit known."""
    recipients: int | None
    """Recipients a mail; maild itself sends to one."""
    size_mb: int | None
    """Largest mail in MB, as encoded; the server's SIZE (RFC 1870) decides in the end."""
    plus: bool | None = None
    """Whether name+anything@ arrives at name@."""
    files_sent: bool | None = None
    """Whether what goes out by SMTP appears in Sent by itself."""
    rewrites_id: bool | None = None
    """Whether the Message-ID of what goes out is replaced."""
    oauth: OAuth | None = None
    note: str = ""
    """What somebody who sets it up must know besides."""
    sources: tuple[Source, ...]

    def servers(self, domain: str) -> Servers:
        """The servers for an address in this domain."""
        return Servers(
            imap_host=self.at.imap_host.format(domain=domain),
            smtp_host=self.at.smtp_host.format(domain=domain),
            smtp_port=self.at.smtp_port,
            smtp_security=self.at.smtp_security,
            imap_port=self.at.imap_port,
            imap_security=self.at.imap_security,
        )


FIGURES = tuple(one.name for one in fields(Provider) if one.name not in {"key", "name", "note", "sources"})
"""The columns that need a source wherever they say something."""
