"""A store with many old cases: the rows of one real case, multiplied by SQLite itself.

Every old case has its mail, journal line, two events, two clocks (one open, due far in the future), a key and a sent
mail. Nineteen in twenty are closed. The raw mails are left out, as the archive keeps them in files.
"""

import sqlite3
from contextlib import closing

from maild.assembly import Workshop

_NUMBER = "printf('GM-2019-%08d', n)"
_PERSON = "printf('old%d@mail-1.example', n)"
_PAST = "strftime('%Y-%m-%d %H:%M:%f000', '2026-06-01', printf('-%d seconds', n * 10))"
_FUTURE = "strftime('%Y-%m-%d %H:%M:%f000', '2027-06-01', printf('+%d seconds', n))"
_UNIQUE = "lower(hex(randomblob(20)))"
_JSON = f"replace(replace(data, :number, {_NUMBER}), :requester, {_PERSON})"
_ROWS: dict[str, dict[str, str]] = {
    "case": {"number": _NUMBER, "requester": _PERSON, "received": _PAST, "data": _JSON,
             "state": "case when n % 20 then 'closed' else state end"},
    "event": {"number": _NUMBER, "at": _PAST},
    "clock": {"id": "null", "number": _NUMBER, "next_at": _FUTURE, "state": "case when n % 2 then 'open' else 'met' end"},
    "reply_key": {"id": "null", "number": _NUMBER, "recipient": _PERSON, "digest": _UNIQUE, "created": _PAST},
    "mail": {"id": "null", "number": _NUMBER, "author": _PERSON, "fingerprint": _UNIQUE, "received": _PAST,
             "message_id": f"'<' || {_UNIQUE} || '@mail-1.example>'"},
    "journal": {"id": "null", "number": _NUMBER, "uidvalidity": "1", "uid": "n", "sha256": _UNIQUE, "taken_at": _PAST,
                "state": "'filed'"},
    "outbox": {"id": "null", "number": _NUMBER, "recipient": _PERSON, "maild_id": _UNIQUE, "queued_at": _PAST,
               "message_id": f"'<' || {_UNIQUE} || '@corp.example>'", "raw": "zeroblob(200)", "state": "'sent'"},
    "tally": {"id": "null", "number": _NUMBER, "who": _PERSON, "at": _PAST},
}  # fmt: skip
"""Table, and what differs from the real case's row in each copy."""
_AT_MOST = {"event": 2, "clock": 2}
"""Rows of the real case that are copied, where it is not one."""


def fill(workshop: Workshop, first: int, last: int) -> None:
    """Add the old cases `first` to `last`; the newest real case is the pattern."""
    with closing(sqlite3.connect(workshop.store.engine.url.database or "", isolation_level=None)) as database:
        database.execute("pragma synchronous=off")
        database.execute("pragma cache_size=-200000")
        pattern = database.execute(
            "select number, requester from \"case\" c where number not like 'GM-2019-%' and exists "
            "(select 1 from tally t where t.number = c.number) order by received desc limit 1"
        ).fetchone()
        values = {"number": pattern[0], "requester": pattern[1], "first": first, "last": last}
        database.execute("begin immediate")
        for table, changes in _ROWS.items():
            database.execute(_copy(database, table, changes), values)
        database.execute("commit")
        database.execute("pragma wal_checkpoint(truncate)")


def _copy(database: sqlite3.Connection, table: str, changes: dict[str, str]) -> str:
    columns = [row[1] for row in database.execute(f'pragma table_info("{table}")')]
    names = ", ".join(f'"{name}"' for name in columns)
    terms = ", ".join(f"{changes.get(name, f'{chr(34)}{name}{chr(34)}')}" for name in columns)
    pattern = f'select * from "{table}" where number = :number limit {_AT_MOST.get(table, 1)}'  # noqa: S608
    count = "with recursive seq(n) as (select :first union all select n + 1 from seq where n < :last)"
    return f'insert into "{table}" ({names}) {count} select {terms} from seq, ({pattern})'  # noqa: S608
