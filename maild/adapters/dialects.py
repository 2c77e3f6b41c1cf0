"""What the two databases write alike, each with its own module of the library."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

INSERTS: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgres_insert}
"""Inserts that know ON CONFLICT; both dialects speak it alike."""
