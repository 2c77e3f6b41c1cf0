"""Runs the migrations over the connection that `migrate.py` hands in."""

from alembic import context

from maild.adapters import (  # noqa: F401  their tables belong to the picture
    erasedtable,
    formtable,
    instanttable,
    ledgertable,
    publicationtable,
    workertables,
)
from maild.adapters.tables import METADATA

SEARCH = "search_text"
"""The full-text table is each database's own kind (`searching.py`); no model in code describes it."""


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind in {"table", "index"} and SEARCH in (name or ""))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True,
    include_name=_is_modelled,
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
