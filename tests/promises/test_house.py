"""The house keeps its shape: imports, sizes, clock and dice, no table in a route's signature, no excuse left behind."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel

from app.http.audience import api_routes, check_audiences
from app.settings import ROOT

APP = sorted((ROOT / "app").rglob("*.py"))
TREE = APP + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "tools").rglob("*.py"))


@pytest.fixture
def app(own_app: FastAPI) -> FastAPI:
    """A route is added below, so the application is not one that other tests use."""
    return own_app


def test_imports_only_point_down_the_civic_order() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-1000:]


@pytest.mark.parametrize("path", TREE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_nobody_but_unit_reads_the_clock_or_throws_dice() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(|\brandom\.|\bsecrets\.|uuid4\(")
    guilty = [str(path.relative_to(ROOT)) for path in APP if path.name != "unit.py" and pattern.search(path.read_text())]
    assert guilty == []


def test_no_import_hides_inside_a_function() -> None:
    guilty = []
    for path in APP:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                guilty += [f"{path.name}:{inner.lineno}" for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
    assert guilty == []


def test_no_query_is_written_as_text() -> None:
    """N17: no text() and no f-string ever reaches the database as SQL (the pragmas of database.py hold no visitor's word)."""
    guilty = []
    for path in APP:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("sqlalchemy")
                and any(name.name == "text" for name in node.names)
            ):
                guilty.append(str(path))
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") in {"exec_driver_sql", "text"}
                and "database.py" not in path.name
            ):
                guilty.append(str(path))
    assert guilty == []


def test_every_module_says_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in APP if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|pragma: no cover")
    guilty = [str(path.relative_to(ROOT)) for path in APP if pattern.search(path.read_text())]
    assert guilty == []


def test_each_route_declares_its_audience(app: FastAPI) -> None:
    check_audiences(app)


def test_an_application_with_an_undeclared_route_refuses_to_start(app: FastAPI) -> None:
    app.add_api_route("/undeclared", lambda: "hello")
    with pytest.raises(RuntimeError, match="/undeclared"):
        check_audiences(app)


def test_there_are_routes_to_check(app: FastAPI) -> None:
    assert len(api_routes(app)) > 60


def test_no_table_is_a_request_body_or_an_answer(app: FastAPI) -> None:
    """N09: table models do not validate and would take an id or a role from outside."""
    for path, route in api_routes(app):
        shapes = [field.field_info.annotation for field in route.dependant.body_params] + [route.response_model]
        tables = [shape for shape in shapes if isinstance(shape, type) and issubclass(shape, SQLModel) and hasattr(shape, "__table__")]
        assert tables == [], path


def test_nothing_but_get_and_post_is_answered(app: FastAPI) -> None:
    """Actions are nouns that are posted to; a browser without script knows these two methods only."""
    assert all(set(route.methods or ()) <= {"GET", "HEAD", "POST"} for _, route in api_routes(app))


def test_a_page_that_does_not_ask_who_is_there_cannot_read_the_session() -> None:
    """N14: the one way to the session's cookie is `http/identity.py`; the preferences of everyone are read in `http/language.py`."""
    readers = {str(path.relative_to(ROOT)) for path in APP if re.search(r"\.cookies\b", path.read_text())}
    assert readers <= {"app/http/identity.py", "app/http/language.py"}
