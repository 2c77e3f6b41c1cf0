"""A bad line between maild and a server: it breaks after so many bytes or commands, falls silent, or is down."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

HOST = "127.0.0.1"
END_OF_MAIL = b"\r\n.\r\n"
"""How the data of a mail ends on its way to an SMTP server."""


@dataclass
class Cut:
    """Where the next connection breaks: after so many bytes `way`, or at its `command`-th command."""

    way: str = ""
    after: int = 0
    silent: bool = False
    command: int = 0
    reaches: bool = False
    """Whether the server still hears that command; its answer is lost then."""


@dataclass
class Carried:
    """What one connection has carried."""

    said: int = 0
    heard: int = 0
    commands: int = 0
    last: bytes = b""
    """What maild said last."""
    lost: bool = False
    """Whether the next answer does not come through any more."""

    def __getitem__(self, way: str) -> int:
        return self.said if way == "said" else self.heard

    def count(self, way: str, data: bytes) -> None:
        """So much more went this way."""
        if way == "said":
            self.said += len(data)
        else:
            self.heard += len(data)


class BadLine:
    """Passes connections on to a port of this machine, and harms them as it is told to.

    `cut("heard", n)` breaks the next connection as soon as the server has said n bytes to maild, `cut("said", n)` as
    soon as maild has said n bytes to the server; `silent`: nothing comes through from there on, nothing is closed.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server((HOST, 0))
        self.port: int = self._server.getsockname()[1]
        self._cut = Cut()
        self._down = False
        self._open: set[socket.socket] = set()
        self.harmed = 0
        """How many connections were harmed so far."""
        self.unanswered: list[bytes] = []
        """What the server heard last of each connection whose answer was lost."""
        self.carried = Carried()
        """What the last connection carried."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.down()

    def cut(self, way: str, after: int, *, silent: bool = False) -> None:
        """Harm the next connection after so many bytes that way; later ones are good again."""
        self._cut = Cut(way=way, after=after, silent=silent)

    def cut_command(self, number: int, *, reaches: bool) -> None:
        """Break the next connection at this command: unheard by the server, or heard and its answer lost."""
        self._cut = Cut(command=number, reaches=reaches)

    def good(self) -> None:
        """Harm nothing, not even what was to be harmed next."""
        self._cut = Cut()

    def down(self) -> None:
        """The server has gone: every connection ends, and no new one is answered until `up`."""
        self._down = True
        for one in list(self._open):
            _end(one)

    def up(self) -> None:
        """The server is back."""
        self._down = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                if self._down:
                    _end(client)
                    continue
                server = socket.create_connection((HOST, self._target))
                self._open |= {client, server}
                cut, self._cut = self._cut, Cut()
                self.carried = Carried()
                for carry in (self._said(cut, client, server), self._heard(cut, server, client)):
                    threading.Thread(target=carry, daemon=True).start()

    def _said(self, cut: Cut, source: socket.socket, sink: socket.socket) -> Callable[[], None]:
        carried = self.carried

        def pass_on(data: bytes) -> bool:
            carried.commands, carried.last = carried.commands + 1, data
            if carried.commands == cut.command:
                self.harmed += 1
                carried.lost = True
                if not cut.reaches:
                    return False
            return self._passed("said", data, cut, sink, carried)

        return lambda: _carry(source, sink, pass_on)

    def _heard(self, cut: Cut, source: socket.socket, sink: socket.socket) -> Callable[[], None]:
        carried = self.carried

        def pass_on(data: bytes) -> bool:
            if carried.lost:
                self.unanswered.append(carried.last)
            return not carried.lost and self._passed("heard", data, cut, sink, carried)

        return lambda: _carry(source, sink, pass_on)

    def _passed(self, way: str, data: bytes, cut: Cut, sink: socket.socket, carried: Carried) -> bool:
        """Pass on what may come through; whether more may."""
        left = cut.after - carried[way] if cut.way == way else len(data) + 1
        sink.sendall(data[:left])
        carried.count(way, data)
        if len(data) < left:
            return True
        self.harmed += 1
        if cut.silent:
            raise _Silence
        return False


class _Silence(Exception):
    """Nothing comes through any more, and nothing is closed."""


def _carry(source: socket.socket, sink: socket.socket, pass_on: Callable[[bytes], bool]) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            try:
                if not pass_on(data):
                    break
            except _Silence:
                return
    _end(source)
    _end(sink)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
