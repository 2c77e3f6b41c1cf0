"""Where a mailbox's tokens are kept: the system's keyring, or a file encrypted with a key that lies elsewhere.

The key comes from MAILD_TOKEN_KEY, or from `token.key` beside the tokens, mode 0600, made at the first sign-in.
"""

import base64
import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from maild.domain.value import value
from maild.errors import Misconfigured

KEY = "MAILD_TOKEN_KEY"
_SERVICE = "maild oauth"


@value
class Kept:
    """What is kept between runs."""

    refresh: str = ""
    access: str = ""
    expires: float = 0.0
    """By the machine's clock, seconds since 1970."""
    lifetime: float = 0.0
    """Seconds that the access token had at first; more than these can never be left."""


class Keep(Protocol):
    """One mailbox's place for its tokens."""

    name: str
    """What a person is told it is."""

    def load(self) -> Kept: ...
    def save(self, kept: Kept) -> None: ...
    def alone(self) -> contextlib.AbstractContextManager[None]:
        """No other process renews meanwhile, where that can be had."""
        ...


def open_keep(address: str, folder: Path, environ: Mapping[str, str], *, where: str = "auto") -> Keep:
    """The keyring where there is one, unless the settings say `file`; else the encrypted file."""
    ring = _keyring() if where != "file" else None
    if ring is not None:
        return RingKeep(address, ring)
    if where == "keyring":
        raise Misconfigured('There is no usable keyring here; run pip install keyring, or write keep = "file".')
    return FileKeep(address, folder, environ.get(KEY, ""))


def _keyring() -> Any:
    """The keyring module when a system keyring answers behind it."""
    try:
        import keyring
    except ImportError:
        return None
    priority = getattr(keyring.get_keyring(), "priority", 0)
    return keyring if priority > 0 else None


class RingKeep:
    """The system's keyring."""

    name = "the system's keyring"

    def __init__(self, address: str, ring: Any) -> None:
        self._address, self._ring = address, ring

    def load(self) -> Kept:
        """What the keyring holds; nothing when it holds nothing."""
        return _kept(self._ring.get_password(_SERVICE, self._address) or "{}", self.name)

    def save(self, kept: Kept) -> None:
        """Into the keyring; the access token stays out, as some keyrings take little."""
        self._ring.set_password(_SERVICE, self._address, json.dumps({"refresh": kept.refresh}))

    def alone(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


class FileKeep:
    """A file encrypted and authenticated with Fernet (AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, address: str, folder: Path, key: str) -> None:
        self._folder, self._key = folder, key
        self._path = folder / f"{hashlib.sha256(address.lower().encode()).hexdigest()[:16]}.token"
        self.name = str(self._path)

    def load(self) -> Kept:
        """What the file holds; nothing when there is none; `Misconfigured` when the key does not fit."""
        if not self._path.exists():
            return Kept()
        from cryptography.fernet import InvalidToken

        try:
            return _kept(self._fernet().decrypt(self._path.read_bytes()).decode(), self.name)
        except InvalidToken as error:
            raise Misconfigured(
                f"{self._path} cannot be opened with this key; put the key back, or run maild login again."
            ) from error

    def save(self, kept: Kept) -> None:
        """Write beside and rename, so that a crash leaves the old or the new, never half of one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            _write(beside, self._fernet().encrypt(json.dumps(asdict(kept)).encode()))
            beside.replace(self._path)
        except OSError as error:
            raise Misconfigured(
                f"{self._path} cannot be written ({error.strerror}); mend the folder's rights."
            ) from error

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        try:
            import fcntl
        except ImportError:
            yield
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _fernet(self) -> Any:
        try:
            from cryptography.fernet import Fernet
        except ImportError as error:
            raise Misconfigured("Keeping tokens in a file needs cryptography; run pip install maild[oauth].") from error
        text = self._key or self._file_key()
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()))

    def _file_key(self) -> str:
        path = self._folder / "token.key"
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                _write(path, base64.b64encode(os.urandom(32)), new=True)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Misconfigured(f"{path}: others may read the key of the mail tokens; run `chmod 600 {path}`.")
        return path.read_text("ascii")


def _write(path: Path, content: bytes, *, new: bool = False) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _kept(text: str, name: str) -> Kept:
    try:
        return Kept(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise Misconfigured(f"{name} holds something else than tokens; run maild login again.") from error
