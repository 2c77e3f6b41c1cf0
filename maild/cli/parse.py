"""Print what raw mails say, one JSON object a line; no database, no network.

Each FILE holds the bytes of one mail. Every mail gets its line, however damaged, within 10 seconds.

example: maild parse --json complaint.eml reply.eml
"""

import argparse
import contextlib
import json
import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from maild.mail.contract import as_json
from maild.mail.parse import parse_anyway, parse_bounded

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

DEADLINE = 7.0
"""Seconds for one mail; what the bounded reading and a new worker need comes on top."""
MEMORY = 3 << 30
"""Bytes of address space of the worker, where the system can bound it."""

_CONTEXT = multiprocessing.get_context()
"""The system's own way to start a process: quick where that is fork."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line (this is always so)")
    parser.add_argument("files", nargs="+", metavar="FILE", help="raw bytes of one mail")


def run(args: argparse.Namespace) -> int:
    """Print one line a file, in order; 2 when a file could not be opened, else 0."""
    status = 0
    with Worker() as worker:
        for name in args.files:
            try:
                raw = Path(name).read_bytes()
            except OSError as error:
                reason = error.strerror or type(error).__name__
                print(f"maild parse: {name!r} cannot be read ({reason}); check the path.", file=sys.stderr)
                status = 2
                continue
            sys.stdout.buffer.write(worker.line(raw, name).encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()
    return status


def json_line(raw: bytes, file: str) -> str:
    """The mail as one line of JSON."""
    return json.dumps(as_json(parse_anyway(raw), file), ensure_ascii=False)


class Worker:
    """A second process that reads mails and can be killed: a stuck reading cannot be stopped from within."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def line(self, raw: bytes, file: str) -> str:
        """The mail as a line of JSON; where that takes too long, what its first part says."""
        with contextlib.suppress(OSError, EOFError):
            pipe = self._started()
            pipe.send((raw, file))
            if pipe.poll(self._deadline):
                return str(pipe.recv())
        self._stop()
        return json.dumps(as_json(parse_bounded(raw, "could not be read in time"), file), ensure_ascii=False)

    def _started(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            self._pipe, theirs = multiprocessing.Pipe()
            self._process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """Answer one mail after the other until the pipe closes."""
    _bound_memory()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            raw, file = pipe.recv()
            pipe.send(json_line(raw, file))


def _bound_memory() -> None:
    """Only where the system knows such a bound."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
