"""On SQLite no row of a ballot, of a mark or of a leaf bears a number that says when it came."""

from sqlalchemy import Engine, bindparam, text

NAMES = ("spent_credential", "cast_ballot", "ballot", "log_leaf", "log_node")


def test_ballots_marks_and_leaves_have_no_row_number(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return  # there it is the closing that forgets the order: tests/voting/test_linking.py
    question = text("SELECT name, wr FROM pragma_table_list WHERE name IN :names").bindparams(bindparam("names", NAMES, expanding=True))
    with engine.connect() as connection:
        assert set(connection.execute(question).all()) == {(name, 1) for name in NAMES}
