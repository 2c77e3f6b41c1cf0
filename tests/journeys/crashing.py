"""Processes of maild that kill themselves at a named point, for tests alone.

`python -m tests.journeys.crashing` reads orders, one JSON object a line, and runs each in a process forked from
itself, so that libraries and rules are loaded once. The process traces every point that it passes; at the ordered
one it ends by SIGKILL, as when the power fails.
"""

import contextlib
import functools
import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import maild.assembly
from maild.adapters import smtp
from maild.adapters.archive import FileArchive
from maild.adapters.imap import ImapServer
from maild.adapters.store import Store, Writing
from maild.cli.main import main
from maild.config import load

NAMED = {
    "take": "journal", "close_entry": "case", "sent_now": "sent", "put_off": "sent", "set_entry_state": "filed",
    "mark_time": "tick", "save": "tick", "lines_told": "tick", "set_cursor": "cursor",
    "claim": "claim",
}  # fmt: skip
"""A commit is named by the first of these writes that it holds."""


class Trap:
    """Counts the points that are passed, and kills at one of them; `any` is every point."""

    def __init__(self, point: str, hit: int, trace: str) -> None:
        self._point, self._hit, self._trace = point, hit, trace
        self._hits = itertools.count(1)
        self._lock = threading.Lock()

    def pass_by(self, point: str) -> None:
        """The process has come to this point."""
        with self._lock:
            with Path(self._trace).open("a") as file:
                file.write(point + "\n")
            if self._point in {point, "any"} and next(self._hits) == self._hit:
                os.kill(os.getpid(), signal.SIGKILL)


def arm(trap: Trap) -> None:
    """Put the points into the program: archive, commits, moves on the server, hand-overs."""
    _around(FileArchive, "put", "archive", trap)
    _around(ImapServer, "file", "move", trap)
    for name in NAMED:
        _noting(name)
    _around_commits(trap)
    _deadly_reading()
    hand_over: Callable[..., Any] = smtp._hand_over

    async def traced(*args: Any) -> Any:
        trap.pass_by("smtp before")
        answer = await hand_over(*args)
        trap.pass_by("smtp after")
        return answer

    setattr(smtp, "_hand_over", traced)  # noqa: B010


DEADLY = b"X-Test: kills its reader"
"""A mail with this header ends the process that reads it, as a fault in a C library or the kernel's OOM killer does."""


def _deadly_reading() -> None:
    for name in ("_parse", "parse_anyway"):
        setattr(maild.assembly, name, functools.partial(_read, getattr(maild.assembly, name)))


def _read(read: Callable[[bytes], Any], raw: bytes) -> Any:
    if DEADLY in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(raw)


def _around(owner: type, method: str, name: str, trap: Trap) -> None:
    original = getattr(owner, method)

    @functools.wraps(original)
    def traced(*args: Any, **options: Any) -> Any:
        trap.pass_by(f"{name} before")
        result = original(*args, **options)
        trap.pass_by(f"{name} after")
        return result

    setattr(owner, method, traced)


def _noting(method: str) -> None:
    original = getattr(Writing, method)

    @functools.wraps(original)
    def noting(self: Any, *args: Any, **options: Any) -> Any:
        self.__dict__.setdefault("written", set()).add(method)
        return original(self, *args, **options)

    setattr(Writing, method, noting)


def _around_commits(trap: Trap) -> None:
    original = Store.writing

    @contextlib.contextmanager
    def traced(self: Store) -> Iterator[Writing]:
        with original(self) as books:
            yield books
            written = books.__dict__.get("written", set())
            name = next((named for method, named in NAMED.items() if method in written), "")
            if name:
                trap.pass_by(f"{name} before")
        if name:
            trap.pass_by(f"{name} after")

    Store.writing = traced  # type: ignore[method-assign]


def _child(order: dict[str, Any]) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environ"])
    arm(Trap(order["point"], order["hit"], order["trace"]))
    return main(order["argv"])


def _run(order: dict[str, Any]) -> int:
    """Run one order; minus the signal that ended it, or its exit status."""
    child = os.fork()
    if not child:
        code = 70
        try:
            code = _child(order)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    end = time.monotonic() + order["seconds"]
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(ended[1])


def _serve() -> None:
    house: maild.assembly.House | None = None
    for line in sys.stdin:
        order = json.loads(line)
        if house is None:
            house = maild.assembly.read_house(load(Path(order["argv"][2]), order["environ"]))
            maild.assembly.read_house = functools.partial(_kept, house)
        print(_run(order), flush=True)


def _kept(house: maild.assembly.House, _settings: object) -> maild.assembly.House:
    return house


if __name__ == "__main__":
    _serve()
