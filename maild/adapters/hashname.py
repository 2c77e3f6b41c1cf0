"""Where a raw mail lies in an archive, by its content hash alone."""

import re

from maild.errors import Permanent

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_hash(name: str) -> bool:
    """Whether a mail can have this name."""
    return bool(_SHA256.fullmatch(name))


def fanned_out(sha256: str) -> str:
    """`aa/bb/aabb...`, so that no folder grows without bounds; `Permanent` for what is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise Permanent(f"{sha256!r} is not the hash of an archived mail; take it from the case's events.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
