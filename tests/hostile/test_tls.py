"""TLS.

The attacker sits between us and the mail server: takes STARTTLS out of what it offers, answers ahead of the handshake,
greets us as logged in already, shows another certificate, or leads us to a port without TLS. Held: certificate and name
are always verified, nothing goes on without TLS where TLS fails, and what was said before it does not count after it.

Elsewhere: wrong and unknown certificates, names, plain connections beyond loopback and a stripped STARTTLS in
`tests/adapters/test_imap.py` and `test_smtp_account.py`; http to a chat robot in `test_robots.py`.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from maild.adapters.imap import ImapServer
from maild.errors import MaildError
from maild.settings import Login, Secret
from tests.adapters.smtp_account import sent
from tests.adapters.test_smtp_account import certificate, served

__all__ = ["certificate"]
Talk = Callable[[socket.socket, list[str]], None]
WORD = "hunter2"


@contextmanager
def between(talk: Talk) -> Iterator[tuple[int, list[str]]]:
    """Somebody who speaks with each client by this script; the port, and every line that was said to them."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                client.settimeout(10)
                with client, suppress(OSError, ValueError):
                    talk(client, heard)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1], heard
        finally:
            listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next client
    thread.join(20)


def line(client: socket.socket, heard: list[str]) -> str:
    """The next line of the client."""
    got = b""
    while not got.endswith(b"\n"):
        piece = client.recv(1)
        if not piece:
            raise OSError
        got += piece
    heard.append(got.decode("utf-8", "replace").strip())
    return heard[-1]


def smtp(context: ssl.SSLContext) -> Talk:
    """A server behind a man who adds to the answer to STARTTLS what he wants to be the answer to the next EHLO."""

    def talk(client: socket.socket, heard: list[str]) -> None:
        client.sendall(b"220 mx\r\n")
        line(client, heard)
        client.sendall(b"250-mx\r\n250 STARTTLS\r\n")
        line(client, heard)
        client.sendall(
            b"220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken by me\r\n"
        )
        with context.wrap_socket(client, server_side=True) as safe:
            heard.append("TLS")
            line(safe, heard)
            safe.sendall(b"250 mx\r\n")
            while True:
                word = line(safe, heard)[:4].upper()
                safe.sendall(b"354 go\r\n" if word == "DATA" else b"502 the real server\r\n")

    return talk


def test_what_is_said_before_the_handshake_is_no_answer_after_it(certificate: Path) -> None:
    """SMTP: no mail counts as taken by answers that a man in the middle put ahead of TLS, and no password leaves plain."""

    async def story() -> None:
        with between(smtp(served(certificate))) as (port, heard):
            with suppress(MaildError):
                answers = await sent(port, security="starttls", username="gm@corp.example", password=Secret(text=WORD),
                                     ca_file=certificate)  # fmt: skip
                assert not [answer for answer in answers if answer.code == 250]
            assert not [
                one for one in heard[: heard.index("TLS") if "TLS" in heard else None] if "AUTH" in one or "MAIL" in one
            ]

    asyncio.run(story())


STARTTLS = "IMAP4rev1 STARTTLS AUTH=PLAIN"


@pytest.mark.parametrize(
    ("greeting", "offer"),
    [
        ("* PREAUTH welcome", STARTTLS),
        ("* OK hello", STARTTLS),
        ("* OK hello", "IMAP4rev1 AUTH=PLAIN"),
        ("220 mx", STARTTLS),
    ],
)
def test_imap_says_nothing_secret_to_a_man_in_the_middle(greeting: str, offer: str) -> None:
    """Greeted as logged in, with STARTTLS taken out, refused, or answered without a handshake: no LOGIN, no SELECT."""

    def talk(client: socket.socket, heard: list[str]) -> None:
        client.sendall(f"{greeting}\r\n".encode())
        while True:
            tag, _, command = line(client, heard).partition(" ")
            said = f"* CAPABILITY {offer}\r\n" if command.upper().startswith("CAPABILITY") else ""
            client.sendall(f"{said}{tag} OK done\r\n* OK not TLS at all\r\n".encode())

    with between(talk) as (port, heard):
        login = Login(
            host="127.0.0.1", port=port, security="starttls", username="gm@corp.example", password=Secret(text=WORD)
        )
        with ImapServer(login) as server, pytest.raises(MaildError):
            server.select("INBOX")

    assert not [one for one in heard if WORD in one or "LOGIN" in one.upper() or "SELECT" in one.upper()]
