"""Publications: questions and answers that everybody may read."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    text = sqlmodel.sql.sqltypes.AutoString
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("mailbox", text(), nullable=False),
        sa.Column("number", text(), nullable=False),
        sa.Column("question", text(), nullable=False),
        sa.Column("answer", text(), nullable=False),
        sa.Column("unit", text(), nullable=True),
        sa.Column("at", moment(), nullable=False),
        sa.Column("by", text(), nullable=False),
        sa.Column("mail", text(), nullable=False),
        sa.Column("withdrawn_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index("ix_publication_at", "publication", ["mailbox", "at"])
    op.create_index(op.f("ix_publication_number"), "publication", ["number"])
