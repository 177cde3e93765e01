"""`quotepart table`: looked at without --apply, applied with it, and every fault on the error output."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import CliRunner, Result

from app.cli import main
from app.organisations.models import Organisation
from app.settings import settings
from app.unit import work
from tests.cast import Cast
from tests.exchange.tables import ORGANISATION, as_csv, rows_in


@pytest.fixture
def city(cast: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    cast.edition()
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    settings.cache_clear()
    return engine


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["table", *words])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_table_is_looked_at_then_applied_then_taken_out(city: Engine, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    file.write_bytes(as_csv([ORGANISATION]))
    looked = run("import", "rennes-2027", "organisations", str(file))
    assert looked.exit_code == 0, looked.output
    assert "1 row is new." in looked.output
    assert "Nothing was changed." in looked.output
    with work(city) as unit:
        assert unit.db.exec(select(Organisation)).all() == []
    assert "Applied." in run("import", "rennes-2027", "organisations", str(file), "--apply").output
    cast.submitted()
    out = tmp_path / "out.csv"
    assert run("export", "rennes-2027", "projects", str(out)).exit_code == 0
    assert len(rows_in(out.read_bytes())) == 1
    settings.cache_clear()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_faults_and_files_that_are_not_there_end_with_status_1(city: Engine, tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    file.write_bytes(as_csv([ORGANISATION | {"siret": "1"}]))
    wrong = run("import", "rennes-2027", "organisations", str(file), "--apply")
    assert wrong.exit_code == 1
    assert "Row 2, column siret: A SIRET number has 14 digits" in wrong.output
    assert run("import", "rennes-2027", "organisations", str(tmp_path / "none.csv")).exit_code == 1
    assert run("import", "nowhere", "organisations", str(file)).exit_code == 1
    settings.cache_clear()
