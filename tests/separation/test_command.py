"""`quotepart roles`, as it is typed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.cli import main as cli
from app.settings import settings


def _run(monkeypatch: pytest.MonkeyPatch, url: str, *words: str) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    told = CliRunner().invoke(cli, list(words))
    monkeypatch.undo()
    settings.cache_clear()
    return told.exit_code, told.output


def test_the_command_says_what_each_role_is_for(owner: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    code, told = _run(monkeypatch, url, "roles")
    assert code == 0
    assert f"{owner.url.database}_count: opening the box and counting." in told
    assert _run(monkeypatch, url, "migrate")[0] == 0


def test_on_sqlite_the_command_changes_nothing_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = _run(monkeypatch, f"sqlite:///{tmp_path}/city.db", "roles")
    assert (code, "SQLite knows no roles" in told) == (1, True)
