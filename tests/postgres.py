"""A private PostgreSQL for tests: a cluster of its own below a temporary folder, and a fresh database for each test.

Debian's binaries are used (`postgresql`), never as root. `MAILD_TEST_PG_URL` names another server in its place: a URL
with the right to create databases.
"""

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Self
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from maild.adapters.store import Store

TEMPLATE = "maild_template"
_SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "shared_buffers": "32MB", "max_connections": "200", "autovacuum": "off", "log_min_messages": "fatal",
    "deadlock_timeout": "50ms",
}  # fmt: skip
"""A test's data need not outlive the machine."""


def binaries() -> Path | None:
    """Where `initdb` and `postgres` lie; the newest version that Debian has put there."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (named := shutil.which("initdb")):
        found = [Path(named).resolve().parent]
    return max(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()], default=None)


class Cluster:
    """A running server; `database` makes a fresh, migrated database."""

    def __init__(self) -> None:
        # Unix sockets allow short paths alone, so that pytest's own folders are too deep.
        self._home = Path(tempfile.mkdtemp(prefix="maild-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._url = os.environ.get("MAILD_TEST_PG_URL") or f"postgresql+psycopg://maild@/postgres?host={self._home}"
        self._template = f"{TEMPLATE}_{uuid4().hex[:12]}"

    def __enter__(self) -> Self:
        try:
            if "MAILD_TEST_PG_URL" not in os.environ:
                self._make()
                self.start()
            self.run(f"create database {self._template}")
            Store.open(self._named(self._template), Path()).close()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(psycopg.Error):
            self.run(f"drop database if exists {self._template} with (force)")
        self.stop(signal.SIGINT)
        shutil.rmtree(self._home, ignore_errors=True)

    def stop(self, how: signal.Signals) -> None:
        """The server goes: SIGINT rolls back and closes, SIGQUIT ends everything at once as a crash does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder of its own that the server may write to."""
        folder, owner = self._home / f"disk-{uuid4().hex[:8]}", _owner()
        folder.mkdir()
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
        folder.rmdir()

    @contextmanager
    def tablespace(self, folder: Path) -> Iterator[str]:
        """A place for databases on another disk."""
        name, owner = f"space_{uuid4().hex[:12]}", _owner()
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.run(f"create tablespace {name} location '{folder}'")
        try:
            yield name
        finally:
            self.run(f"drop tablespace {name}")

    @contextmanager
    def database(self, tablespace: str = "pg_default") -> Iterator[str]:
        """The URL of a fresh database with all tables; it is dropped afterwards."""
        name = f"maild_{uuid4().hex[:12]}"
        self.run(f"create database {name} template {self._template} tablespace {tablespace}")
        try:
            yield self._named(name)
        finally:
            self.run(f"drop database if exists {name} with (force)")

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The URL of a database without any table."""
        name = f"maild_{uuid4().hex[:12]}"
        self.run(f"create database {name}")
        try:
            yield self._named(name)
        finally:
            self.run(f"drop database if exists {name} with (force)")

    def _named(self, database: str) -> str:
        return make_url(self._url).set(database=database).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement as the server's owner."""
        conninfo = make_url(self._url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _make(self) -> None:
        owner = _owner()
        os.chown(self._home, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [_program("initdb"), "-D", self._home / "data", "-U", "maild", "--auth=trust", "--no-sync",
             "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True, capture_output=True, cwd=self._home, user=owner.pw_uid, group=owner.pw_gid,
            extra_groups=_groups(),
        )  # fmt: skip

    def start(self) -> None:
        """The server comes, with the data that it left."""
        owner = _owner()
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [_program("postgres"), "-D", self._home / "data", "-k", self._home, *settings],
            cwd=self._home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            user=owner.pw_uid, group=owner.pw_gid, extra_groups=_groups(),
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 20
        while True:
            try:
                return self.run("select 1")
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


@cache
def shared() -> Cluster:
    """The cluster of this process, started when it is first asked for and stopped when the process ends."""
    cluster = Cluster().__enter__()
    atexit.register(cluster.__exit__)
    return cluster


@contextmanager
def fresh_database(kind: str = "") -> Iterator[str]:
    """The URL of a fresh database: `sqlite`, below the installation's folder, or `postgres`.

    Where a test leaves the choice `MAILD_TEST_DATABASE` has it, so that any test can be played on PostgreSQL.
    """
    if (kind or os.environ.get("MAILD_TEST_DATABASE", "sqlite")) == "sqlite":
        yield "sqlite:///var/maild.db"
        return
    with shared().database() as url:
        yield url


def _program(name: str) -> Path:
    folder = binaries()
    assert folder is not None, "needs PostgreSQL (Debian: postgresql)"
    return folder / name


def _groups() -> list[str | int] | None:
    return [] if os.getuid() == 0 else None


def _owner() -> pwd.struct_passwd:
    """Who runs the server: it refuses to run as root."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")
