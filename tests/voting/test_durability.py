"""Nothing is frozen on a database that may lose a confirmed ballot (T04)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from app.core.problems import Refused
from app.database import make_engine
from app.voting import durability
from app.voting.durability import durability_faults
from tests.cast import Cast
from tests.conftest import Clock
from tests.polls.stage import open_vote


def settings_named(connection: Connection) -> list[str]:
    return [str(fault.values["name"]) for fault in durability_faults(connection)]


def test_our_own_settings_lose_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        assert durability_faults(connection) == []


def test_each_pragma_that_loses_ballots_is_named(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/loose.db")
    loose = {"synchronous": "NORMAL", "foreign_keys": "OFF", "busy_timeout": "4999", "journal_mode": "DELETE"}
    with engine.connect() as connection:
        driven = connection.connection.driver_connection
        assert driven is not None
        connection.rollback()
        for name, value in loose.items():
            driven.execute(f"PRAGMA {name}={value}")
        assert sorted(settings_named(connection)) == sorted(loose)
    engine.dispose()


@pytest.fixture
def postgres(_postgres_url: str) -> Iterator[Engine]:
    made = make_engine(_postgres_url)
    yield made
    made.dispose()


def test_each_setting_of_postgresql_that_loses_ballots_is_named(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.connect() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        assert settings_named(connection) == ["synchronous_commit"]
        connection.rollback()
        monkeypatch.setattr(durability, "SAFE", dict.fromkeys(durability.SAFE, ("impossible",)))
        assert settings_named(connection) == ["fsync", "full_page_writes", "synchronous_commit"]


def test_a_vote_is_not_frozen_on_such_a_database(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durability, "SAFE", {"fsync": ("impossible",)})
    monkeypatch.setattr(durability, "PATIENCE_MS", 10**9)
    with pytest.raises(Refused, match="could be lost"):
        open_vote(cast)
    monkeypatch.undo()
