"""The table of data keys; see `vault.py`."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class SealRow(SQLModel, table=True):
    """The data key of one sealed case, closed by a master key; without its row nothing of the case can be read."""

    __tablename__ = "seal"
    number: str = Field(primary_key=True)
    """The case; "" the key of what belongs to no case."""
    key_id: str
    """The master key that has closed it."""
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created: datetime
