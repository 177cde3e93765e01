"""The commands that bring up a real installation: the first administrator, and roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.cli import main
from app.settings import settings
from tests.cast import PASSWORD, Cast


@pytest.fixture(autouse=True)
def _database_of_the_test(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["user", *words], input=typed)
    return result.exit_code, result.output


def test_the_first_administrator_is_made_on_the_command_line(cast: Cast, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    status, words = run("add", "Amelie@example.org", "--name", "Amélie", "--role", "administrator", "--password-file", str(secret))
    assert (status, "/sign-in" in words) == (0, True)
    assert cast.person("amelie@example.org").roles == {"administrator"}


def test_the_password_is_asked_for_twice_and_may_not_be_weak(cast: Cast) -> None:
    assert run("add", "a@example.org", "--name", "A", "--role", "observer", typed=f"{PASSWORD}\n{PASSWORD}\n")[0] == 0
    status, words = run("add", "b@example.org", "--name", "B", "--role", "observer", typed="court\ncourt\n")
    assert (status, "12 characters" in words) == (1, True)


def test_an_unknown_address_or_role_is_said_clearly(cast: Cast) -> None:
    cast.person("paul@example.org", "Paul")
    status, words = run("grant-role", "nobody@example.org", "publisher")
    assert (status, "no account with the address nobody@example.org" in words) == (1, True)
    status, words = run("grant-role", "paul@example.org", "king")
    assert (status, "administrator, case_officer" in words) == (1, True)
    assert run("grant-role", "paul@example.org", "publisher")[0] == 0
    assert cast.person("paul@example.org").roles == {"publisher"}
