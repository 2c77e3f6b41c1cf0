"""Clocks know when they ended, and events that reports count are found by their day.

Of clocks that ended before, only whether they were met is known: they count as ended on the day they were due.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ENDED = sa.text("state in ('met', 'missed')")
COUNTED = sa.text(
    "kind in ('closed', 'reopened', 'refused', 'routed', 'rated', 'not-rated', 'planned', 'merged', 'dropped')"
)


def upgrade() -> None:
    """Go one step forward."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.execute("update clock set ended = due where state in ('met', 'missed', 'dropped')")
    op.create_index(
        "ix_clock_ended", "clock", ["mailbox", "ended"], unique=False, sqlite_where=ENDED, postgresql_where=ENDED
    )
    op.create_index("ix_event_counted", "event", ["at"], unique=False, sqlite_where=COUNTED, postgresql_where=COUNTED)


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_event_counted", table_name="event")
    op.drop_index("ix_clock_ended", table_name="clock")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_column("ended")
