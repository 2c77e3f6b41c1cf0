"""The data keys of one database: one a sealed case, and one for what belongs to no case, each closed by a master key.

To change the master key its wrapping alone is written anew. Without the row of a case nothing of it can be read, which
is how an erasure reaches every backup that lacks it.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, bindparam, func, select, update

from maild.adapters.dialects import INSERTS
from maild.adapters.engine import transaction
from maild.adapters.sealring import KEY_BYTES, NONCE, Ring, WrongKey, ciphers
from maild.adapters.sealtable import SealRow
from maild.adapters.tables import METADATA
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

SEAL = METADATA.tables[str(SealRow.__tablename__)]
_WRAPPED = select(SEAL.c.wrapped).where(SEAL.c.number == bindparam("number"))
_MOST_OPENED = 10_000
OFFICE = ""
"""The number under which the key of what belongs to no case is kept."""


@dataclass(frozen=True)
class DataKey:
    """One random key of 32 bytes, and what is derived from it (RFC 5869)."""

    key: bytes = field(repr=False)

    def close(self, plain: bytes, about: str) -> bytes:
        """Encrypted, each time differently (AES-256-GCM), and bound to what it is about."""
        nonce = os.urandom(NONCE)
        return nonce + self._gcm.encrypt(nonce, plain, about.encode())

    def open(self, closed: bytes, about: str) -> bytes:
        """What `close` closed."""
        return self._gcm.decrypt(closed[:NONCE], closed[NONCE:], about.encode())

    def close_alike(self, plain: bytes, about: str) -> bytes:
        """Encrypted, the same each time (AES-SIV, RFC 5297), for what must be found again by being equal."""
        return self._siv.encrypt(plain, [about.encode()])

    def open_alike(self, closed: bytes, about: str) -> bytes:
        """What `close_alike` closed."""
        return self._siv.decrypt(closed, [about.encode()])

    def blind(self, said: str, about: str) -> str:
        """What stands for a value that must be found and never read again (HMAC-SHA256)."""
        return hmac.digest(self._derived("blind"), f"{about}\0{said}".encode(), hashlib.sha256).hex()

    @cached_property
    def _gcm(self) -> "AESGCM":
        cipher: AESGCM = ciphers().AESGCM(self.key)
        return cipher

    @cached_property
    def _siv(self) -> "AESSIV":
        cipher: AESSIV = ciphers().AESSIV(self._derived("alike", 64))
        return cipher

    def _derived(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        done = HKDF(algorithm=hashes.SHA512(), length=length, salt=None, info=f"maild seal {purpose}".encode())
        return bytes(done.derive(self.key))


@dataclass
class Vault:
    """The data keys of one database, opened with the master keys."""

    ring: Ring
    office: DataKey
    _opened: dict[bytes, DataKey] = field(default_factory=dict)
    """By their wrapping, so that a key is opened once and yet asked of the database each time: it may be gone."""

    def key(self, number: str, connection: Connection) -> DataKey | None:
        """The key of a sealed case; None for every other case."""
        wrapped = connection.execute(_WRAPPED, {"number": number}).scalar()
        if wrapped is None:
            return None
        if len(self._opened) > _MOST_OPENED:
            self._opened.clear()
        known = self._opened.get(bytes(wrapped))
        return known or self._opened.setdefault(bytes(wrapped), _unwrapped(self.ring, number, wrapped))

    def make(self, number: str, connection: Connection) -> DataKey:
        """A key for a case that has none; it counts once the transaction is committed."""
        return _made(self.ring, number, connection)


def open_vault(engine: Engine, ring: Ring | None) -> Vault | None:
    """The vault of this database; made at its first start with a key.

    `Misconfigured` where the database was sealed and this is not the key: nothing is ever written over.
    """
    with transaction(engine, write=False) as connection:
        row = connection.execute(select(SEAL).where(SEAL.c.number == OFFICE)).mappings().first()
    if ring is None:
        if row is None:
            return None
        raise Misconfigured(
            f"The database is sealed with key {row['key_id']}, and [seal] names none; put the key back into maild.toml."
        )
    if row is not None:
        return Vault(ring=ring, office=_unwrapped(ring, OFFICE, row["wrapped"]))
    with transaction(engine, write=True) as connection:
        return Vault(ring=ring, office=_made(ring, OFFICE, connection))


def behind(engine: Engine, ring: Ring) -> int:
    """How many data keys an earlier master key has closed."""
    with transaction(engine, write=False) as connection:
        query = select(func.count()).select_from(SEAL).where(SEAL.c.key_id != ring.current)
        return int(connection.execute(query).scalar_one())


def rewrap(engine: Engine, ring: Ring) -> int:
    """Let the current master key close every data key that an earlier one has closed; how many these were."""
    with transaction(engine, write=True) as connection:
        query = select(SEAL).where(SEAL.c.key_id != ring.current).with_for_update()
        old = connection.execute(query).mappings().all()
        for row in old:
            key = _unwrapped(ring, row["number"], row["wrapped"])
            changed = update(SEAL).where(SEAL.c.number == row["number"])
            connection.execute(changed.values(key_id=ring.current, wrapped=_wrapped(ring, row["number"], key)))
    return len(old)


def _made(ring: Ring, number: str, connection: Connection) -> DataKey:
    """A new key, or the one that somebody else has made meanwhile."""
    key = DataKey(os.urandom(KEY_BYTES))
    insertion: Callable[[Any], Any] = INSERTS[connection.dialect.name]
    row = {
        "number": number,
        "key_id": ring.current,
        "wrapped": _wrapped(ring, number, key),
        "created": datetime.now(UTC),
    }
    connection.execute(insertion(SEAL).values(row).on_conflict_do_nothing(index_elements=["number"]))
    kept = connection.execute(select(SEAL.c.wrapped).where(SEAL.c.number == number)).scalar_one()
    return _unwrapped(ring, number, kept)


def _wrapped(ring: Ring, number: str, key: DataKey) -> bytes:
    return ring.close(key.key, f"seal {number}")


def _unwrapped(ring: Ring, number: str, wrapped: bytes) -> DataKey:
    try:
        return DataKey(ring.open(wrapped, f"seal {number}"))
    except WrongKey as error:
        raise Misconfigured(
            f"The key of the seal does not open this database, which was sealed with key {error}; put that key back."
        ) from error
