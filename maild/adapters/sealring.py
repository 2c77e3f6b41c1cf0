"""The master keys of the seal: they lie outside the database, and every data key is wrapped by one of them.

A key text holds one `id:base64` a line, 32 bytes each; the last is the current one, earlier ones still open what they
closed. Lines that begin with # are for people. The library is read at the first use, as it takes a while.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.domain.value import value
from maild.errors import Misconfigured, Temporary
from maild.settings import SealSettings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"maild-sealed-1\n"
"""What closed bytes begin with; behind it stand the id of the key, a line end, the nonce and the rest."""
KEY_BYTES, NONCE, _TAG = 32, 12, 16
_ID = re.compile(r"[A-Za-z0-9-]{1,16}")
_FORM = "one id:base64 a line, 32 bytes each"


class WrongKey(Exception):
    """These bytes were closed by another key, or are damaged."""


@value
class Ring:
    """The master keys by id; `current` closes, all of them open (NIST SP 800-38D, AES-256-GCM)."""

    keys: Mapping[str, bytes]
    current: str

    def close(self, plain: bytes, about: str) -> bytes:
        """`plain` encrypted and bound to what it is about."""
        nonce = os.urandom(NONCE)
        return (
            MAGIC + self.current.encode() + b"\n" + nonce
            + self._cipher(self.current).encrypt(nonce, plain, about.encode())
        )  # fmt: skip

    def open(self, closed: bytes, about: str) -> bytes:
        """What was closed; `WrongKey` where no key here opens it."""
        key_id, _, rest = closed.removeprefix(MAGIC).partition(b"\n")
        name = key_id.decode("ascii", "replace")
        if name not in self.keys:
            raise WrongKey(name)
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher(name).decrypt(rest[:NONCE], rest[NONCE:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise WrongKey(name) from error

    def size_of(self, plain: int) -> int:
        """How long that many bytes are once they are closed by the current key."""
        return len(MAGIC) + len(self.current) + 1 + NONCE + plain + _TAG

    def is_current(self, closed: bytes) -> bool:
        """Whether the current key has closed this, by its first bytes alone."""
        return closed.startswith(MAGIC + self.current.encode() + b"\n")

    def _cipher(self, name: str) -> "AESGCM":
        return self._ciphers[name]

    @cached_property
    def _ciphers(self) -> "dict[str, AESGCM]":
        aead = ciphers()
        return {name: aead.AESGCM(key) for name, key in self.keys.items()}


def read_ring(settings: SealSettings) -> Ring | None:
    """The configured keys; None where there is no seal. `Misconfigured` for what is no key or lies open to others."""
    if not settings.key:
        return None
    path = settings.path
    if path is not None and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Misconfigured(f"{path}: others may read the key of the seal; run `chmod 600 {path}`.")
    ciphers()
    return ring_of(settings.key.text, settings.source)


def ring_of(text: str, source: str) -> Ring:
    """The keys of a key text; `Misconfigured` names its source."""
    lines = [line.strip() for line in text.splitlines()]
    found = [line.partition(":") for line in lines if line and not line.startswith("#")]
    keys: dict[str, bytes] = {}
    for name, _, said in found:
        keys[name.strip()] = _bytes(said.strip())
    if not keys or len(keys) < len(found) or not all(
        _ID.fullmatch(name) and len(key) == KEY_BYTES for name, key in keys.items()
    ):  # fmt: skip
        raise Misconfigured(f"[seal] {source}: this is no key of the seal; it holds {_FORM}. Put the right one back.")
    return Ring(keys=keys, current=found[-1][0].strip())


def new_line(others: Ring | None = None) -> str:
    """A fresh key with an id of its own, as a line of a key text."""
    number = len(others.keys) + 1 if others else 1
    while others and f"k{number}" in others.keys:
        number += 1
    return f"k{number}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def ciphers() -> Any:
    """The library's authenticated ciphers; `Misconfigured` where it is not installed."""
    try:
        from cryptography.hazmat.primitives.ciphers import aead
    except ImportError as error:
        raise Misconfigured("[seal] needs cryptography; run pip install cryptography.") from error
    return aead


def is_closed(stored: bytes) -> bool:
    """Whether these bytes were closed by some key."""
    return stored.startswith(MAGIC)


def opened(stored: bytes, ring: Ring | None, *, about: str, place: str) -> bytes:
    """Closed bytes opened, others as they are; `Temporary` where the key is missing, as it may be put back."""
    if not is_closed(stored):
        return stored
    try:
        if ring is not None:
            return ring.open(stored, about)
    except WrongKey:
        pass
    raise Temporary(f"{place}: no key here opens it; put the right key of the seal back into [seal].")


def write_key(path: Path, text: str, *, new: bool) -> None:
    """Write a key text whole, mode 0600; `new` refuses where a file is there already, else it is replaced."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            _put(beside, path, new=new)
        finally:
            beside.unlink(missing_ok=True)
    except FileExistsError as error:
        raise Misconfigured(f"{path}: a key is there already; it is never written over.") from error
    except OSError as error:
        raise Misconfigured(
            f"{path}: the key cannot be written ({error.strerror}); mend the folder's rights."
        ) from error


def _put(beside: Path, path: Path, *, new: bool) -> None:
    if not new:
        beside.replace(path)
    elif os.name == "posix":
        os.link(beside, path)
    else:
        beside.rename(path)


def _bytes(said: str) -> bytes:
    try:
        return base64.b64decode(said, validate=True)
    except (ValueError, binascii.Error):
        return b""
