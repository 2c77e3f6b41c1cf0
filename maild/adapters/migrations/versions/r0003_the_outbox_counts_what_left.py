"""How many mails left in a time is counted through an index."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_index("ix_outbox_sent", "outbox", ["mailbox", "sent_at"], unique=False)


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_outbox_sent", "outbox")
