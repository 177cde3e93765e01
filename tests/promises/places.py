"""Real addresses for every route: a city with files at each step, so that pages have something to show."""

import re
from dataclasses import dataclass

from fastapi import FastAPI
from sqlmodel import select

from app.accounts.people import Person
from app.core.eligibility import Rulebook
from app.core.messages import Localised
from app.core.permissions import Role
from app.editions.models import Edition
from app.electorate.forms import CodeBatchForm
from app.organisations.models import Organisation
from app.polls.register_changes import propose_batch
from app.unit import work
from tests.calendars import DAYS
from tests.cast import Cast
from tests.promises.test_forgery import routes_of_templates
from tests.review.city import City
from tests.review.desk import EMERGENCY

NOTHING = {"envelope": None, "rulebook": Rulebook(), "themes": [], "redirects": [], "introduction": Localised()}
"""What an edition holds that was started from nothing."""


@dataclass(frozen=True)
class Places:
    """What stands in the city: its people, and the parts from which its addresses are made."""

    carrier: Person
    official: Person
    edition: Edition
    drafted: str
    waiting: str
    admitted: str
    refused: str
    organisation: str
    motion: str

    def fill(self, path: str) -> list[str]:
        """The real addresses behind the path of a route; a name of which there is none here becomes "1"."""
        files = (self.drafted, self.waiting, self.admitted, self.refused)
        own = {"/staff/programmes": ("rennes-solidarite",), "/organisations": (self.organisation,)}
        slugs = next((value for start, value in own.items() if path.startswith(start)), (self.edition.slug, "bare"))
        names = {"section": "project", "which": "log", "key": self.edition.rulebook.rules[0].key, "motion": self.motion}
        names |= {"kind": "projects"}
        names["account_id"] = str(self.carrier.id)
        several = files if "{public_id}" in path else slugs if "{slug}" in path else ("1",)

        def filled(one: str) -> str:
            return re.sub(r"\{(\w+)[^}]*\}", lambda found: one if found[1] in ("public_id", "slug") else names.get(found[1], "1"), path)

        return [filled(one) for one in several]

    def addresses(self, app: FastAPI, method: str) -> list[str]:
        """Every address that answers a method."""
        return sorted({one for path, methods in routes_of_templates(app) if method in methods for one in self.fill(path)})


def settle(cast: Cast) -> Places:
    """Make the city: an official with every role, a carrier with a draft, files waiting, admitted and refused."""
    edition = cast.edition()
    cast.edition(slug="bare", published=False, phases=dict.fromkeys(DAYS), **NOTHING)
    city, carrier = City(cast, edition), cast.person()
    drafted = cast.draft(carrier, edition).public_id
    official = cast.official(*Role, email="all@example.org", name="Amélie")
    with work(cast.engine, now=cast.clock.now) as unit:
        organisation = unit.db.exec(select(Organisation.slug)).one()
        motion = propose_batch(unit, unit.db.get_one(Edition, edition.id), CodeBatchForm(label="École Liberté", size=3), by=official)
    return Places(
        carrier=carrier,
        official=official,
        edition=edition,
        drafted=drafted,
        waiting=city.file("P02", member=carrier.id),
        admitted=city.decided("P01"),
        refused=city.decided(EMERGENCY, "inadmissible", reason="Aide d’urgence.", redirect="emergency_fund"),
        organisation=organisation,
        motion=motion.public_id,
    )
