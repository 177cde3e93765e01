"""A city with its case officer: files handed in, admitted and refused, in the test's database."""

from typing import Any

from app.core.permissions import Role
from app.editions.models import Edition
from app.review import service
from app.review.queries import find_file
from app.unit import work
from tests.cast import Cast
from tests.review.desk import EMERGENCY, checked, hand_in
from tests.review.test_deciding import form


class City:
    """Hands files in and decides on them; each act commits."""

    def __init__(self, cast: Cast, edition: Edition) -> None:
        self.cast, self.edition = cast, edition
        self.officer = cast.official(Role.CASE_OFFICER)

    def file(self, key: str = "P01", **overrides: Any) -> str:
        """A file of the demonstration, submitted: its public id."""
        with work(self.cast.engine, now=self.cast.clock.now) as unit:
            return hand_in(unit, self.edition, key, **overrides).public_id

    def decided(self, key: str = "P01", outcome: str = "admissible", **values: Any) -> str:
        """A file with a decision of the case officer."""
        with work(self.cast.engine, now=self.cast.clock.now) as unit:
            proposal = hand_in(unit, self.edition, key)
            service.decide(unit, proposal, form(unit, proposal, outcome, **values), by=self.officer)
            return proposal.public_id

    def refused(self, key: str = EMERGENCY) -> str:
        """A file refused as emergency aid, its reason holding a tag."""
        return self.decided(key, "inadmissible", reason="Le projet relève de l'aide <b>d'urgence</b>.", redirect="emergency_fund")

    def checked(self, public_id: str) -> None:
        """Do every check before the ballot on a file."""
        with work(self.cast.engine, now=self.cast.clock.now) as unit:
            checked(unit, find_file(unit, public_id))
