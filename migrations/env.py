"""Alembic's environment: the same migrations serve SQLite and PostgreSQL.

On SQLite a table is changed by rebuilding it; with foreign keys enforced, dropping the old copy would delete
every row that points at it. So they are off while migrating and checked before the transaction ends.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from app import tables
from app.database import Frozen, UtcDateTime, make_engine
from app.settings import settings

assert tables.ALL


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own column types as the plain ones they are made of: a migration must outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Frozen):
        return "sa.JSON()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def outside_any_transaction(connection: Connection, pragma: str) -> None:
    """Inside a transaction SQLite ignores this pragma without a word, and our engine begins one at the first statement."""
    connection.connection.driver_connection.execute(pragma)


def migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        outside_any_transaction(connection, "PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_item=render_item, render_as_batch=sqlite,
        compare_type=True, transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"the migration would leave rows that point at nothing: {lost[:5]}")
    if sqlite:
        connection.commit()
        outside_any_transaction(connection, "PRAGMA foreign_keys=ON")


given = context.config.attributes.get("engine")
engine = given or make_engine(settings().database_url)
with engine.execution_options(writing=True, migrating=True).connect() as opened:
    migrate(opened)
    opened.commit()
