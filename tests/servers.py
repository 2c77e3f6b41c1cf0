"""Mail servers for tests: the embedded ones, and a real Dovecot where Debian has put one."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from maild.domain.value import value
from maild.sandbox.servers import Account, EmbeddedServers
from maild.settings import Login, Secret
from tests.dovecot import BINARY, PASSWORD, Dovecot
from tests.newdatabase import quick_databases
from tests.postgres import Cluster, binaries, fresh_database, shared

GM = Account(address="gm@corp.example", password="gm-secret")
"""The shared mailbox of the tests."""
LI = Account(address="li.na@corp.example", password="li-secret")
"""A person of the organisation."""


@pytest.fixture(scope="session", autouse=True)
def _new_databases() -> Iterator[None]:
    with quick_databases():
        yield


@pytest.fixture
def embedded() -> Iterator[EmbeddedServers]:
    """Embedded IMAP and SMTP with the accounts `GM` and `LI`."""
    with EmbeddedServers([GM, LI]) as servers:
        yield servers


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot for the whole run; `user()` gives each test an account of its own."""
    if not BINARY.exists():
        _missing(f"needs {BINARY} (Debian: dovecot-imapd)")
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """A real PostgreSQL for the whole run; each test takes a fresh database of it."""
    if "MAILD_TEST_PG_URL" not in os.environ and binaries() is None:
        _missing("needs PostgreSQL (Debian: postgresql), or MAILD_TEST_PG_URL")
    return shared()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database, once SQLite and once PostgreSQL."""
    if request.param == "postgres":
        request.getfixturevalue("postgres")
    with fresh_database(request.param) as url:
        yield url


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database."""
    with postgres.database() as url:
        yield url


def _missing(what: str) -> None:
    """A real server that is not here: required in CI, a skip with a line elsewhere."""
    if os.environ.get("MAILD_REQUIRE_REAL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@value
class Box:
    """One empty account on some IMAP server, seen from a person's own mail client."""

    login: Login

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Another connection to the account."""
        with IMAPClient(self.login.host, self.login.port, ssl=False, timeout=10) as client:
            client.normalise_times = False
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(self.login.username, self.login.password.text)
            yield client

    def deliver(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Put mails into a folder as new."""
        with self.client() as client:
            for raw in mails:
                client.append(folder, raw, (), at or datetime.now(UTC))

    def raws(self, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in a folder, lowest UID first."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """The flags of the mails in a folder but Recent, lowest UID first."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search())
            return [{flag.decode() for flag in found[uid]} - {r"\Recent"} for uid in sorted(found)]

    def folders(self) -> list[str]:
        """The names of all folders."""
        with self.client() as client:
            return [name for _, _, name in client.list_folders()]


def box_of(host: str, port: int, username: str, password: str) -> Box:
    """The account behind a plain login on loopback."""
    secret = Secret(text=password)
    return Box(login=Login(host=host, port=port, security="none", username=username, password=secret))


def _boxes(kind: str, request: pytest.FixtureRequest) -> Box:
    if kind == "embedded":
        servers: EmbeddedServers = request.getfixturevalue("embedded")
        return box_of(servers.host, servers.imap_port, GM.address, GM.password)
    server: Dovecot = request.getfixturevalue("dovecot")
    return box_of(server.host, server.port, server.user(kind), PASSWORD)


@pytest.fixture(
    params=["embedded", *(pytest.param(kind, marks=pytest.mark.dovecot) for kind in ("plain", "dotted"))],
    ids=["embedded", "dovecot", "dovecot-dotted"],
)
def box(request: pytest.FixtureRequest) -> Box:
    """An empty account: on the embedded server, on Dovecot, and on Dovecot with all folders below INBOX."""
    return _boxes(request.param, request)
