"""The table of publications; see `publicationbook.py`."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel


class PublicationRow(SQLModel, table=True):
    """One question and answer that everybody may read, until it is taken down."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_at", "mailbox", "at"),)
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    mailbox: str
    number: str = Field(index=True)
    question: str
    answer: str
    unit: str | None = None
    at: datetime
    by: str
    mail: str = ""
    withdrawn_at: datetime | None = None
