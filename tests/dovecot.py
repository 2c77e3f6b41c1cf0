"""A private Dovecot for tests: its own configuration, ports, users and authority, below a folder of its own."""

import contextlib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Self

BINARY = Path("/usr/sbin/dovecot")
PASSWORD = "dovecot-secret"
CHINESE_PASSWORD = '密码 "引号" 1'
KINDS = {
    "plain": (PASSWORD, ""),
    "chinese": (CHINESE_PASSWORD, ""),
    "small": (PASSWORD, "userdb_quota_rule=*:storage=100K"),
    "dotted": (PASSWORD, "userdb_namespace/inbox/prefix=INBOX. userdb_namespace/inbox/separator=."),
}
"""Kinds of accounts: password, and settings of their own."""

_CONFIG = """\
base_dir = {run}
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key
ssl_dh =
disable_plaintext_auth = no
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = maildir:User quota
}}
auth_mechanisms = plain login
auth_cache_size = 0
auth_failure_delay = 0
mail_max_userip_connections = 0
mail_fsync = never
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
  default_fields = uid={uid} gid={gid} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  prefix =
  mailbox Gesendet {{
    special_use = \\Sent
    auto = no
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A running Dovecot; `user` names a fresh account with the password of its kind."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        # Unix sockets allow short paths alone, so that pytest's own folders are too deep.
        self.home = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port, self.tls_port = _free_port(), _free_port()
        self.ca_file = self.home / "ca.pem"
        self._used: Counter[str] = Counter()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._write()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> None:
        """The server comes, with the mail that it left."""
        self._process = subprocess.Popen(
            [BINARY, "-F", "-c", self.home / "conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()

    def stop(self) -> None:
        """The server goes, and every connection with it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def user(self, kind: str = "plain") -> str:
        """An account nobody has used yet; kind `dotted` keeps its folders below `INBOX.`, as Courier does."""
        self._used[kind] += 1
        return f"{kind}{self._used[kind]}@corp.example"

    def log(self) -> str:
        """What it logged so far."""
        return (self.home / "log").read_text("utf-8", "replace")

    def _write(self) -> None:
        for folder in ("run", "state", "mail"):
            (self.home / folder).mkdir()
        (self.home / "users").write_text(_users(), "utf-8")
        _certify(self.home)
        owner = _owner()
        os.chown(self.home / "mail", owner.pw_uid, owner.pw_gid)
        # Its own processes have to pass through.
        self.home.chmod(0o755)
        root = os.getuid() == 0
        (self.home / "conf").write_text(
            _CONFIG.format(
                home=self.home, run=self.home / "run", port=self.port, tls_port=self.tls_port,
                uid=owner.pw_uid, gid=owner.pw_gid,
                internal="dovecot" if root else owner.pw_name,
                internal_group="dovecot" if root else str(owner.pw_gid),
                login_user="dovenull" if root else owner.pw_name,
            ),
            "utf-8",
        )  # fmt: skip

    def _wait(self) -> None:
        def answers() -> bool:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 5) as sock:
                return sock.recv(4).startswith(b"* OK")
            return False

        _wait_for(answers)


def _users() -> str:
    """All accounts at once: Dovecot reads the file again only when its second of change is another one."""
    return "".join(
        f"{kind}{number}@corp.example:{{PLAIN}}{password}::::::{fields}\n"
        for kind, (password, fields) in KINDS.items()
        for number in range(1, 100)
    )


def _wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("Dovecot did not do it within 10 seconds")
        time.sleep(0.02)


def _owner() -> pwd.struct_passwd:
    """Who owns the mails: Dovecot never serves root's."""
    return pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _certify(home: Path) -> None:
    """An authority of our own, and a certificate of it for localhost."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    authority = ["-x509", *curve, "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-x509", *curve, "-subj", "/CN=localhost", *names]
    for arguments in (authority, [*signed, "-keyout", "server.key", "-out", "server.pem"]):
        subprocess.run(["openssl", "req", *arguments], cwd=home, check=True, capture_output=True)


def trusting(ca_file: Path) -> ssl.SSLContext:
    """A client's context that trusts this authority alone."""
    return ssl.create_default_context(cafile=str(ca_file))
