"""The table of raw mails that were erased; see `erasing.py`."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ErasedRow(SQLModel, table=True):
    """One raw mail that must not come in again; its digest tells nothing of what stood in it."""

    __tablename__ = "erased"
    digest: str = Field(primary_key=True)
    """SHA-256 of its bytes."""
    number: str = Field(index=True)
    at: datetime
