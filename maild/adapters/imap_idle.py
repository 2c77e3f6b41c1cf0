"""IDLE (RFC 2177) that sees what already lies in a buffer, survives split lines, and never spins on a dead peer.

The library's own `idle_check` does none of the three. IDLE is a hint: the UID poll behind it is the guarantee.
"""

import contextlib
import re
import selectors
import socket
import threading
import time
from typing import Any

from imapclient.exceptions import IMAPClientAbortError

from maild.adapters.imap_connect import READ_TIMEOUT

_LONGEST = 9 * 60.0
"""Seconds before DONE and a new IDLE: less than the 10 minutes after which gateways forget a connection."""
_HURRY = 5.0
_COUNT = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)", re.IGNORECASE)


class Waker:
    """Ends a wait from another thread; a call while nobody waits ends the next wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pair: tuple[socket.socket, socket.socket] | None = None

    def set(self) -> None:
        """End the present wait or the next one."""
        with self._lock, contextlib.suppress(BlockingIOError):
            self._open()[1].send(b"!")

    def clear(self) -> None:
        """Forget every call so far."""
        with self._lock, contextlib.suppress(BlockingIOError):
            self._open()[0].recv(4096)

    def wait(self, seconds: float, sock: socket.socket | None = None) -> tuple[bool, bool]:
        """Sleep until `set`, until `sock` can be read, or until the time is over: (woken, readable)."""
        with self._lock:
            end = self._open()[0]
        with selectors.DefaultSelector() as selector:
            selector.register(end, selectors.EVENT_READ)
            if sock is not None:
                selector.register(sock, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(max(seconds, 0.0))]
        return end in ready, sock is not None and sock in ready

    def close(self) -> None:
        """Let go of the sockets; the next use opens new ones."""
        with self._lock:
            for end in self._pair or ():
                end.close()
            self._pair = None

    def _open(self) -> tuple[socket.socket, socket.socket]:
        if self._pair is None:
            self._pair = socket.socketpair()
            for end in self._pair:
                end.setblocking(False)
        return self._pair


class Count:
    """How many mails the folder holds, to tell a new one from a repeated or falling EXISTS (RFC 3501 7.3.1)."""

    def __init__(self, exists: int) -> None:
        self._exists = exists

    def grew_by_replies(self, client: Any) -> bool:
        """Whether the replies to the commands since SELECT told of a new mail."""
        untagged = client._imap.untagged_responses
        gone, told = untagged.pop("EXPUNGE", []), untagged.pop("EXISTS", [])
        self._exists -= len(gone)
        return self._risen([int(number) for number in told])

    def grew_by_line(self, line: bytes) -> bool:
        """Whether this line, seen while idling, tells of a new mail."""
        found = _COUNT.match(line)
        if found is None:
            return False
        if found.group(2).upper() == b"EXPUNGE":
            self._exists -= 1
            return False
        return self._risen([int(found.group(1))])

    def _risen(self, told: list[int]) -> bool:
        risen = any(number > self._exists for number in told)
        self._exists = told[-1] if told else self._exists
        return risen


def idle(client: Any, count: Count, waker: Waker, seconds: float) -> bool:
    """Wait on the selected folder; True when something may have come. Raises what the library raises."""
    end = time.monotonic() + seconds
    if count.grew_by_replies(client):
        return True
    while (left := end - time.monotonic()) > 0:
        session = _Session(client, count, waker)
        session.run(min(left, _LONGEST))
        if session.grew or session.woken:
            return session.grew
        if session.cut_short:
            # The server refuses IDLE now, or ends it at once: the poll has to do.
            return sleep(waker, end - time.monotonic())
    return False


def sleep(waker: Waker, seconds: float) -> bool:
    """Wait without the server; always False, as nothing can be heard."""
    if waker.wait(seconds)[0]:
        waker.clear()
    return False


class _Session:
    """One IDLE command, from its continuation to DONE."""

    def __init__(self, client: Any, count: Count, waker: Waker) -> None:
        self._client, self._imap, self._count, self._waker = client, client._imap, count, waker
        self.grew = self.woken = False
        self.cut_short = False
        """Whether the server ended it, not we."""
        self._tag = self._imap._command("IDLE")

    def run(self, seconds: float) -> None:
        """Idle until a mail has come, somebody calls, the server ends it, or the time is over."""
        end = time.monotonic() + seconds
        if self._begun():
            while not (self.grew or self.woken or self._over()) and (left := end - time.monotonic()) > 0:
                self._listen(left)
        self.cut_short = self._over()
        self._finish()

    def _begun(self) -> bool:
        """Read up to the continuation; untagged lines before it count, a tagged one means refusal."""
        while not self._over():
            line = self._imap._get_response()
            if line is None:
                return True
            self._heard(line)
        return False

    def _listen(self, seconds: float) -> None:
        readable = _buffered(self._client)
        if not readable:
            self.woken, readable = self._waker.wait(seconds, self._client.socket())
        if readable:
            self._heard(self._imap._get_response())

    def _finish(self) -> None:
        if self.woken:
            self._waker.clear()
            # Whoever calls wants to go on: a silent server is not waited for.
            self._client.socket().settimeout(_HURRY)
        if not self._over():
            self._imap.send(b"DONE\r\n")
        while not self._over():
            self._heard(self._imap._get_response())
        self._imap.tagged_commands.pop(self._tag)
        self._client.socket().settimeout(READ_TIMEOUT)

    def _over(self) -> bool:
        return self._imap.tagged_commands.get(self._tag) is not None

    def _heard(self, line: bytes | None) -> None:
        if line is None:
            return
        if line.upper().startswith(b"* BYE"):
            raise IMAPClientAbortError(f"BYE {line[6:].decode('ascii', 'replace')}")
        self.grew = self._count.grew_by_line(line) or self.grew


def _buffered(client: Any) -> bool:
    """Whether bytes are already off the wire: in a TLS record or in a reader's buffer, where no poll sees them."""
    sock, imap = client.socket(), client._imap
    if getattr(sock, "pending", int)():
        return True
    if hasattr(imap, "_readbuf"):  # Python 3.14 on
        return bool(imap._readbuf)
    sock.setblocking(False)
    try:
        return bool(imap.file.peek(1))
    except OSError:
        return False
    finally:
        sock.settimeout(READ_TIMEOUT)
