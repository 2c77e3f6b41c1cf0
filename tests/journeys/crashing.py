"""Processes of maild that kill themselves at a named point, for tests alone.

`python -m tests.journeys.crashing` reads orders, one JSON object a line, and runs each in a process forked from
itself, so that libraries and rules are loaded once. The process traces every point that it passes; at the ordered
one it ends by SIGKILL, as when the power fails.
"""

import functools
import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

import maild.assembly
from maild.adapters.imap import ImapServer
from maild.cli.main import main
from maild.config import load
from maild.domain.policy import Policy
from tests.journeys.points import arm


class Trap:
    """Counts the points that are passed, and kills at one of them; `any` is every point but those spared."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._point, self._hit, self._trace = order["point"], order["hit"], Path(order["trace"])
        self._spared = set(order["spared"])
        self._hits = itertools.count(1)
        self._lock = threading.Lock()

    def pass_by(self, point: str) -> None:
        """The process has come to this point."""
        with self._lock, self._trace.open("a") as file:
            file.write(point + "\n")
            deadly = point == self._point or (self._point == "any" and point not in self._spared)
            if deadly and next(self._hits) == self._hit:
                file.write(f"died {point}\n")
                file.flush()
                os.kill(os.getpid(), signal.SIGKILL)


DEADLY = b"X-Test: kills its reader"
"""A mail with this header ends the process that reads it, as a fault in a C library or the kernel's OOM killer does."""


def _deadly_reading() -> None:
    for name in ("parse", "parse_anyway"):
        setattr(maild.assembly, name, functools.partial(_read, getattr(maild.assembly, name)))

    # The process that reads a mail apart is another program: it would come to its end.
    setattr(maild.assembly, "can_be_read", lambda raw, _rules: DEADLY not in raw)  # noqa: B010


def _read(read: Callable[..., Any], raw: bytes, *marks: Any) -> Any:
    if DEADLY in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(raw, *marks)


def _server_as_ordered(order: dict[str, Any]) -> None:
    """A server that lacks some of what it can do, or whose quota is nearly used."""
    has: Callable[[IMAPClient, str], bool] = IMAPClient.has_capability
    IMAPClient.has_capability = lambda self, word: word not in order["without"] and has(self, word)
    if order["full"]:
        setattr(ImapServer, "quota", lambda _self: [("storage", 90, 100)])  # noqa: B010


def _child(order: dict[str, Any]) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environ"])
    arm(Trap(order).pass_by)
    _deadly_reading()
    _server_as_ordered(order)
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
            for desk in house.desks.values():
                _warm(desk.pack.policy)
        print(_run(order), flush=True)


def _warm(policy: Policy) -> None:
    """Make before the first fork what every process would make for itself at its first mail."""
    assert policy.likeness
    assert policy.matcher


def _kept(house: maild.assembly.House, *_known: object) -> maild.assembly.House:
    return house


if __name__ == "__main__":
    _serve()
