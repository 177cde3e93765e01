"""An edition whose vote is over: the demonstration's projects and 600 ballots, ready to be counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from app.accounts.people import Person
from app.core.calendar import PhaseKind
from app.core.envelope import Envelope, Fixed
from app.core.forms import read
from app.core.permissions import Role
from app.editions.models import Edition
from app.editions.queries import calendar_of
from app.polls import service as polls
from app.polls.forms import PollForm
from app.results import service as results
from app.results.forms import PublicationForm
from app.results.models import Publication
from app.unit import Work
from app.voting.archive import pour
from app.voting.models import Box
from tests.cast import Cast
from tests.core.rennes import demonstration
from tests.review.desk import hand_in

SOURCE = "Tirage du Loto du 12 juin, dans l'ordre des boules"
GREEDY = {"style": "approval", "min_choices": "3", "max_choices": "6", "rule": "greedy_skip", "tie_first": "cheaper", "draw_source": SOURCE}
ALL = tuple(one["id"] for one in demonstration()["projects"])


class City:
    """Officials, and an edition whose vote ended yesterday, or `back` days earlier. `id_of`: key of the data -> id on the ballot."""

    def __init__(
        self,
        unit: Work,
        cast: Cast,
        *,
        euros: int = 230_890,
        keys: Iterable[str] = ALL,
        slug: str = "rennes-2027",
        back: int = 0,
        **poll: Any,
    ) -> None:
        self.unit = unit
        unit.db.commit()  # the cast opens transactions of its own, and SQLite has one writer
        self.publisher, self.bureau = person(cast, Role.PUBLISHER), person(cast, Role.BUREAU_MEMBER)
        self.colleague = cast.official(Role.PUBLISHER, email="colleague@example.org", name="Another publisher")
        envelope = Envelope(terms=(Fixed(label="Dotation", cents=euros * 100),))
        self.edition = cast.edition(unit.now - timedelta(days=199 + back), slug=slug, envelope=envelope)
        self.keys = tuple(keys)
        files = {key: hand_in(unit, self.edition, key) for key in self.keys}
        for file in files.values():
            file.state = "on_ballot"
        self.id_of = {key: file.public_id for key, file in files.items()}
        opens = calendar_of(unit, self.edition).window(PhaseKind.voting)
        assert opens is not None
        self.opens, self.closes = opens.opens, opens.closes
        before = Work(unit.db, opens.opens - timedelta(days=1))
        self.poll = polls.fix(before, self.edition, read(PollForm, GREEDY | poll), by=self.publisher)
        unit.db.get_one(Box, self.edition.id).opened = True  # its ballots come from elsewhere: nothing here was ever sealed
        unit.db.flush()

    def fill(self, ballots: Iterable[Iterable[str]]) -> None:
        """Put these ballots (keys of the data) into the box."""
        pour(self.unit, self.edition.id or 0, [([self.id_of[key] for key in ballot], True) for ballot in ballots], origin="test")

    def publish(self, count: int, reserve: int = 0) -> Publication:
        """Publish a count as two publishers do: one proposes, the other confirms."""
        form = PublicationForm(count=count, reserve=reserve)
        motion = results.propose_publication(self.unit, self.edition, form, by=self.publisher)
        return results.confirm_publication(self.unit, self.edition, motion, by=self.colleague)

    def keys_of(self, ids: Iterable[str]) -> list[str]:
        """Identifiers of the ballot as keys of the data, sorted."""
        by_id = {id: key for key, id in self.id_of.items()}
        return sorted(by_id[id] for id in ids)


def person(cast: Cast, role: Role) -> Person:
    """One of the city's people with this role."""
    return cast.official(role, email=f"{role.value.replace('_', '-')}@example.org", name=f"Official {role.value}")


def sample() -> list[list[str]]:
    """The 600 ballots of the demonstration."""
    return [list(one["choices"]) for one in demonstration()["sample_ballots"]]


def edition_of(city: City) -> Edition:
    """The edition, read again."""
    return city.unit.db.get_one(Edition, city.edition.id)
