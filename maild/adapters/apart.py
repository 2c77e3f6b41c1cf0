"""A part of maild run as a process of its own, for files that strangers send: it may die without harm."""

import os
import subprocess
import sys
import tempfile

KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LANG")
"""What the process may know of the environment: no password of ours."""


def environment() -> dict[str, str]:
    """The environment of such a process."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def answer_of(module: str, *arguments: str, data: bytes, seconds: float) -> bytes | None:
    """What the module says to `data` on its standard input; None where it was killed at its deadline."""
    said, done = said_by(module, *arguments, data=data, seconds=seconds)
    return said if done else None


def said_by(module: str, *arguments: str, data: bytes, seconds: float) -> tuple[bytes, bool]:
    """What the module says to `data`, and whether it came to its end before it was killed at its deadline."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(data)
        given.seek(0)
        done = True
        try:
            subprocess.run(  # noqa: S603  our own program
                command, stdin=given, stdout=told, stderr=subprocess.DEVNULL, env=environment(), timeout=seconds,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            done = False
        told.seek(0)
        return told.read(), done
