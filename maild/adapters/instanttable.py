"""The table of instant messages; see `instants.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from maild.adapters.tables import JSON_VALUE


class InstantRow(SQLModel, table=True):
    """One message of the second channel, committed with its cause and tried until every channel has it."""

    __tablename__ = "instant"
    __table_args__ = (
        Index(
            "ix_instant_ready",
            "next_at",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
    )
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    mailbox: str
    data: dict[str, Any] = Field(sa_column=Column(JSON_VALUE, nullable=False))
    """The whole `Instant`."""
    state: str
    """ready, sent, failed."""
    queued_at: datetime
    next_at: datetime
    attempts: int = 0
    answer: str = ""
