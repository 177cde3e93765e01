"""Who may read what, asked of PostgreSQL itself, table by table and both ways."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from app.core.problems import Refused
from app.core.sides import Side
from app.database import make_engine, role_name, session
from app.separation.grants import ALL, SCHEMAS, TABLES, columns_in, grants_on
from app.separation.making import NO_ROLES, are_made, make_roles

HOMES = {name: schema for schema, tables in SCHEMAS.items() for name in tables}
TABLE_NAMES = sorted(SQLModel.metadata.tables)
ROLL = ("registrar", "roll_line", "email_proof", "roll_tally", "code_batch", "voting_code", "outgoing_mail")


def _may(connection: object, role: str, table: str, act: str) -> set[str]:
    """The columns of a table on which a role may do this."""
    place = f'{HOMES.get(table, "public")}."{table}"'
    question = text("SELECT has_schema_privilege(:role, :schema, 'USAGE') AND has_column_privilege(:role, :table, :column, :act)")
    values = {"role": role, "schema": HOMES.get(table, "public"), "table": place, "act": act}
    columns = SQLModel.metadata.tables[table].c.keys()
    return {one for one in columns if connection.execute(question, values | {"column": one}).scalar()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("side", Side)
def test_each_role_may_do_exactly_what_the_table_of_grants_says(owner: Engine, side: Side) -> None:
    role = role_name(owner.url, side)
    with owner.connect() as connection:
        for table in TABLE_NAMES:
            granted = [columns_in(one) for one in grants_on(table).get(side, ())]
            every = set(SQLModel.metadata.tables[table].c.keys())
            for act in ("SELECT", "INSERT", "UPDATE"):
                wanted = set().union(*(set(columns) or every for one, columns in granted if one == act))
                assert _may(connection, role, table, act) == wanted, (table, act)
            erases = text("SELECT has_table_privilege(:role, :table, 'DELETE')")
            place = f'{HOMES.get(table, "public")}."{table}"'
            assert connection.execute(erases, {"role": role, "table": place}).scalar() is (("DELETE", ()) in granted), table


def test_what_the_table_of_grants_must_say() -> None:
    """The promises themselves, so that the table cannot be widened unseen."""
    for table in ROLL:
        assert set(TABLES[table]) <= {Side.REGISTRAR, Side.COUNT}, table
    readers = {table: {side for side, grants in TABLES[table].items() if "SELECT" in grants} for table in TABLES}
    assert readers["cast_ballot"] == readers["spent_credential"] == {Side.BOX, Side.LOG}
    assert Side.REGISTRAR not in readers["ballot"] | readers["log_leaf"]
    assert all(Side.BOX not in grants and Side.LOG not in grants for grants in (grants_on("account"), grants_on("sign_in")))
    assert {table for table in TABLE_NAMES if ALL in (grants_on(table).get(Side.BOX), grants_on(table).get(Side.COUNT))}.isdisjoint(
        {*ROLL, "cast_ballot", "spent_credential", "ballot"}
    )


@pytest.mark.parametrize(
    ("side", "statement"),
    [
        *((Side.REGISTRAR, f"SELECT {columns} FROM box.cast_ballot") for columns in ("count(*)", "leaf_hash", "entry", "xmin", "ctid")),
        *((Side.REGISTRAR, f"SELECT {columns} FROM box.ballot") for columns in ("content", "opening", "xmin")),
        (Side.REGISTRAR, "SELECT entry FROM log.log_leaf"),
        (Side.REGISTRAR, "SELECT xmin FROM box.spent_credential"), (Side.REGISTRAR, "SELECT ctid FROM box.spent_credential"),
        (Side.REGISTRAR, "DELETE FROM box.spent_credential"), (Side.REGISTRAR, "UPDATE box.ballot_box SET closed = true"),
        *((side, f"SELECT 1 FROM registrar.{table}") for side in (Side.BOX, Side.LOG) for table in SCHEMAS["registrar"]),
        *((Side.COUNT, f"SELECT 1 FROM registrar.{table}") for table in SCHEMAS["registrar"] if table != "roll_line"),
        *((Side.COUNT, f"SELECT {column} FROM registrar.roll_line") for column in ("public_id", "name", "email", "birth_date", "xmin")),
        *((side, f"SELECT 1 FROM {table}") for side in (Side.BOX, Side.LOG) for table in ("account", "sign_in", "outgoing_mail")),
        (Side.BOX, "DELETE FROM box.cast_ballot"), (Side.BOX, "UPDATE box.cast_ballot SET entry = NULL"),
        (Side.BOX, "SELECT 1 FROM box.ballot"), (Side.COUNT, "SELECT entry FROM box.cast_ballot"),
        (Side.COUNT, "SELECT mark FROM box.spent_credential"), (Side.BOX, "SELECT box.sort_file('cast_ballot')"),
        (Side.REGISTRAR, "DELETE FROM box.ballot"),
        *((side, "SELECT box.take_out_paper(1, 1)") for side in Side if side is not Side.REGISTRAR),
    ],
)  # fmt: skip
def test_permission_is_denied(engine: Engine, side: Side, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session(engine, writing=True, side=side) as db:
        db.execute(text(statement))


def test_an_account_that_takes_no_role_can_read_nothing(engine: Engine) -> None:
    for table in TABLE_NAMES:
        place = f'{HOMES.get(table, "public")}."{table}"'
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(f"SELECT 1 FROM {place}"))


def test_after_the_roles_the_models_still_equal_the_tables(owner: Engine) -> None:
    with owner.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata) == []
        for schema, tables in SCHEMAS.items():
            assert set(inspect(connection).get_table_names(schema=schema)) == set(tables)


def test_made_again_nothing_changes_and_what_was_widened_is_taken_back(owner: Engine) -> None:
    role = role_name(owner.url, Side.REGISTRAR)
    with owner.begin() as connection:
        connection.execute(text(f'GRANT SELECT ON box.cast_ballot TO "{role}"'))
        connection.execute(text(f'GRANT SELECT (entry) ON log.log_leaf TO "{role}"'))
    told = [str(one) for one in make_roles(owner)]
    assert not any("made" in one for one in told)
    with owner.connect() as connection:
        assert _may(connection, role, "cast_ballot", "SELECT") == set()
        assert _may(connection, role, "log_leaf", "SELECT") == {"log_id", "place", "hash"}
    assert are_made(owner)


def test_sqlite_is_refused_with_a_sentence() -> None:
    lonely = make_engine("sqlite:///:memory:")
    with pytest.raises(Refused) as refused:
        make_roles(lonely)
    assert refused.value.message == NO_ROLES
    assert not are_made(lonely)
    with pytest.raises(ValueError, match="SQLite has no roles"):
        make_engine("sqlite:///:memory:", sides=list(Side))
