"""Open cases of a unit by their day, so that a new letter is compared with those of its desk alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state not in ('closed', 'set-aside', 'merged')")


def upgrade() -> None:
    """Go one step forward."""
    op.create_index(
        "ix_case_unit_open", "case", ["mailbox", "unit", "received"], unique=False, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_case_unit_open", table_name="case")
