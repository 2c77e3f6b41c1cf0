"""Which columns are sealed, and how: rows of sealed cases, and of no case, never lie in the database in clear.

A row is closed where it is written and opened where it is read, by its table and the case's number, so that nothing
above the adapters knows of it. A closed value says itself whether the key of its case (`c`) or the office's (`o`) has
closed it; table, column and case are bound to it. Rows of other cases lie in clear, as they always have.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from enum import Enum
from json import dumps, loads
from typing import Any

from sqlalchemy import Connection, delete

from maild.adapters.vault import SEAL, DataKey, Vault
from maild.errors import Permanent
from maild.workflow.freeze import LIST

_MARK = "\x1aseal1."
_CLOSED = re.compile(rf"{_MARK}[co][A-Za-z0-9_=-]+")
_RAW_MARK = _MARK.encode()
_JSON = "sealed"


class How(Enum):
    """How a column is closed."""

    TEXT = "text"
    JSON = "json"
    BYTES = "bytes"
    ALIKE = "alike"
    """The same within its case each time: it is looked for."""
    OFFICE_ALIKE = "office-alike"
    """The same everywhere each time: it is looked for before its case is known."""
    OFFICE = "office"
    """By the office's key whatever the case, as whoever writes it does not know the case."""
    BLIND = "blind"
    """Looked for and never read."""


COLUMNS: Mapping[str, Mapping[str, How]] = {
    "case": {"requester": How.BLIND, "data": How.JSON, "last_hash": How.TEXT},
    "event": {
        "actor": How.TEXT, "data": How.JSON, "previous": How.TEXT, "hash": How.TEXT, "salt": How.TEXT,
        "digest": How.TEXT,
    },
    "reply_key": {"recipient": How.ALIKE, "data": How.JSON},
    "outbox": {
        "recipient": How.ALIKE, "fallback": How.TEXT, "subject": How.TEXT, "raw": How.BYTES, "answer": How.OFFICE,
    },
    "mail": {"message_id": How.OFFICE_ALIKE, "author": How.TEXT, "subject": How.TEXT},
    "line": {"who": How.OFFICE_ALIKE, "data": How.JSON},
    "journal": {"reason": How.OFFICE},
    "form_return": {"receiver": How.ALIKE, "author": How.TEXT, "data": How.JSON},
    "ledger": {"person": How.TEXT, "who": How.TEXT, "note": How.TEXT, "origin": How.OFFICE_ALIKE},
    "publication": {"question": How.TEXT, "answer": How.TEXT},
}  # fmt: skip
"""Every column that may tell who wrote, or what. The hashes of events are among them: whoever knows all the rest of an
event could try name after name against its hash."""
_IN_CLEAR = frozenset({"", "maild", "requester", "unconfirmed"})
"""Words that tell nothing; they stay, so that the database can be looked into."""


class Seals:
    """What one transaction closes and opens; without a vault everything lies in clear."""

    def __init__(self, connection: Connection, vault: Vault | None) -> None:
        self._connection, self.vault = connection, vault
        self._keys: dict[str, DataKey | None] = {}
        """What this transaction has asked for: a key that it makes itself is gone again where it is rolled back."""

    def close(self, table: str, row: Mapping[Any, Any]) -> dict[str, Any]:
        """A row as it is written, by its `number`."""
        done = dict(row)
        if self.vault is not None:
            number = row.get("number")
            for column, how in COLUMNS[table].items():
                if column in done and (key := self._key_for(number, how)):
                    done[column] = self._closed(done[column], how, key, self._about(table, column, key, number))
        return done

    def open(self, table: str, row: Mapping[Any, Any]) -> Mapping[Any, Any]:
        """A row as it was before it was closed; it needs its `number`."""
        if self.vault is None:
            return row
        number = row.get("number")
        return {name: self._opened(said, table, name, number) for name, said in row.items()}

    def alike(self, table: str, column: str, said: str, number: str | None = None) -> str:
        """What stands in a column that is looked for, where its row is closed; `said` itself without a vault."""
        return str(self._one(table, column, said, number))

    def hidden(self, table: str, column: str, said: str) -> str:
        """What stands in a blind column of a sealed case; `said` itself without a vault."""
        if self.vault is None or not said:
            return said
        return str(self._closed(said, How.BLIND, self.vault.office, f"{table}.{column}:"))

    def is_sealed(self, number: str) -> bool:
        """Whether this case has a key of its own."""
        return self._key(number) is not None

    def admit(self, number: str) -> bool:
        """Give a case a key; whether it had none before."""
        if self.vault is None or self.is_sealed(number):
            return False
        self._keys[number] = self.vault.make(number, self._connection)
        return True

    def shred(self, number: str) -> None:
        """Take a case's key away: what it has closed, in this database and in copies without the key, is gone."""
        self._connection.execute(delete(SEAL).where(SEAL.c.number == number))
        self._keys.pop(number, None)

    def blind(self, said: str, about: str) -> str:
        """What stands for a name or address that is only counted; `said` itself without a vault."""
        return said if self.vault is None or not said else "~" + self.vault.office.blind(said, about)[:32]

    def name(self, said: str) -> str:
        """The name of a counter or mark, which may hold an address."""
        return self.blind(said, "counter.name") if "@" in said else said

    def text(self, table: str, column: str, said: str) -> str:
        """One text closed by the office's key, whatever it belongs to."""
        if self.vault is None or not said:
            return said
        return str(self._closed(said, How.OFFICE, self.vault.office, f"{table}.{column}:"))

    def raw(self, table: str, column: str, said: bytes) -> bytes:
        """Bytes closed by the office's key, whatever they belong to."""
        if self.vault is None:
            return said
        return bytes(self._closed(said, How.BYTES, self.vault.office, f"{table}.{column}:"))

    def opened(self, table: str, column: str, said: Any, number: str | None = None) -> Any:
        """One value as it was before it was closed."""
        return self._opened(said, table, column, number)

    def _one(self, table: str, column: str, said: str, number: str | None) -> Any:
        return self.close(table, {column: said, "number": number})[column]

    def _key(self, number: str) -> DataKey | None:
        if number not in self._keys:
            self._keys[number] = self.vault.key(number, self._connection) if self.vault else None
        return self._keys[number]

    def _key_for(self, number: str | None, how: How) -> DataKey | None:
        """The key that closes a row; None where it lies in clear."""
        office = self.vault.office if self.vault else None
        if not number or number.startswith(f"{LIST}-") or how is How.OFFICE:
            return office
        sealed = self._key(number)
        return office if sealed and how in {How.OFFICE_ALIKE, How.BLIND} else sealed

    def _closed(self, said: Any, how: How, key: DataKey, about: str) -> Any:
        if how is How.JSON:
            return {_JSON: self._text(dumps(said, ensure_ascii=False).encode(), key, about)} if said else said
        if how is How.BYTES:
            return _RAW_MARK + self._letter(key).encode() + key.close(bytes(said), about)
        if said is None or said in _IN_CLEAR:
            return said
        if how is How.BLIND:
            return "~" + key.blind(said, about)
        return self._text(str(said).encode(), key, about, alike=how in {How.ALIKE, How.OFFICE_ALIKE})

    def _about(self, table: str, column: str, key: DataKey, number: str | None) -> str:
        return f"{table}.{column}:{number if self._letter(key) == 'c' else ''}"

    def _text(self, plain: bytes, key: DataKey, about: str, *, alike: bool = False) -> str:
        closed = key.close_alike(plain, about) if alike else key.close(plain, about)
        return f"{_MARK}{self._letter(key)}{urlsafe_b64encode(closed).decode()}"

    def _letter(self, key: DataKey) -> str:
        return "o" if self.vault is not None and key is self.vault.office else "c"

    def _opened(self, said: Any, table: str, column: str, number: str | None) -> Any:
        if not is_closed(said) or (isinstance(said, str) and said.startswith("~")):
            return said
        if isinstance(said, dict):
            return loads(self._plain(str(said[_JSON]), table, column, number))
        if isinstance(said, str):
            return self._plain(said, table, column, number).decode()
        whole = bytes(said)[len(_RAW_MARK) :]
        key, about = self._key_of(whole[:1].decode("ascii"), table, column, number)
        return _decrypted(key.open, whole[1:], about)

    def _plain(self, said: str, table: str, column: str, number: str | None) -> bytes:
        rest = said.removeprefix(_MARK)
        key, about = self._key_of(rest[:1], table, column, number)
        alike = COLUMNS.get(table, {}).get(column) in {How.ALIKE, How.OFFICE_ALIKE}
        return _decrypted(key.open_alike if alike else key.open, urlsafe_b64decode(rest[1:]), about)

    def _key_of(self, letter: str, table: str, column: str, number: str | None) -> tuple[DataKey, str]:
        key = self._key(number or "") if letter == "c" else self.vault.office if self.vault else None
        if key is None:
            raise Permanent(f"{number}: its key is gone, and nothing of it can be read any more.")
        return key, self._about(table, column, key, number)


def is_closed(said: Any) -> bool:
    """Whether a value lies sealed already."""
    if isinstance(said, dict):
        return set(said) == {_JSON}
    if isinstance(said, bytes | memoryview):
        return bytes(said[: len(_RAW_MARK)]) == _RAW_MARK
    return isinstance(said, str) and (said.startswith("~") or bool(_CLOSED.fullmatch(said)))


def _decrypted(open_: Callable[[bytes, str], bytes], closed: bytes, about: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return open_(closed, about)
    except (InvalidTag, ValueError) as error:
        table, _, number = about.partition(":")
        where = f"{number}: {table}" if number else table
        sentence = f"{where} was changed from outside and cannot be opened; restore it from the backup."
        raise Permanent(sentence) from error
