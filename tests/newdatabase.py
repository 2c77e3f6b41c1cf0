"""New SQLite databases for tests: copies of one that was migrated once, since sixteen migrations take their time.

Migrations themselves are tested in `adapters/test_migrations.py`, and a process of its own migrates as in earnest.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import URL, Dialect, Engine, create_engine

import maild.adapters.engine
import maild.adapters.store
from maild.adapters.engine import open_engine
from maild.adapters.migrate import upgrade

_SYNCED = "synchronous=full"


@contextmanager
def quick_databases() -> Iterator[None]:
    """Within it a new SQLite database of a store is a copy, and none is synced: no test cuts the machine's power."""
    pragmas = maild.adapters.engine._PRAGMAS
    assert _SYNCED in pragmas
    unsynced = tuple("synchronous=off" if pragma == _SYNCED else pragma for pragma in pragmas)
    with (
        patch.object(maild.adapters.engine, "_PRAGMAS", unsynced),
        patch.object(maild.adapters.store, "upgrade", _copied),
        patch.object(maild.adapters.engine, "create_engine", _speaking_alike),
    ):
        yield


def _speaking_alike(url: URL, **how: Any) -> Engine:
    """As `create_engine`; all of SQLite have one dialect and what statements were compiled to, as in one process."""
    engine = create_engine(url, **how)
    if engine.dialect.name == "sqlite":
        engine.dialect, engine._compiled_cache = _spoken()
    return engine


@cache
def _spoken() -> tuple[Dialect, Any]:
    engine = create_engine("sqlite://")
    with engine.connect():
        # The dialect asks the library for its version at the first connection.
        return engine.dialect, engine._compiled_cache


def _copied(engine: Engine) -> bool:
    """As `upgrade`."""
    path = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    if path is None or (path.exists() and path.stat().st_size):
        return upgrade(engine)
    path.write_bytes(_migrated())
    return True


@cache
def _migrated() -> bytes:
    """An empty database at the newest revision."""
    folder = Path(tempfile.mkdtemp(prefix="maild-new-"))
    engine = open_engine("sqlite:///maild.db", folder)
    upgrade(engine)
    engine.dispose()
    migrated = (folder / "maild.db").read_bytes()
    shutil.rmtree(folder)
    return migrated
