"""Raw mails by content hash: what was stored is on the disk, or in the bucket, before anybody acts on it."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from maild.adapters.bucket import BucketArchive
from maild.adapters.hashname import fanned_out, is_hash
from maild.adapters.sealring import Ring, is_closed, opened
from maild.errors import Misconfigured, Permanent, Temporary


def open_archive(url: str, seal: Ring | None = None) -> "FileArchive | BucketArchive":
    """The archive that `[store] archive` names: a folder, or a bucket; with a seal what it holds is encrypted."""
    if url.startswith("s3://") and url.removeprefix("s3://").strip("/"):
        return BucketArchive(url, seal)
    path = url.removeprefix("file://").removeprefix("localhost")
    if not url.startswith("file://") or not path.startswith("/"):
        raise Misconfigured(f"archive = {url!r} in [store] cannot be used; write file:///folder or s3://bucket/prefix.")
    return FileArchive(Path(unquote(path)), seal)


class FileArchive:
    """A folder with files aa/bb/sha256, each written whole: to a temporary file, synced, renamed, folder synced.

    With a seal each is encrypted, bound to its name; the name stays the hash of the plain bytes, and what was stored
    before there was a seal can be read as before.
    """

    def __init__(self, folder: Path, seal: Ring | None = None) -> None:
        self.folder, self._seal = folder, seal

    def put(self, raw: bytes) -> str:
        sha256 = hashlib.sha256(raw).hexdigest()
        path = self._path(sha256)
        try:
            if not _is_whole(path, len(raw), self._seal):
                _write_durably(path, self._seal.close(raw, sha256) if self._seal else raw, self.folder)
        except OSError as error:
            raise Temporary(f"{path}: cannot be written ({error.strerror}); check the disk and its rights.") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        path = self._path(sha256)
        try:
            raw = path.read_bytes()
        except FileNotFoundError as error:
            raise Permanent(f"{path}: this archived mail is gone; restore it from the backup.") from error
        except OSError as error:
            raise Temporary(f"{path}: cannot be read ({error.strerror}); check the disk and its rights.") from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raw = opened(raw, self._seal, about=sha256, place=str(path))
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Permanent(f"{path}: this archived mail is damaged; restore it from the backup.")
        return raw

    def hashes(self) -> Iterator[str]:
        """Every mail that lies here."""
        yield from (path.name for path in sorted(self.folder.glob("??/??/*")) if is_hash(path.name))

    def is_sealed(self, sha256: str) -> bool:
        """Whether the current key has closed this one."""
        with self._path(sha256).open("rb") as file:
            return self._seal is not None and self._seal.is_current(file.read(64))

    def reseal(self, sha256: str) -> bool:
        """Encrypt one that lies here plain, or under an earlier key; whether anything was to be done."""
        path = self._path(sha256)
        if self._seal is None or self.is_sealed(sha256):
            return False
        _write_durably(path, self._seal.close(self.get(sha256), sha256), self.folder)
        return True

    def drop(self, sha256: str) -> None:
        """Take one away again, and the folders that it alone was in; one that is not there is no error."""
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        for above in (path.parent, path.parent.parent):
            if above.is_dir() and not any(above.iterdir()):
                above.rmdir()

    def _path(self, sha256: str) -> Path:
        return self.folder / fanned_out(sha256)


def _is_whole(path: Path, size: int, seal: Ring | None) -> bool:
    """Whether the mail is there already as it shall be; a file cut short by a failing disk is written again.

    Nothing plain is ever written over what is encrypted: the key may only be missing.
    """
    try:
        there = path.stat().st_size
        with path.open("rb") as file:
            closed = is_closed(file.read(64))
    except FileNotFoundError:
        return False
    return there == (seal.size_of(size) if seal else size) if closed == bool(seal) else closed


def _write_durably(path: Path, raw: bytes, top: Path) -> None:
    _make_folders(path.parent, top)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    _sync(path.parent)


def _make_folders(folder: Path, top: Path) -> None:
    """Make the fan-out folders, each entered durably in the folder above it."""
    if folder.is_dir():
        return
    if folder != top:
        _make_folders(folder.parent, top)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Sync a folder, where the system can open one (POSIX)."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
