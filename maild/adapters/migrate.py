"""Bringing a database up to date, forward only, with its data."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from maild.adapters.engine import transaction
from maild.adapters.locks import alone
from maild.errors import Misconfigured

_FOLDER = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def version(engine: Engine) -> str | None:
    """The revision that this database is at; None for an empty one."""
    with transaction(engine, write=False) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this version of maild needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def upgrade(engine: Engine, to: str = "") -> bool:
    """Migrate to the newest revision and say whether anything was done; a database of a later maild is refused.

    `to` names another revision, for a backup that was taken at it.
    """
    at, needed = version(engine), to or newest()
    if at == needed:
        return False
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if at is not None and at not in known:
        raise Misconfigured(f"The database is at revision {at}, which this maild does not know; install a newer maild.")
    if needed not in known:
        raise Misconfigured(f"Revision {needed} is of a later maild; install that one.")
    config = _config()
    with transaction(engine, write=True) as connection:
        # Of several daemons that start at once one migrates, and the others find it done.
        alone(connection, "migration")
        config.attributes["connection"] = connection
        command.upgrade(config, needed)
    return True
