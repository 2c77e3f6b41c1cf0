"""The ledger: points, awards and sanctions, proposed and decided."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    text = sqlmodel.sql.sqltypes.AutoString
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("mailbox", text(), nullable=False),
        sa.Column("number", text(), nullable=False),
        sa.Column("rule", text(), nullable=False),
        sa.Column("cause", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("who", text(), nullable=False),
        sa.Column("unit", text(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("origin", text(), nullable=False),
        sa.Column("mail", text(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("proposed_at", moment(), nullable=False),
        sa.Column("decides", text(), nullable=False),
        sa.Column("decided_at", moment(), nullable=True),
        sa.Column("decided_by", text(), nullable=False),
        sa.Column("note", text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("origin", name=op.f("uq_ledger_origin")),
    )
    op.create_index(
        "ix_ledger_proposed", "ledger", ["mailbox", "id"],
        sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.create_index("ix_ledger_proposed_at", "ledger", ["proposed_at"])
    op.create_index(op.f("ix_ledger_number"), "ledger", ["number"])
