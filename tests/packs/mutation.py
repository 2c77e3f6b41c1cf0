"""Takes one entry after the other out of gm-mailbox and asks whether its row notices.

python -m tests.packs.mutation
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.errors import Misconfigured
from tests.packs.entries import pack_entries, without
from tests.packs.gm_mailbox import FOLDER, Trial
from tests.packs.gm_mailbox_rows import SAME_AS_DEFAULT, row


def is_noticed(entry: str, into: Path) -> bool:
    """Whether the pack without this entry is refused, or fails the entry's row."""
    found = row(entry)
    try:
        return found is not None and not found(Trial(without(FOLDER, entry, into)))
    except (Misconfigured, LookupError):
        return True


def sample() -> tuple[str, ...]:
    """The last entry of each file."""
    last = {entry.partition("#")[0]: entry for entry in pack_entries(FOLDER) if entry not in SAME_AS_DEFAULT}
    return tuple(last.values())


def unnoticed() -> Iterator[str]:
    """Every entry whose absence nobody would notice."""
    for entry in pack_entries(FOLDER):
        with TemporaryDirectory() as folder:
            if entry not in SAME_AS_DEFAULT and not is_noticed(entry, Path(folder)):
                yield entry


def main() -> int:
    """Exit status 1 where the absence of an entry is not noticed."""
    found = list(unnoticed())
    tried = len(pack_entries(FOLDER)) - len(SAME_AS_DEFAULT)
    print("\n".join([*found, f"{tried} entries taken out, {tried - len(found)} noticed"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
