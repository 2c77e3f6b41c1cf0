"""Which personal data files hold, found by a process that may die without harm."""

import json
import time
from collections import OrderedDict
from collections.abc import Sequence
from importlib.util import find_spec

from pydantic import TypeAdapter

from maild.adapters.apart import said_by
from maild.adapters.finding import Finding, ok, warn
from maild.domain.looked import Looked, Shut
from maild.domain.masks import Kind, Look
from maild.mail.compose import AttachedFile

SECONDS = 4.0
"""For all files of a mail together: no mail behind it waits longer than 5 s (quality.md, "Reliability")."""
LARGEST = 20 << 20
_REMEMBERED, _LONGEST_NAME = 64, 80
_LOOK: TypeAdapter[Look] = TypeAdapter(Look)


def check_looking() -> Finding:
    """Whether PDF files are looked through for personal data."""
    check = "attachments"
    if find_spec("pypdf") is not None:
        return ok(check, "PDF files are looked through for personal data")
    return warn(check, "no PDF goes to whoever need not know everything in it", "pip install 'maild[attachments]'")


def look_apart(files: Sequence[AttachedFile], look: Look, seconds: float) -> list[Looked]:
    """For each file the kinds of `look` that its words hold, or why nobody could look through it; never raises.

    One process looks into all of them; those that it does not come to are late.
    """
    fit = [one for one in files if len(one.content) <= LARGEST]
    found = iter(_asked(fit, look, seconds) if fit and seconds > 0 else ())
    late, large = Looked(shut=Shut.LATE), Looked(shut=Shut.TOO_LARGE)
    return [next(found, late) if len(one.content) <= LARGEST else large for one in files]


def _asked(files: Sequence[AttachedFile], look: Look, seconds: float) -> list[Looked]:
    names = [[one.filename[-_LONGEST_NAME:], len(one.content)] for one in files]
    head = json.dumps({"look": _LOOK.dump_python(look, mode="json"), "files": names}).encode()
    data = b"".join((head, b"\n", *(one.content for one in files)))
    said, done = said_by("maild.adapters.maskreader", data=data, seconds=seconds)
    found = [_found(line) for line in said.split(b"\n")[:-1]]
    # It ended by itself before it could say anything of the next one.
    return found if len(found) == len(files) or not done else [*found, Looked(shut=Shut.DAMAGED)]


def _found(line: bytes) -> Looked:
    said = json.loads(line)
    return Looked(
        kinds=frozenset(map(Kind, said.get("kinds", ()))), shut=Shut(said["shut"]) if "shut" in said else None
    )


class Looker:
    """Looks into files; what is left when the time of their mail is over counts as not looked through."""

    seconds = SECONDS

    def __init__(self) -> None:
        self._spent: OrderedDict[str, float] = OrderedDict()

    def __call__(self, mail: str, files: Sequence[AttachedFile], look: Look) -> list[Looked]:
        """What files of the mail of this hash hold."""
        spent, begun = self._spent.pop(mail, 0.0), time.monotonic()
        found = look_apart(files, look, self.seconds - spent)
        self._spent[mail] = spent + time.monotonic() - begun
        if len(self._spent) > _REMEMBERED:
            self._spent.popitem(last=False)
        return found
