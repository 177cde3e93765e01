"""Bringing a database up to date: the numbered migrations, run by the command line, the tests and the demonstration."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.settings import ROOT


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration, read from pyproject.toml; with an engine, that database instead of the setting's."""
    made = Config(toml_file=ROOT / "pyproject.toml", attributes={"engine": engine} if engine else {})
    made.set_main_option("script_location", str(ROOT / "migrations"))
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that are missing."""
    command.upgrade(config(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older revision."""
    command.downgrade(config(engine), revision)
