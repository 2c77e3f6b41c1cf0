"""Whether a mail can be read at all, found out by a process of its own, which it may end without harm (casework 1).

A mail during whose handling the program ended three times may be what ended it, or may have stood there while somebody
else killed the program: only reading it once more tells.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from maild.adapters.apart import environment
from maild.adapters.attachedtext import with_attached_text
from maild.adapters.bannerfile import read_marks
from maild.domain.value import value
from maild.errors import MaildError
from maild.mail.banners import MARKS
from maild.mail.parse import parse, parse_anyway


@value
class Bounds:
    """What reading one mail may cost; whoever needs more would end the program."""

    memory: int = 2 << 30
    """Bytes of address space."""
    seconds: int = 10
    """Of processor time; twice as many of the clock's, as other mails wait meanwhile."""


def can_be_read(raw: bytes, rules: Path | None, most: Bounds = Bounds()) -> bool:  # noqa: B008  frozen
    """Whether a process came to the end of reading the mail, with the marks of the office's `rules`; never raises."""
    said = json.dumps([str(rules) if rules else "", most.memory, most.seconds])
    command = [sys.executable, "-P", "-m", "maild.adapters.readapart", said]
    with tempfile.TemporaryFile() as given:
        given.write(raw)
        given.seek(0)
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603  our own program
                command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
                timeout=2 * most.seconds, check=False,
            )  # fmt: skip
            return done.returncode == 0
    return False


def _bound(memory: int, seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


def _main(said: str) -> None:
    """Read the mail on standard input as the pipeline does; what it would quarantine for is no reason to fail here."""
    rules, memory, seconds = json.loads(said)
    marks = MARKS
    with suppress(MaildError):  # files that a person is just writing: the house that is in force is an older one
        marks = read_marks(Path(rules) if rules else None)
    raw = sys.stdin.buffer.read()
    _bound(memory, seconds)
    try:
        mail = parse(raw, marks)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  the pipeline goes on as well
        mail = parse_anyway(raw, marks)
    with_attached_text(mail, raw)


if __name__ == "__main__":
    _main(sys.argv[1])
