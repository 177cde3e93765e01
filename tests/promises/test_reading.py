"""No state changes on GET: a page that is asked for reads, and the database itself would refuse it anything else."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event

from tests.cast import Cast
from tests.promises.places import settle

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")


def test_no_address_that_is_asked_for_writes_anything(app: FastAPI, client: TestClient, cast: Cast, engine: Engine) -> None:
    """Every GET, in an edition full of files and in one where nothing was ever done, by somebody who may see all of it."""
    places = settle(cast)
    cast.sign_in(client, places.official)
    written: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(WRITES) or "FOR UPDATE" in statement:
            written.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answers = {path: client.get(path) for path in places.addresses(app, "GET")}
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert {path: answer.text[:300] for path, answer in answers.items() if answer.status_code >= 500} == {}
    assert written == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > 60, "most pages are there to be read"
