"""A mail that may be what ends the process: it is read apart before it is read here again (casework 1)."""

import logging
from collections.abc import Callable

from maild.errors import MaildError
from maild.workflow.plan import Entry

log = logging.getLogger("maild.pipeline")
SUSPECT, LAST_START = 3, 4
"""A mail during whose handling the process ended so often is read apart first; and so often, it is not read again.

Whoever kills the process from outside, an administrator or a machine without memory, may meet the same mail thrice.
One that does no harm when it is read gets a fourth chance; a fifth death within minutes and a service manager gives up.
"""


class Deadly(MaildError):
    """Reading the mail ends the process."""


def beware(entry: Entry, raw: bytes, can_be_read: Callable[[bytes], bool]) -> None:
    """Raise `Deadly` where reading this mail is what ended the process time and again."""
    if entry.starts < SUSPECT:
        return
    if entry.starts >= LAST_START or not can_be_read(raw):
        raise Deadly(f"the program ended {entry.starts} times while it was handled")
    log.warning(
        "mail %s of %s: the program ended %s times while it was handled, yet it can be read",
        entry.uid, entry.mailbox, entry.starts,
    )  # fmt: skip
