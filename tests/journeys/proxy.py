"""A bad line between maild and a server: it breaks after so many bytes, falls silent, or is down for a while."""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Self

HOST = "127.0.0.1"


class BadLine:
    """Passes connections on to a port of this machine, and harms them as it is told to.

    `cut("heard", n)` breaks the next connection as soon as the server has said n bytes to maild, `cut("said", n)` as
    soon as maild has said n bytes to the server; `silent`: nothing comes through from there on, nothing is closed.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server((HOST, 0))
        self.port: int = self._server.getsockname()[1]
        self._limits: dict[str, int] = {}
        self._silent = False
        self._down = False
        self._open: set[socket.socket] = set()
        self.harmed = 0
        """How many connections were harmed so far."""
        self.carried = {"said": 0, "heard": 0}
        """How many bytes the last connection carried each way."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.down()

    def cut(self, way: str, after: int, *, silent: bool = False) -> None:
        """Harm the next connection after so many bytes that way; later ones are good again."""
        self._limits, self._silent = {way: after}, silent

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
                limits, self._limits, silent = self._limits, {}, self._silent
                self.carried = {"said": 0, "heard": 0}
                for way, source, sink in (("said", client, server), ("heard", server, client)):
                    carry = self._carrier(way, limits.get(way), silent=silent)
                    threading.Thread(target=carry, args=(source, sink), daemon=True).start()

    def _carrier(self, way: str, limit: int | None, *, silent: bool) -> Callable[[socket.socket, socket.socket], None]:
        carried = self.carried

        def carry(source: socket.socket, sink: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    left = None if limit is None else limit - carried[way]
                    sink.sendall(data[:left])
                    carried[way] += len(data)
                    if left is not None and len(data) >= left:
                        self.harmed += 1
                        if silent:
                            return
                        break
            _end(source)
            _end(sink)

        return carry


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
