"""The table of the ledger; see `ledgerbook.py`."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class LedgerRow(SQLModel, table=True):
    """One entry: proposed with its cause, decided by a person; `origin` keeps a cause from being counted twice."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("origin"),
        Index(
            "ix_ledger_proposed",
            "mailbox",
            "id",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_ledger_proposed_at", "proposed_at"),
    )
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    mailbox: str
    number: str = Field(index=True)
    rule: str
    cause: str
    person: str = ""
    who: str = ""
    unit: str | None = None
    points: int = 0
    amount: int = 0
    origin: str
    mail: str = ""
    state: str
    """proposed, approved, declined, withdrawn, paid, renounced, lapsed."""
    proposed_at: datetime
    decides: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = ""
    name_zh: str = ""
    name_en: str = ""
    role: str = ""
