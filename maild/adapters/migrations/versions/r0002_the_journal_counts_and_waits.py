"""The journal counts how often a mail was begun, and until when one waits its turn."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    held = sa.text("state = 'held'")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(
            "ix_journal_held", ["mailbox", "next_at"], unique=False, sqlite_where=held, postgresql_where=held
        )


def downgrade() -> None:
    """Go one step back."""
    held = sa.text("state = 'held'")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_held", sqlite_where=held, postgresql_where=held)
        batch_op.drop_column("next_at")
        batch_op.drop_column("starts")
