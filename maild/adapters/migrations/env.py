"""Runs the migrations over the connection that `migrate.py` hands in."""

from alembic import context

from maild.adapters import instanttable, workertables  # noqa: F401  their tables belong to the picture
from maild.adapters.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
