"""`quotepart roles`: schemas and roles in PostgreSQL, made once and made anew after each migration, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import DDL, Connection, Engine, column, func, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from app.core.messages import Message, say
from app.core.problems import Refused
from app.core.sides import SIDE_LABELS, Side
from app.database import role_name
from app.separation.grants import ENTERED, SCHEMAS, columns_in, grants_on

NO_ROLES = say(
    "SQLite knows no roles: whoever can read its file can read all of it. Nothing was changed. Separation needs PostgreSQL; see "
    "docs/operations.md."
)
_roles = table("pg_roles", column("rolname"), column("rolsuper"))
WAITING = """CREATE OR REPLACE FUNCTION box.ballots_waiting(edition integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT count(*) FROM box.cast_ballot WHERE edition_id = edition AND entry IS NOT NULL $$"""
"""How many ballots wait, for those who must know it and may not look at them."""
SORT = """CREATE OR REPLACE FUNCTION box.sort_file(wanted text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN
  CASE wanted
    WHEN 'spent_credential' THEN CLUSTER box.spent_credential USING pk_spent_credential;
    WHEN 'cast_ballot' THEN CLUSTER box.cast_ballot USING pk_cast_ballot;
  END CASE;
END $$"""
"""Writing a table's file anew is for its owner alone, so the log's side asks for it through this."""

TAKE_OUT = """CREATE OR REPLACE FUNCTION box.take_out_paper(of_lot integer, wanted integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN
  DELETE FROM box.ballot AS one USING box.paper_lot AS lot, box.ballot_box AS held
    WHERE one.lot_id = of_lot AND one.serial = wanted AND one.channel = 'paper'
      AND lot.id = one.lot_id AND NOT lot.closed AND held.edition_id = lot.edition_id AND NOT held.opened;
  RETURN FOUND;
END $$"""
"""A paper ballot leaves its lot while that is open: the desk may delete no ballot, so it asks for it through this."""


def are_made(engine: Engine) -> bool:
    """Whether this database has its roles."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return _known(connection) == set(_names(engine).values())


def make_roles(engine: Engine) -> list[Message]:
    """Make what is missing, put every table where it belongs and every right as `grants` says; returns what was done, in sentences.

    Asked for again, it changes nothing that is right. Raises Refused on SQLite, and where the account may not make roles.
    """
    if engine.dialect.name != "postgresql":
        raise Refused(NO_ROLES)
    try:
        with engine.begin() as connection:
            told = [*_make_missing(connection), *_move_tables(connection)]
            _say_where(connection)
            _grant_everything(connection)
    except DBAPIError as error:
        raise Refused(_why(error)) from None
    told.append(_let_see_sessions(engine))
    engine.dispose()  # connections made before would look for the tables where they were
    told += [say("%(role)s: %(what)s.", role=name, what=SIDE_LABELS[side]) for side, name in _names(engine).items()]
    return [*told, say("Now restart every process, with QUOTEPART_DATABASE_ROLES set for each: see docs/operations.md.")]


def _names(engine: Engine) -> dict[Side, str]:
    return {side: role_name(engine.url, side) for side in Side}


def _known(connection: Connection) -> set[str]:
    names = list(_names(connection.engine).values())
    return set(connection.execute(select(_roles.c.rolname).where(_roles.c.rolname.in_(names))).scalars())


def _do(connection: Connection, statement: str, **names: str) -> None:
    """Execute a statement with these names in it, each quoted."""
    quoted = {key: connection.dialect.identifier_preparer.quote_identifier(name) for key, name in names.items()}
    connection.execute(DDL(statement, context=quoted))  # type: ignore[no-untyped-call]


def _make_missing(connection: Connection) -> Iterable[Message]:
    known, alone = _known(connection), _is_superuser(connection)
    for name in _names(connection.engine).values():
        if name not in known:
            _do(connection, "CREATE ROLE %(role)s NOLOGIN NOINHERIT", role=name)
            yield say("Role %(role)s: made.", role=name)
        if not alone:
            _do(connection, "GRANT %(role)s TO CURRENT_USER", role=name)
    for schema in SCHEMAS:
        _do(connection, "CREATE SCHEMA IF NOT EXISTS %(schema)s", schema=schema)


def _is_superuser(connection: Connection) -> bool:
    return bool(connection.execute(select(_roles.c.rolsuper).where(_roles.c.rolname == func.current_user())).scalar())


def _move_tables(connection: Connection) -> Iterable[Message]:
    here = set(inspect(connection).get_table_names(schema="public"))
    for schema, tables in SCHEMAS.items():
        moved = [name for name in tables if name in here]
        for name in moved:
            _do(connection, "ALTER TABLE public.%(table)s SET SCHEMA %(schema)s", table=name, schema=schema)
        if moved:
            yield say("Schema %(schema)s: %(tables)s.", schema=schema, tables=tuple(moved))


def _say_where(connection: Connection) -> None:
    """Let every statement and every migration find the tables by their bare names, as before."""
    path = "ALTER DATABASE %(database)s SET search_path = public, registrar, box, log"
    _do(connection, path, database=connection.execute(select(func.current_database())).scalar_one())
    _do(connection, "SET LOCAL search_path = public, registrar, box, log")


def _grant_everything(connection: Connection) -> None:
    names = _names(connection.engine)
    homes = {name: schema for schema, tables in SCHEMAS.items() for name in tables}
    _do(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for side, role in names.items():
        for schema in ("public", *SCHEMAS):
            _do(connection, "REVOKE ALL ON ALL TABLES IN SCHEMA %(schema)s FROM %(role)s, PUBLIC", schema=schema, role=role)
            _do(connection, "REVOKE ALL ON ALL SEQUENCES IN SCHEMA %(schema)s FROM %(role)s, PUBLIC", schema=schema, role=role)
            _do(connection, "REVOKE ALL ON SCHEMA %(schema)s FROM %(role)s", schema=schema, role=role)
            if side in ENTERED.get(schema, Side):
                _do(connection, "GRANT USAGE ON SCHEMA %(schema)s TO %(role)s", schema=schema, role=role)
        for one in SQLModel.metadata.sorted_tables:
            for grant in grants_on(one.name).get(side, ()):
                _grant(connection, grant, homes.get(one.name, "public"), one.name, role)
    _make_functions(connection, names)


def _grant(connection: Connection, grant: str, schema: str, name: str, role: str) -> None:
    """One grant on one table; who may add rows may also draw their numbers."""
    act, columns = columns_in(grant)
    places = {f"column{at}": one for at, one in enumerate(columns)}
    listed = f" ({', '.join(f'%({place})s' for place in places)})" if places else ""
    _do(connection, f"GRANT {act}{listed} ON %(schema)s.%(table)s TO %(role)s", schema=schema, table=name, role=role, **places)
    if act == "INSERT" and "id" in SQLModel.metadata.tables[name].c:
        numbers = connection.execute(select(func.pg_get_serial_sequence(f"{schema}.{name}", "id"))).scalar_one().rpartition(".")[2]
        _do(connection, "GRANT USAGE ON SEQUENCE %(schema)s.%(numbers)s TO %(role)s", schema=schema, numbers=numbers, role=role)


def _make_functions(connection: Connection, names: dict[Side, str]) -> None:
    for made, call, sides in (
        (WAITING, "box.ballots_waiting(integer)", tuple(Side)),
        (SORT, "box.sort_file(text)", (Side.LOG,)),
        (TAKE_OUT, "box.take_out_paper(integer, integer)", (Side.REGISTRAR,)),
    ):
        connection.execute(DDL(made.replace("%", "%%")))  # type: ignore[no-untyped-call]
        _do(connection, f"REVOKE ALL ON FUNCTION {call} FROM PUBLIC")
        for side in sides:
            _do(connection, f"GRANT EXECUTE ON FUNCTION {call} TO %(role)s", role=names[side])


def _let_see_sessions(engine: Engine) -> Message:
    """Before the files of a closed box are written anew, the log's side looks whether a session from before the closing is still there.

    It alone inherits, and nothing but this: since PostgreSQL 16 a grant itself says so, before that the role.
    """
    role = role_name(engine.url, Side.LOG)
    try:
        with engine.begin() as connection:
            _do(connection, "ALTER ROLE %(role)s INHERIT", role=role)
            _do(connection, "GRANT pg_read_all_stats TO %(role)s", role=role)
    except DBAPIError:
        return say(
            "Let a superuser run: GRANT pg_read_all_stats TO %(role)s. Until then no file is written anew after a closing.", role=role
        )
    return say("%(role)s may see which sessions are open (pg_read_all_stats).", role=role)


def _why(error: DBAPIError) -> Message:
    return say(
        "PostgreSQL refused, and nothing was changed: %(reason)s. Run this as the owner of the database, with the right CREATEROLE.",
        reason=str(error.orig).split("\n", 1)[0],
    )
