"""Fronts that make the embedded servers speak as known providers do, each by what is published of it.

None of this was recorded at the real servers: each trait names where it was read.
"""

import base64
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from threading import Lock

from maild.sandbox.servers import Account, EmbeddedServers
from tests.adapters.imap_fakes import Listener

_CAPABILITY = re.compile(rb"(\* CAPABILITY |\[CAPABILITY )([^\]\r\n]*)")
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_CHALLENGE = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}').decode()
Filed = Callable[[bytes], None]


@dataclass
class Traits:
    """What a provider does otherwise than the embedded servers."""

    hides: frozenset[str] = frozenset()
    """Capabilities that it does not have."""
    adds: str = ""
    needs_id: bool = False
    wrong_login: str = "LOGIN failed."
    takes_passwords: bool = True
    tokens: set[str] = field(default_factory=set)
    most_connections: int = 100
    """SMTP connections at once."""
    too_many: str = ""


@dataclass
class Provider:
    """A provider at work: its ports, and what clients did."""

    servers: EmbeddedServers
    traits: Traits
    address: str
    secret: str
    imap_port: int = 0
    smtp_port: int = 0
    heard: list[str] = field(default_factory=list)
    """IMAP commands without tags and arguments, connections as CONNECT."""
    logins: list[str] = field(default_factory=list)
    file: Filed = lambda _raw: None
    """What it does with a copy of what goes out by SMTP."""


def _accepts(provider: Provider, encoded: str) -> bool:
    """Whether this is `user=ADDRESS^Aauth=Bearer TOKEN^A^A` with a token that is good (XOAUTH2)."""
    user, _, rest = base64.b64decode(encoded).decode().partition("\x01")
    token = rest.removeprefix("auth=Bearer ").rstrip("\x01")
    provider.logins.append(token)
    return user == f"user={provider.address}" and token in provider.traits.tokens


class ImapFront(Listener):
    """IMAP commands are looked at, answered here where the provider differs, and else passed on."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider

    def serve(self, sock: socket.socket) -> None:
        self._provider.heard.append("CONNECT")
        far = socket.create_connection(("127.0.0.1", self._provider.servers.imap_port), 10)
        self.spawn(lambda back: self._back(back, sock), far)
        near, known = sock.makefile("rb"), False
        while line := near.readline():
            tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            word = command.partition(b" ")[0].decode().upper()
            self._provider.heard.append(word)
            known = known or word == "ID"
            if word == "AUTHENTICATE" and "XOAUTH2" in command.decode():
                self._token(sock, near, tag, far)
            elif answer := self._own(word, command.decode(), introduced=known):
                sock.sendall(tag + b" " + answer.encode() + b"\r\n")
            else:
                self._pass_on(line, near, far)
        far.shutdown(socket.SHUT_RDWR)

    def _own(self, word: str, command: str, *, introduced: bool) -> str:
        traits = self._provider.traits
        if word in {"LOGIN", "AUTHENTICATE"}:
            self._provider.logins.append(command.rpartition(" ")[2].strip('"'))
            right = traits.takes_passwords and self._provider.secret == self._provider.logins[-1]
            return "" if right else f"NO {traits.wrong_login}"
        if word in {"SELECT", "EXAMINE"} and traits.needs_id and not introduced:
            return "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
        return f"BAD {word} unknown" if word in traits.hides else ""

    def _token(self, sock: socket.socket, near: object, tag: bytes, far: socket.socket) -> None:
        read = near.readline  # type: ignore[attr-defined]
        sock.sendall(b"+ \r\n")
        if _accepts(self._provider, read().decode().strip()):
            far.sendall(tag + f' LOGIN "{self._provider.address}" "{self._provider.secret}"\r\n'.encode())
            return
        sock.sendall(f"+ {_CHALLENGE}\r\n".encode())
        read()
        sock.sendall(tag + b" NO AUTHENTICATE failed.\r\n")

    def _pass_on(self, line: bytes, near: object, far: socket.socket) -> None:
        """A command with its literals."""
        far.sendall(line)
        while found := _LITERAL.search(line):
            far.sendall(near.read(int(found.group(1))))  # type: ignore[attr-defined]
            line = near.readline()  # type: ignore[attr-defined]
            far.sendall(line)

    def _back(self, far: socket.socket, sock: socket.socket) -> None:
        for line in far.makefile("rb"):
            sock.sendall(_CAPABILITY.sub(self._capabilities, line))

    def _capabilities(self, found: re.Match[bytes]) -> bytes:
        traits = self._provider.traits
        kept = [word for word in found.group(2).decode().split() if word.upper() not in traits.hides]
        return found.group(1) + " ".join([*kept, *traits.adds.split()]).encode()


class SmtpFront(Listener):
    """SMTP commands one by one; what was accepted is filed as the provider does."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider
        self._count, self._lock = 0, Lock()

    def serve(self, sock: socket.socket) -> None:
        with self._lock:
            self._count += 1
        try:
            with socket.create_connection(("127.0.0.1", self._provider.servers.smtp_port), 10) as far:
                self._converse(sock, far)
        finally:
            with self._lock:
                self._count -= 1

    def _converse(self, sock: socket.socket, far: socket.socket) -> None:
        near, back = sock.makefile("rb"), far.makefile("rb")
        sock.sendall(_reply(back))
        while line := near.readline():
            words = line.decode().split()
            if [word.upper() for word in words[:2]] == ["AUTH", "XOAUTH2"]:
                answer = self._token(words[2], sock, near, far, back)
            elif words[0].upper() == "MAIL" and self._count > self._provider.traits.most_connections:
                answer = f"{self._provider.traits.too_many}\r\n".encode()
            elif words[0].upper() == "AUTH" and not self._provider.traits.takes_passwords:
                answer = b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n"
            else:
                far.sendall(line)
                answer = _reply(back)
            if words[0].upper() == "EHLO":
                answer = answer.replace(b"AUTH ", b"AUTH XOAUTH2 " if self._provider.traits.tokens else b"AUTH ")
            sock.sendall(answer)
            if answer.startswith(b"354"):
                sock.sendall(self._data(near, far, back))

    def _token(self, encoded: str, sock: socket.socket, near: object, far: socket.socket, back: object) -> bytes:
        if not _accepts(self._provider, encoded):
            sock.sendall(f"334 {_CHALLENGE}\r\n".encode())
            near.readline()  # type: ignore[attr-defined]
            return b"535 5.7.3 Authentication unsuccessful\r\n"
        plain = f"\0{self._provider.address}\0{self._provider.secret}".encode()
        far.sendall(b"AUTH PLAIN " + base64.b64encode(plain) + b"\r\n")
        return _reply(back)

    def _data(self, near: object, far: socket.socket, back: object) -> bytes:
        lines = []
        while (line := near.readline()) != b".\r\n":  # type: ignore[attr-defined]
            lines.append(line)
        far.sendall(b"".join(lines) + b".\r\n")
        answer = _reply(back)
        if answer.startswith(b"250"):
            self._provider.file(b"".join(line.removeprefix(b".") if line[:2] == b".." else line for line in lines))
        return answer


def _reply(back: object) -> bytes:
    lines = [back.readline()]  # type: ignore[attr-defined]
    while lines[-1][3:4] == b"-":
        lines.append(back.readline())  # type: ignore[attr-defined]
    return b"".join(lines)


@contextmanager
def _provider(address: str, secret: str, traits: Traits, *folders: str) -> Iterator[Provider]:
    with ExitStack() as stack:
        servers = stack.enter_context(EmbeddedServers([Account(address=address, password=secret, folders=folders)]))
        provider = Provider(servers=servers, traits=traits, address=address, secret=secret)
        provider.imap_port = stack.enter_context(ImapFront(provider)).port
        provider.smtp_port = stack.enter_context(SmtpFront(provider)).port
        yield provider


@contextmanager
def netease() -> Iterator[Provider]:
    """163.com: an authorisation code, ID before SELECT on every connection, no IDLE, MOVE or UIDPLUS.

    github.com/mjs/imapclient/issues/544, pimalaya/himalaya/issues/651 and 656 (2026-03): `NO SELECT Unsafe Login`;
    chatmail/provider-db _providers/163.md (2024-11): the code. That IDLE is missing was told by users, not read.
    """
    traits = Traits(
        hides=frozenset({"IDLE", "MOVE", "UIDPLUS", "BINARY", "MULTIAPPEND", "OBJECTID"}), needs_id=True,
        wrong_login="LOGIN Login error or password error",
    )  # fmt: skip
    with _provider("gm@163.com", "QWERASDFZXCVTYUI", traits, "已发送") as provider:
        yield provider


@contextmanager
def exmail() -> Iterator[Provider]:
    """Exmail: a password for clients (客户端专用密码), IDLE, the folder `Sent Messages`, frequency limits at SMTP.

    chatmail/provider-db _providers/qq.md (2021-06), the same family of servers; service.exmail.qq.com's words on
    frequency, as repeated at yimisoft.com/article/detail/2263.
    """
    traits = Traits(
        hides=frozenset({"MOVE", "BINARY"}), wrong_login="Login fail. Account is abnormal or password error"
    )
    with _provider("gm@exmail.corp.example", "AbCdEfGh12345678", traits, "Sent Messages", "Junk") as provider:
        yield provider


@contextmanager
def exchange(*tokens: str) -> Iterator[Provider]:
    """Exchange Online: tokens alone, an error challenge, three SMTP connections, the Message-ID replaced, a sent copy.

    learn.microsoft.com .../how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth (XOAUTH2) and
    .../smtp-submission-improvements (Sent Items, 432 4.3.2); chatmail/core/pull/2250: the old Message-ID goes to
    X-Microsoft-Original-Message-ID; marlam/msmtp/issues/190 (2025-04): the same is seen with outlook.office365.com.
    """
    traits = Traits(
        hides=frozenset({"BINARY", "MULTIAPPEND", "OBJECTID"}), adds="AUTH=XOAUTH2 SASL-IR", takes_passwords=False,
        wrong_login="LOGIN failed.", tokens=set(tokens), most_connections=3,
        too_many="432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
    )  # fmt: skip
    with _provider("gm@corp.example", "backend", traits, "Sent Items", "Junk Email") as provider:
        provider.file = lambda raw: _filed_by_exchange(provider, raw)
        yield provider


def changed_id(raw: bytes) -> str:
    """The Message-ID that Exchange gives a mail of ours: always the same one, so that a test can name it."""
    mark = str(message_from_bytes(raw)["X-Maild-Id"]).upper()
    return f"<SYZPR01MB{mark}@SYZPR01MB0001.apcprd01.prod.outlook.com>"


def _filed_by_exchange(provider: Provider, raw: bytes) -> None:
    old = str(message_from_bytes(raw)["Message-ID"]).encode()
    head, blank, body = raw.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nMessage-ID:[^\r]*(\r\n[ \t][^\r]*)*", b"", head)
    new = f"\r\nMessage-ID: {changed_id(raw)}\r\nX-Microsoft-Original-Message-ID: ".encode() + old
    provider.servers.append(provider.address, "Sent Items", head + new + blank + body)


@contextmanager
def gmail() -> Iterator[Provider]:
    """Gmail: an app password, labels as folders, each mail in All Mail too, a sent copy with headers put before it.

    developers.google.com/workspace/gmail/imap/imap-smtp and imap-extensions (All Mail, labels);
    huacnlee/omamail/pull/60 (2026-09): SMTP files a Sent copy, one by Message-ID.
    """
    traits = Traits(hides=frozenset({"BINARY", "MULTIAPPEND", "OBJECTID"}), adds="X-GM-EXT-1",
                    wrong_login="[AUTHENTICATIONFAILED] Invalid credentials (Failure)")  # fmt: skip
    folders = ("[Gmail]/Sent Mail", "[Gmail]/All Mail", "[Gmail]/Spam")
    with _provider("gm@gmail.com", "abcdefghijklmnop", traits, *folders) as provider:
        provider.file = lambda raw: _filed_by_gmail(provider, raw)
        yield provider


def _filed_by_gmail(provider: Provider, raw: bytes) -> None:
    copy = b"Return-Path: <gm@gmail.com>\r\nX-Google-Smtp-Source: AGHT+IF\r\n" + raw
    for folder in ("[Gmail]/Sent Mail", "[Gmail]/All Mail"):
        provider.servers.append(provider.address, folder, copy)
