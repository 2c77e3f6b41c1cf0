"""The tables of several daemons on one database; see `leases.py`."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from maild.adapters.tables import JSON_VALUE


class WorkerRow(SQLModel, table=True):
    """One daemon of several on one database; alive until `until`, by the database's clock."""

    __tablename__ = "worker"
    id: str = Field(primary_key=True)
    place: str
    """Where it runs, for people."""
    until: datetime
    boxes: list[str] = Field(sa_column=Column(JSON_VALUE, nullable=False))
    """The mailboxes in its configuration."""


class LeaseRow(SQLModel, table=True):
    """Which daemon takes in the mail of a mailbox; `fence` rises with each change of hands."""

    __tablename__ = "lease"
    mailbox: str = Field(primary_key=True)
    worker: str
    fence: int = Field(sa_column=Column(BigInteger, nullable=False))
