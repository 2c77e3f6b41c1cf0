"""Words of the history can be erased and its chain still holds; raw mails that were erased are remembered."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.add_column("event", sa.Column("salt", text(), server_default="", nullable=False))
    op.add_column("event", sa.Column("digest", text(), server_default="", nullable=False))
    op.create_table(
        "erased",
        sa.Column("digest", text(), nullable=False),
        sa.Column("number", text(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased")),
    )
    op.create_index("ix_erased_number", "erased", ["number"], unique=False)
