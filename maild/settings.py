"""The settings of one installation: frozen values, a sentence a key, defaults beside them (interfaces.md).

`config.py` reads them from maild.toml and the environment; nothing else does.
"""

from dataclasses import field
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from maild.domain.value import value


@value
class Secret:
    """A password or token; its text never shows in a repr, a log or an error."""

    text: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.text)


@value
class Organisation:
    """Whose mailboxes these are."""

    name: str = "示例公司"
    domain: str = "corp.example"
    timezone: str = "Asia/Shanghai"
    directory: Path | None = None
    """directory.yaml; None: the sample organisation that ships with the packs."""


@value
class StoreSettings:
    """Where cases and raw mails are kept."""

    url: str = field(default="sqlite:///var/maild.db", repr=False)
    archive: str = "file://var/archive"
    """`file:///absolute` or `file://relative/to/the/folder/of/maild.toml`."""
    secrets: Path = Path("var/secrets.json")
    """The reply-key secrets, mode 0600, made at the first start; never in the database."""


@runtime_checkable
class TokenSource(Protocol):
    """Whoever has an access token at hand; never part of a file."""

    def access(self, *, refused: bool = False) -> str:
        """A token that is good now; `refused`: the server did not take the last one. Raises `maild.errors`."""
        ...

    def keep_fresh(self) -> None:
        """Renew it when its end is near."""
        ...


@value
class OAuthSettings:
    """How a mailbox signs in with auth = "xoauth2"; empty addresses and scope: those of the provider's row."""

    flow: Literal["device", "client"] = "device"
    """A person signs in once (`maild login`), or the program has credentials of its own."""
    client_id: str = ""
    tenant: str = "common"
    """The office's directory at Microsoft: its id or domain."""
    client_secret: Secret = field(default_factory=Secret)
    """From client_secret_env, _file or _keyring; at Google the JSON file of a service account."""
    token_url: str = ""
    device_url: str = ""
    scope: str = ""
    keep: Literal["auto", "keyring", "file"] = "auto"
    """Where the refresh token lies: the system's keyring where there is one, else an encrypted file."""


@value
class Login:
    """How to reach one server; security `none` is allowed to loopback only."""

    host: str = "localhost"
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    """"" means no login (SMTP only)."""
    password: Secret = field(default_factory=Secret)
    auth: Literal["password", "xoauth2"] = "password"
    token: TokenSource | None = field(default=None, repr=False, compare=False)
    """Where the token for xoauth2 comes from; put in when the settings are read."""
    ca_file: Path | None = None
    """More certificates to trust, for a server with a certificate of the office's own."""


@value
class SmtpLogin(Login):
    """The SMTP server and how fast it may be used. What the file leaves out comes from the provider's row."""

    port: int = 465
    connections: int = 4
    per_minute: int | None = None
    """Mails a minute; None: as fast as it goes."""
    per_day: int | None = None
    """Mails in any 24 hours; None: no limit."""


@value
class Folders:
    """What is read and where done mail goes (casework 1)."""

    inbox: tuple[str, ...] = ("INBOX",)
    after: Literal["move", "keyword", "leave"] = "move"
    processed: str = "maild/Processed"
    quarantine: str = "maild/Quarantine"
    junk: str = "auto"
    sent: str = "auto"
    keep_on_server: timedelta | None = None
    """Processed mail older than this is removed once its archive copy agrees; None: nothing is ever removed."""
    sealed: Literal["expunge", "as-others"] = "as-others"


@value
class IntakeSettings:
    """How much mail is handled at once; what is above waits its turn in the journal, and others' mail goes on."""

    per_sender: int = 60
    """Mails an hour of one address outside the directory; 0: no limit."""
    per_domain: int = 2000
    """Mails an hour of one domain; never of the organisation's own, nor of a mail provider's. 0: no limit."""
    roomy_domains: tuple[str, ...] = ()
    """Domains without such a limit, for instance of a large customer; their subdomains too."""


@value
class Identity:
    """How a mailbox presents itself; empty: the organisation's."""

    name: str = ""
    signature: str = ""
    phone: str = ""
    logo: Path | None = None
    """A picture that goes along with letters to the outside."""
    templates: Path | None = None
    """A folder laid over the office's templates for this mailbox alone."""
    case_prefix: str = "GM"


@value
class MailboxSettings:
    """One shared mailbox and the policy pack that it follows."""

    address: str
    pack: str = "gm-mailbox"
    plus_addressing: Literal["auto", "true", "false"] = "auto"
    hold_outside: timedelta = timedelta(minutes=10)
    mode: Literal["observe", "assist", "live"] = "live"
    """observe sends nothing but the digest, assist asks the coordinator first (casework 1); SIGHUP takes it over."""
    since: str = "3 days"
    """First start only, by INTERNALDATE against the machine's clock: a duration, "all", "now" or a date."""
    trusted_authserv_ids: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other addresses that deliver into this mailbox."""
    poll_seconds: float = 60.0
    """The UID poll that stands behind IDLE."""
    identity: Identity = field(default_factory=Identity)
    folders: Folders = field(default_factory=Folders)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    imap: Login = field(default_factory=Login)
    smtp: SmtpLogin = field(default_factory=SmtpLogin)
    oauth: OAuthSettings = field(default_factory=OAuthSettings)


@value
class SealSettings:
    """The master keys of the seal, by key_env, key_file or key_keyring; without one nothing is encrypted."""

    key: Secret = field(default_factory=Secret)
    """The key text (`adapters/sealring.py`); never inline."""
    source: str = ""
    """Where it came from, for sentences: key_env NAME, key_file FILE or key_keyring SERVICE."""
    path: Path | None = None
    """The file, where it came from one."""


@value
class BoardSettings:
    """Where the board listens."""

    listen: str = "127.0.0.1:8025"


@value
class NotifySettings:
    """The second channel, and when maild speaks up about itself."""

    urgent_env: str = "MAILD_NOTIFY_URGENT"
    """The variable with the addresses of chat robots or webhooks, parted by blanks; unset: there is no such channel."""
    urgent: Secret = field(default_factory=Secret)
    """What stands in that variable; never part of a file."""
    trouble_after: timedelta = timedelta(minutes=9)
    """How long something must be wrong before people hear of it; with it they hear within ten minutes."""
    disk_percent: int = 5
    """Less room than this on the disk of database or archive is trouble."""
    calendar_days: int = 30
    """Calendar data that end within so many days are trouble."""


@value
class HealthSettings:
    """Where `/healthz` and `/metrics` are answered."""

    listen: str = ""
    """Such as "127.0.0.1:8026"; "": nowhere."""


@value
class LogSettings:
    """How log lines are written; whatever the form, no body, key, secret or requester's address stands in them."""

    format: Literal["plain", "json"] = "plain"


@value
class Settings:
    """Everything that maild.toml says. Paths are absolute: relative ones start at the file's folder."""

    organisation: Organisation = field(default_factory=Organisation)
    mailbox: tuple[MailboxSettings, ...] = ()
    store: StoreSettings = field(default_factory=StoreSettings)
    seal: SealSettings = field(default_factory=SealSettings)
    board: BoardSettings = field(default_factory=BoardSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    log: LogSettings = field(default_factory=LogSettings)
    rules: Path | None = None
    """The office's own rules, laid over the shipped ones."""
    templates: Path | None = None
    base: Path = Path()
    """The folder of maild.toml."""
