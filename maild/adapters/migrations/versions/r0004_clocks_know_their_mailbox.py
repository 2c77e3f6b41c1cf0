"""Clocks know their mailbox, so that a sweep reads its own alone."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Go one step forward."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_due")
        batch_op.add_column(sa.Column("mailbox", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute(
        """update clock set mailbox = coalesce(
               (select c.mailbox from "case" c where c.number = clock.number),
               (select j.mailbox from journal j where clock.subject = 'entry:' || j.id), '')"""
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.alter_column("mailbox", existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=False)
        batch_op.create_index(
            "ix_clock_due", ["mailbox", "next_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )
