"""The seal over what lies there already: raw mails encrypted one by one, as often as somebody asks; nothing twice."""

from collections.abc import Callable, Iterator

from maild.adapters.archive import FileArchive
from maild.adapters.bucket import BucketArchive
from maild.errors import Permanent

Progress = Callable[[Iterator[str], int], Iterator[str]]


def seal_archive(
    archive: FileArchive | BucketArchive, progress: Progress = lambda items, _total: items
) -> tuple[int, list[str]]:
    """Encrypt every raw mail that lies plain or under an earlier key; how many these were, and which are damaged."""
    done, damaged, hashes = 0, list[str](), list(archive.hashes())
    for sha256 in progress(iter(hashes), len(hashes)):
        try:
            done += archive.reseal(sha256)
        except Permanent:
            damaged.append(sha256)
    return done, damaged
