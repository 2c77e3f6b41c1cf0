"""Raw mails by content hash: what was stored is on the disk, or in the bucket, before anybody acts on it."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import unquote

from maild.adapters.bucket import BucketArchive
from maild.adapters.hashname import fanned_out
from maild.errors import Misconfigured, Permanent, Temporary


def open_archive(url: str) -> "FileArchive | BucketArchive":
    """The archive that `[store] archive` names: a folder, or a bucket."""
    if url.startswith("s3://") and url.removeprefix("s3://").strip("/"):
        return BucketArchive(url)
    path = url.removeprefix("file://").removeprefix("localhost")
    if not url.startswith("file://") or not path.startswith("/"):
        raise Misconfigured(f"archive = {url!r} in [store] cannot be used; write file:///folder or s3://bucket/prefix.")
    return FileArchive(Path(unquote(path)))


class FileArchive:
    """A folder with files aa/bb/sha256, each written whole: to a temporary file, synced, renamed, folder synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, raw: bytes) -> str:
        sha256 = hashlib.sha256(raw).hexdigest()
        path = self._path(sha256)
        try:
            if not _same_size(path, len(raw)):
                _write_durably(path, raw, self.folder)
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
            raise Permanent(f"{path}: this archived mail is damaged; restore it from the backup.")
        return raw

    def drop(self, sha256: str) -> None:
        """Take one away again, and the folders that it alone was in; one that is not there is no error."""
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        for above in (path.parent, path.parent.parent):
            if above.is_dir() and not any(above.iterdir()):
                above.rmdir()

    def _path(self, sha256: str) -> Path:
        return self.folder / fanned_out(sha256)


def _same_size(path: Path, size: int) -> bool:
    """Whether the mail is there already; a file cut short by a failing disk is written again."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


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
