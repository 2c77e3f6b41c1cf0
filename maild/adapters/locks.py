"""What keeps two writers apart where no row does: PostgreSQL's advisory locks, held until the transaction ends.

On SQLite nothing is needed: there is one writer at a time.
"""

import hashlib

from sqlalchemy import Connection, text

_ALONE = text("select pg_advisory_xact_lock(:key)")


def lock_key(*names: str) -> int:
    """The number of a lock, by what it is for: 63 bits of a hash."""
    return int.from_bytes(hashlib.blake2b("\0".join(names).encode(), digest_size=8).digest()) >> 1


def alone(connection: Connection, *names: str) -> None:
    """From here to the transaction's end no other transaction has the lock of these names; it may have to wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE, {"key": lock_key(*names)})
