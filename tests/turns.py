"""Taking turns: the cast writes in transactions of its own, so a test that writes too lets go of the writer's lock first."""

from typing import Any

from app.unit import Work
from tests.cast import Cast


class TakingTurns:
    """The cast, each of whose acts first commits what the test has written."""

    def __init__(self, cast: Cast, unit: Work) -> None:
        self._cast, self._unit = cast, unit

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cast, name)
        self._unit.db.commit()
        return found
