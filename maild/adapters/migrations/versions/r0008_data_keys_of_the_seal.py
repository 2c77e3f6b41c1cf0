"""The data keys of sealed cases; words that leave the search are gone from its index too."""

import sqlite3

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "seal",
        sa.Column("number", text(), nullable=False),
        sa.Column("key_id", text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    if op.get_bind().dialect.name == "sqlite" and sqlite3.sqlite_version_info >= (3, 42):
        # Without it a deleted word stays in the index until much later.
        op.execute("insert into search_text(search_text, rank) values('secure-delete', 1)")
