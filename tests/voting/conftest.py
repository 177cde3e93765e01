"""An open vote for every test of the box; the database's clock stands where the test's clock does."""

import pytest

from tests.cast import Cast
from tests.conftest import Clock
from tests.voting.poll import OpenPoll


@pytest.fixture
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    """The clock of the database, to be set by the test; the application's own stays where it is."""
    told = Clock(clock.now)
    monkeypatch.setattr("app.voting.clock.told", lambda: told.now)
    return told


@pytest.fixture
def poll(cast: Cast, clock: Clock, database_clock: Clock) -> OpenPoll:
    return OpenPoll(cast, clock.now)
