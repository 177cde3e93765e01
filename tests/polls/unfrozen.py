"""A vote that is set up and waits for its freeze: projects on its ballot, the poll fixed, opening in five days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.core.forms import read
from app.core.permissions import Role
from app.editions.models import Edition
from app.polls import service as polls
from app.polls.forms import PollForm
from app.unit import work
from tests.cast import Cast
from tests.polls.stage import FORM, edition_with_projects

DAY = timedelta(days=1)


def unfrozen_vote(cast: Cast, opens: datetime | None = None, closes: datetime | None = None, **phases: Any) -> Edition:
    """The edition, its vote from `opens` (in five days) to `closes` (ten days later); other phases by name."""
    publisher = cast.person("pauline@example.org", "Pauline Hamon", [Role.PUBLISHER])
    opens = opens or cast.clock.now + 5 * DAY
    edition = edition_with_projects(cast, voting=(opens, closes or opens + 10 * DAY), **phases)
    with work(cast.engine, now=cast.clock.now) as unit:
        polls.fix(unit, unit.db.get_one(Edition, edition.id), read(PollForm, FORM), by=publisher)
    return edition
