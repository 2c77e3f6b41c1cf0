"""Open cases of a handler and keys of a person are found through an index, for when that person leaves."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state not in ('closed', 'set-aside', 'merged')")


def upgrade() -> None:
    """Go one step forward."""
    op.create_index(
        "ix_case_handler", "case", ["handler", "received"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_reply_key_recipient", "reply_key", ["recipient"], unique=False)
