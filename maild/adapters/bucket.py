"""Raw mails by content hash in an S3 bucket, which several daemons share; through fsspec.

Credentials, region and endpoint come from the environment as every S3 client reads them (`AWS_ACCESS_KEY_ID`,
`AWS_ENDPOINT_URL`, ...). They stand in no setting and in no error.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from maild.adapters.hashname import fanned_out, is_hash
from maild.adapters.sealring import Ring, is_closed, opened
from maild.errors import MaildError, Misconfigured, Permanent, Temporary

_NETWORK = {"connect_timeout": 15, "read_timeout": 60, "retries": {"max_attempts": 3}, "max_pool_connections": 16}
_PLACE = "the bucket, its rights and AWS_ENDPOINT_URL"


class BucketArchive:
    """Objects PREFIX/aa/bb/sha256, each read back and compared before it counts as stored; encrypted with a seal."""

    def __init__(self, url: str, seal: Ring | None = None) -> None:
        self.url, self._seal = url.rstrip("/"), seal
        self._top = self.url.removeprefix("s3://")
        try:
            import s3fs
        except ImportError as error:
            raise Misconfigured(f"archive = {url!r} in [store] needs more: pip install 'maild[s3]'.") from error
        self._files: Any = s3fs.S3FileSystem(config_kwargs=_NETWORK, use_listings_cache=False, skip_instance_cache=True)

    def put(self, raw: bytes) -> str:
        sha256 = hashlib.sha256(raw).hexdigest()
        path = self._path(sha256)
        try:
            agrees = self._is_whole(path, len(raw)) or self._written(path, raw, sha256)
        except Exception as error:
            raise self._trouble(path, "written", error) from error
        if not agrees:
            raise Temporary(f"s3://{path}: other bytes came back than were written; look at the bucket.")
        return sha256

    def get(self, sha256: str) -> bytes:
        path = self._path(sha256)
        try:
            raw = bytes(self._files.cat_file(path))
        except FileNotFoundError as error:
            if _code(error) == "NoSuchBucket":
                raise self._trouble(path, "read", error) from error
            raise Permanent(f"s3://{path}: this archived mail is gone; restore it from the backup.") from error
        except Exception as error:
            raise self._trouble(path, "read", error) from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raw = opened(raw, self._seal, about=sha256, place=f"s3://{path}")
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Permanent(f"s3://{path}: this archived mail is damaged; restore it from the backup.")
        return raw

    def hashes(self) -> Iterator[str]:
        """Every mail that lies here."""
        try:
            found = sorted(self._files.find(self._top))
        except Exception as error:
            raise self._trouble(self._top, "listed", error) from error
        yield from (name for path in found if is_hash(name := path.rpartition("/")[2]))

    def is_sealed(self, sha256: str) -> bool:
        """Whether the current key has closed this one."""
        return self._seal is not None and self._seal.is_current(
            self._files.cat_file(self._path(sha256), start=0, end=64)
        )

    def reseal(self, sha256: str) -> bool:
        """Encrypt one that lies here plain, or under an earlier key; whether anything was to be done."""
        path = self._path(sha256)
        try:
            if self._seal is None or self.is_sealed(sha256):
                return False
            self._written(path, self.get(sha256), sha256)
        except MaildError:
            raise
        except Exception as error:
            raise self._trouble(path, "written", error) from error
        return True

    def drop(self, sha256: str) -> None:
        """Take one away again; one that is not there is no error."""
        path = self._path(sha256)
        try:
            self._files.rm_file(path)
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._trouble(path, "removed", error) from error

    def _written(self, path: str, raw: bytes, sha256: str) -> bool:
        """Whether the very bytes that were written come back."""
        stored = self._seal.close(raw, sha256) if self._seal else raw
        self._files.pipe_file(path, stored)
        return bool(self._files.cat_file(path) == stored)

    def _is_whole(self, path: str, size: int) -> bool:
        """Whether the mail is there already as it shall be; nothing plain is written over what is encrypted."""
        try:
            there = int(self._files.info(path)["size"])
            closed = is_closed(self._files.cat_file(path, start=0, end=64)) if there else False
        except FileNotFoundError:
            return False
        return there == (self._seal.size_of(size) if self._seal else size) if closed == bool(self._seal) else closed

    def _path(self, sha256: str) -> str:
        return f"{self._top}/{fanned_out(sha256)}"

    def _trouble(self, path: str, what: str, error: Exception) -> MaildError:
        """All of it may pass: a bucket that is missing or closed today must cost no mail."""
        why = _code(error) or type(error).__name__
        return Temporary(f"s3://{path}: cannot be {what} ({why}); check {_PLACE}.")


def _code(error: Exception) -> str:
    """What S3 calls it, such as AccessDenied; never its text, which may quote a key."""
    cause = error.__cause__ or error
    response = getattr(cause, "response", None)
    found = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return str(found)
