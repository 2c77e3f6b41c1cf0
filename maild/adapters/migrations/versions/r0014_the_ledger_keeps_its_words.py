"""An entry of the ledger keeps what it was called and who decides, whatever becomes of the rule that proposed it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    for name in ("name_zh", "name_en", "role"):
        op.add_column("ledger", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False))
