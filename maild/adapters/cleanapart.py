"""Attachments of a sealed letter without their properties, each by a process that may die without harm."""

import json
import os
import subprocess
import sys
import tempfile

from maild.adapters.attachedtext import KEPT
from maild.adapters.cleaner import CPU
from maild.domain.cleaned import Cleaned, How, cleaning_kind

LARGEST = 20 << 20


def clean_apart(data: bytes, filename: str, seconds: float = 2 * CPU) -> Cleaned:
    """The file without what tells who made it, or why it could not be cleaned; never raises."""
    kind = cleaning_kind(filename)
    if not kind:
        return Cleaned(how=How.UNKNOWN)
    if len(data) > LARGEST:
        return Cleaned(how=How.TOO_LARGE)
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-P", "-m", "maild.adapters.cleaner", kind]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(data)
        given.seek(0)
        try:
            subprocess.run(  # noqa: S603  our own program
                command, stdin=given, stdout=told, stderr=subprocess.DEVNULL, env=environ, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return Cleaned(how=How.LATE)
        told.seek(0)
        line, content = told.readline(), told.read()
    try:
        said = json.loads(line)
        return Cleaned(how=How(said["how"]), content=content, text=str(said["text"]))
    except (ValueError, KeyError, TypeError):
        return Cleaned(how=How.DAMAGED)  # it ended before it could say anything
