"""The table of the returns of form rounds; see `formbook.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from maild.adapters.tables import JSON_VALUE


class FormReturnRow(SQLModel, table=True):
    """One version of one return; what was replaced stays, so that every correction leaves its trace."""

    __tablename__ = "form_return"
    __table_args__ = (UniqueConstraint("number", "receiver", "nth", "version"),)
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    number: str
    """The case of the round."""
    receiver: str
    nth: int
    version: int
    author: str
    at: datetime
    late: bool
    replaced: bool
    mail: str
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON_VALUE, nullable=False))
    """Its rows, and what is still faulty."""
