"""Servers that misbehave as real ones do: a proxy whose line can be cut, and a scripted IMAP server."""

import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

Spoken = Callable[["Line", str, str], None]
Reply = str | bytes | Spoken


class Listener:
    """A listening socket on loopback with a thread for each connection."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._threads[0].join(5)
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Cut every connection that is open now."""
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self.spawn(self.serve, self._socket.accept()[0])

    def spawn(self, run: Callable[[socket.socket], None], sock: socket.socket) -> None:
        """Serve a socket in a thread of its own and close it afterwards."""
        self._open.append(sock)

        def whole() -> None:
            with sock, suppress(OSError):
                run(sock)

        self._threads.append(threading.Thread(target=whole, daemon=True))
        self._threads[-1].start()

    def serve(self, sock: socket.socket) -> None:
        """Talk to one client."""
        raise NotImplementedError


class Proxy(Listener):
    """Passes bytes on to a server; `cut` is a dead peer, `refusing` one that hangs up at once."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._target = (host, port)
        self.refusing = False

    def serve(self, sock: socket.socket) -> None:
        if self.refusing:
            return
        far = socket.create_connection(self._target, 10)
        self.spawn(lambda back: _pump(back, sock), far)
        _pump(sock, far)


def _pump(source: socket.socket, target: socket.socket) -> None:
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_RDWR)


class Line:
    """One client's line: whole lines in, anything out."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket, self._file = sock, sock.makefile("rb")

    def send(self, text: str | bytes) -> None:
        """Send as it is."""
        self._socket.sendall(text if isinstance(text, bytes) else text.encode())

    def read(self) -> str:
        """The next line; empty at the end."""
        return self._file.readline().decode().rstrip("\r\n")

    def be_impatient(self, seconds: float) -> None:
        """Hang up on a client that is silent for so long."""
        self._socket.settimeout(seconds)

    def hang_up(self) -> None:
        """Close from this side."""
        self._socket.shutdown(socket.SHUT_RDWR)


DEFAULTS: Mapping[str, Reply] = {
    "CAPABILITY": "* CAPABILITY {capabilities}\r\n{tag} OK done\r\n",
    "LOGIN": "{tag} OK in\r\n",
    "ID": "* ID NIL\r\n{tag} OK done\r\n",
    'LIST "" ""': '* LIST (\\Noselect) "/" ""\r\n{tag} OK done\r\n',
    "LIST": '* LIST () "/" INBOX\r\n* LIST () "/" Done\r\n{tag} OK done\r\n',
    "SELECT": "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 3] -\r\n{tag} OK [READ-WRITE] in\r\n",
    "UID SEARCH": "* SEARCH 1 2\r\n{tag} OK done\r\n",
    "LOGOUT": "* BYE done\r\n{tag} OK done\r\n",
}


class ScriptedImap(Listener):
    """Answers by the longest matching beginning of a command; `heard` lists the commands without tags."""

    def __init__(self, script: Mapping[str, Reply], *, capabilities: str = "") -> None:
        super().__init__()
        self._script = {**DEFAULTS, **script}
        self._capabilities = f"IMAP4rev1 {capabilities}".strip()
        self.heard: list[str] = []

    def count(self, command: str) -> int:
        """How often a command was heard."""
        return sum(line.upper().startswith(command) for line in self.heard)

    def serve(self, sock: socket.socket) -> None:
        line = Line(sock)
        line.send(self._script.get("greeting", "* OK ready\r\n"))  # type: ignore[arg-type]
        while text := line.read():
            tag, _, command = text.partition(" ")
            self.heard.append(command)
            self._answer(line, tag, command)

    def _answer(self, line: Line, tag: str, command: str) -> None:
        fitting = [key for key in self._script if command.upper().startswith(key.upper())]
        reply = self._script[max(fitting, key=len)] if fitting else "{tag} BAD what?\r\n"
        if callable(reply):
            reply(line, tag, command)
        elif isinstance(reply, bytes):
            line.send(reply)
        else:
            line.send(reply.replace("{tag}", tag).replace("{capabilities}", self._capabilities))


def mails(answers: Mapping[int, str | bytes | None]) -> Spoken:
    """A UID FETCH that gives each mail its size, date and body; None: NIL; text: this line instead of an answer."""

    def reply(line: Line, tag: str, command: str) -> None:
        asked = [int(uid) for uid in command.split()[2].split(",")]
        for uid in (uid for uid in asked if uid in answers):
            line.send(_answer(uid, answers[uid], whole="BODY" in command))
        line.send(f"{tag} OK done\r\n")

    return reply


def _answer(uid: int, body: str | bytes | None, *, whole: bool) -> bytes:
    date = 'INTERNALDATE "24-Nov-2026 09:00:00 +0800"'
    if not whole:
        return f"* {uid} FETCH (UID {uid} RFC822.SIZE 10 {date})\r\n".encode()
    if isinstance(body, str):
        return body.encode()
    content = b"NIL" if body is None else b"{%d}\r\n%s" % (len(body), body)
    return f"* {uid} FETCH (UID {uid} {date} BODY[] ".encode() + content + b")\r\n"


def slowly(*parts: str) -> Spoken:
    """The parts one after the other in packets of their own; then DONE is awaited, for 5 seconds at most."""

    def reply(line: Line, tag: str, _command: str) -> None:
        for part in parts:
            line.send(part)
            time.sleep(0.05)
        line.be_impatient(5.0)
        if re.fullmatch("DONE", line.read()):
            line.send(f"{tag} OK done\r\n")

    return reply
