"""Raw mails by content hash in an S3 bucket, which several daemons share; through fsspec.

Credentials, region and endpoint come from the environment as every S3 client reads them (`AWS_ACCESS_KEY_ID`,
`AWS_ENDPOINT_URL`, ...). They stand in no setting and in no error.
"""

import hashlib
from typing import Any

from maild.adapters.hashname import fanned_out
from maild.errors import MaildError, Misconfigured, Permanent, Temporary

_NETWORK = {"connect_timeout": 15, "read_timeout": 60, "retries": {"max_attempts": 3}, "max_pool_connections": 16}
_PLACE = "the bucket, its rights and AWS_ENDPOINT_URL"


class BucketArchive:
    """Objects PREFIX/aa/bb/sha256, each read back and compared before it counts as stored."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
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
            if self._size(path) != len(raw):
                self._files.pipe_file(path, raw)
                agrees = self._files.cat_file(path) == raw
            else:
                agrees = True
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
            raise Permanent(f"s3://{path}: this archived mail is damaged; restore it from the backup.")
        return raw

    def drop(self, sha256: str) -> None:
        """Take one away again; one that is not there is no error."""
        path = self._path(sha256)
        try:
            self._files.rm_file(path)
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._trouble(path, "removed", error) from error

    def _size(self, path: str) -> int | None:
        try:
            return int(self._files.info(path)["size"])
        except FileNotFoundError:
            return None

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
