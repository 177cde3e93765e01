"""A PostgreSQL database with its roles, reached by an account that has no right of its own: everything here runs as it would in a city."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import SQLModel

from app.core.sides import Side
from app.database import make_engine, role_name
from app.migrating import upgrade
from app.separation.making import make_roles

PASSWORD = "a password of the tests"


@pytest.fixture(scope="session")
def owner(_postgres_url: str) -> Iterator[Engine]:
    """The account that owns the tables, on a migrated database with its roles."""
    server = make_url(_postgres_url).set(drivername="postgresql+psycopg")
    name = f"{server.database}_sides"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    made = make_engine(server.set(database=name, drivername="postgresql").render_as_string(hide_password=False))
    upgrade(made)
    make_roles(made)
    yield made
    made.dispose()
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        for role in connection.execute(text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, :name)"), {"name": f"{name}_"}).all():
            connection.execute(text(f'DROP ROLE "{role[0]}"'))
    admin.dispose()


def account(owner: Engine, name: str, *sides: Side) -> str:
    """The address of the database for an account that may take the roles of these sides, and may do nothing without."""
    login = f"{owner.url.database}_{name}"
    with owner.begin() as connection:
        if connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": login}).first() is None:
            connection.execute(text(f"CREATE ROLE \"{login}\" LOGIN NOINHERIT PASSWORD '{PASSWORD}'"))
        for side in sides:
            connection.execute(text(f'GRANT "{role_name(owner.url, side)}" TO "{login}"'))
    return owner.url.set(drivername="postgresql", username=login, password=PASSWORD).render_as_string(hide_password=False)


@pytest.fixture
def engine(owner: Engine) -> Iterator[Engine]:
    """In place of the usual one: the database emptied, and reached with its roles on."""
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    with owner.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    made = make_engine(account(owner, "all", *Side), sides=list(Side))
    yield made
    made.dispose()
