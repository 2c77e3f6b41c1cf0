"""The sandbox's office: accounts for everybody of a directory, and settings that point at the embedded servers."""

import os
import smtplib
from pathlib import Path

from maild.domain.directory import Directory
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Settings

SHARED = "gm@corp.example"
PASSWORD = "sandbox"  # noqa: S105  everybody's, on loopback alone
PASSWORD_ENV = "MAILD_SANDBOX_PASSWORD"  # noqa: S105  a name
CONFIG = """\
# Settings of the sandbox: the same as in production, with servers on this machine only.
[organisation]
name = "示例公司"
domain = "corp.example"
timezone = "Asia/Shanghai"

[store]
url = "sqlite:///var/maild.db"
archive = "file://var/archive"

[[mailbox]]
address = "gm@corp.example"
pack = "{pack}"
plus_addressing = true
since = "all"
poll_seconds = 10
trusted_authserv_ids = ["mx.corp.example"]
[mailbox.identity]
name = "示例公司总经理信箱"
phone = "0755-0000-1000"
[mailbox.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password_env = "MAILD_SANDBOX_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
"""


def accounts(directory: Directory) -> list[Account]:
    """The shared mailbox and an inbox for everybody of the organisation's own domain."""
    own = [person.address for person in directory.people if person.address.endswith("@corp.example")]
    return [Account(address=address, password=PASSWORD) for address in dict.fromkeys([SHARED, *own])]


def write_settings(folder: Path, servers: EmbeddedServers, pack: str) -> Settings:
    """Write maild.toml into `folder` and read it as production does."""
    from maild.config import load

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "maild.toml"
    path.write_text(CONFIG.format(pack=pack, imap=servers.imap_port, smtp=servers.smtp_port), "utf-8")
    return load(path, {**os.environ, PASSWORD_ENV: PASSWORD})


def submit(servers: EmbeddedServers, sender: str, to: str, raw: bytes) -> None:
    """Hand a mail to the SMTP server as somebody of the organisation who logged in."""
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=10) as client:
        client.login(sender, PASSWORD)
        client.sendmail(sender, [to], raw)
